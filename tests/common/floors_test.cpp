// The rule of the floors (docs/design.md): who may include what. And docs/README.md lists every header in an order in which it can be read.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "common/core/error.hpp"
#include "common/core/files.hpp"

using namespace byhand;

namespace {
namespace fs = std::filesystem;

const std::map<std::string, int> floors{{"core", 1}, {"tensor", 2}, {"autograd", 3}, {"nn", 4},    {"optim", 4},
                                        {"io", 4},   {"text", 4},   {"plot", 4},     {"train", 5}, {"app", 6}};
// What only one file may include, so that it can be exchanged, or costs its time to compile only once.
const std::vector<std::pair<std::string, std::string>> doors{{"xtensor/", "common/tensor/xtensor.hpp"},
                                                             {"xtensor-blas/", "common/tensor/matmul.cpp"},
                                                             {"omp.h", "common/core/parallel.cpp"},
                                                             {"CLI/", "common/app/options.cpp"}};

/// What a file includes, without the quotes or brackets.
std::vector<std::string> includes_of(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#include ", 0) == 0) found.push_back(line.substr(10, line.find_first_of(">\"", 10) - 10));
  }
  return found;
}

/// The name of the folder behind a start, or "": "nn" of "common/nn/layers.hpp" behind "common/".
std::string folder_behind(const std::string& start, const std::string& path) {
  return path.rfind(start, 0) == 0 ? path.substr(start.size(), path.find('/', start.size()) - start.size()) : "";
}

/// What is wrong with the includes of a file of the project; empty when nothing is.
std::string fault_of(const std::string& path, const std::string& text) {
  const std::string folder = folder_behind("common/", path), chapter = folder_behind("chapters/", path);
  if (!folder.empty() && !floors.count(folder)) return fmt::format("{}: on which floor is common/{}?", path, folder);
  if (!folder.empty() && path.ends_with(".hpp") && text.find(fmt::format("/// Floor {}. ", floors.at(folder))) == text.npos)
    return fmt::format("{}: does not say '/// Floor {}. '", path, floors.at(folder));
  for (const std::string& included : includes_of(text)) {
    for (const auto& [what, door] : doors)
      if (included.rfind(what, 0) == 0 && path != door) return fmt::format("{} includes {}: only {} may", path, included, door);
    const std::string below = folder_behind("common/", included), other = folder_behind("chapters/", included);
    if (!folder.empty() && !below.empty() && (!floors.count(below) || floors.at(below) > floors.at(folder)))
      return fmt::format("{} is on floor {} and includes {} of a floor above", path, floors.at(folder), included);
    if (!other.empty() && other != chapter) return fmt::format("{} includes {}: a chapter is used by nobody else", path, included);
  }
  return "";
}

}  // namespace

TEST_CASE("floors: a file includes its own floor and those below, a chapter includes common/ and itself") {
  std::size_t files = 0;
  for (const char* top : {"common", "chapters"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(project_dir() / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending != ".hpp" && ending != ".cpp") continue;
      ++files;
      const std::string fault = fault_of(fs::relative(entry.path(), project_dir()).generic_string(), read_file(entry.path()));
      CHECK_MESSAGE(fault.empty(), fault);
    }
  }
  CHECK(files >= 110);  // of common/ alone at the time of writing; an empty search must not pass
}

TEST_CASE("floors: docs/README.md lists every header of common/, each behind those it includes") {
  const std::string page = read_file(project_dir() / "docs/README.md");
  const auto place = [&](const std::string& header) { return page.find("\n| `" + header + "` |"); };
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(project_dir() / "common")) {
    if (entry.path().extension() != ".hpp") continue;
    const std::string header = fs::relative(entry.path(), project_dir()).generic_string();
    CHECK_MESSAGE(place(header) != page.npos, header, " has no row");
    for (const std::string& included : includes_of(read_file(entry.path()))) {
      if (!folder_behind("common/", included).empty()) CHECK_MESSAGE(place(included) < place(header), header, " comes before ", included);
    }
  }
}

TEST_CASE("floors: each kind of fault is named") {
  const std::string floor3 = "/// Floor 3. Words.\n";
  CHECK(fault_of("common/autograd/ops.hpp", floor3 + "#include \"common/tensor/array.hpp\"\n#include \"common/autograd/tensor.hpp\"\n") ==
        "");
  CHECK(fault_of("common/autograd/ops.hpp", floor3 + "#include \"common/nn/layers.hpp\"\n") ==
        "common/autograd/ops.hpp is on floor 3 and includes common/nn/layers.hpp of a floor above");
  CHECK(fault_of("common/autograd/ops.hpp", "/// Floor 2. Words.\n") == "common/autograd/ops.hpp: does not say '/// Floor 3. '");
  CHECK(fault_of("common/sound/wav.cpp", "") == "common/sound/wav.cpp: on which floor is common/sound?");
  CHECK(fault_of("chapters/08_lstm/main.cpp", "#include <xtensor/xview.hpp>\n") ==
        "chapters/08_lstm/main.cpp includes xtensor/xview.hpp: only common/tensor/xtensor.hpp may");
  CHECK(fault_of("chapters/08_lstm/main.cpp", "#include \"chapters/03_training/moons.hpp\"\n") ==
        "chapters/08_lstm/main.cpp includes chapters/03_training/moons.hpp: a chapter is used by nobody else");
  CHECK(fault_of("common/core/files.cpp", "#include \"chapters/03_training/moons.hpp\"\n") ==
        "common/core/files.cpp includes chapters/03_training/moons.hpp: a chapter is used by nobody else");
}
