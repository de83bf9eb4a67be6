// The rules of the house (docs/design.md): who may include what, and that every public name of common/ has a caller outside the tests.
// The rooms and their order stand in tests/tools/house.txt, whose budgets tests/tools/house.sh checks.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "common/core/error.hpp"
#include "common/system/files.hpp"

using namespace byhand;

namespace {
namespace fs = std::filesystem;

/// What house.txt says.
struct House {
  std::map<std::string, int> rank;             // of each room, from the bottom up
  std::map<std::string, std::string> circle;   // spine, fast or appliance
  std::map<std::string, std::string> waiting;  // a name without a caller, and the chapter that will call it
};

House read_house(const std::string& text) {
  House house;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, what, more;
    if (!(words >> name >> what) || name[0] == '#' || what == "sum" || what == "hour") continue;
    if (what == "waits") {
      words >> more;
      house.waiting[name] = more;
      continue;
    }
    check(!house.rank.count(name), "house.txt: two rooms '{}'", name);
    const int rank = int(house.rank.size()) + 1;
    house.rank[name] = rank;
    house.circle[name] = what;
  }
  return house;
}

const House& house() {
  static const House read = read_house(read_file(project_dir() / "tests/tools/house.txt"));
  return read;
}

// What only one file may include, so that it can be exchanged, or costs its time to compile only once.
const std::vector<std::pair<std::string, std::string>> doors{{"xtensor/", "common/tensor/xtensor.hpp"},
                                                             {"xtensor-blas/", "common/fast/kernels/gemm.cpp"},
                                                             {"omp.h", "common/system/parallel.cpp"},
                                                             {"CLI/", "tests/bench/main.cpp"}};

/// What a file includes, without the quotes or brackets.
std::vector<std::string> includes_of(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#include ", 0) == 0) found.push_back(line.substr(10, line.find_first_of(">\"", 10) - 10));
  }
  return found;
}

/// The folder of a file of common/ ("train/run" of common/train/run/progress.hpp), or "".
std::string room_of(const std::string& path) {
  const std::string start = "common/";
  return path.rfind(start, 0) == 0 ? fs::path(path.substr(start.size())).parent_path().generic_string() : "";
}

/// The chapter that a path leads to: "08_lstm" of chapters/08_lstm/main.cpp, or "".
std::string chapter_of(const std::string& path) {
  const std::string start = "chapters/";
  return path.rfind(start, 0) == 0 ? path.substr(start.size(), path.find('/', start.size()) - start.size()) : "";
}

/// How a header of a room begins: "/// Spine, autograd. ".
std::string opening(const std::string& room) {
  std::string circle = house().circle.at(room);
  circle[0] = char(std::toupper(circle[0]));
  return fmt::format("/// {}, {}. ", circle, room);
}

/// What is wrong with the includes of a file of the project; empty when nothing is.
std::string fault_of(const std::string& path, const std::string& text) {
  const std::map<std::string, int>& rank = house().rank;
  const std::string room = room_of(path), chapter = chapter_of(path);
  if (!room.empty() && !rank.count(room)) return fmt::format("{}: which room of house.txt is common/{}?", path, room);
  if (!room.empty() && path.ends_with(".hpp") && text.find(opening(room)) == text.npos)
    return fmt::format("{}: does not say '{}'", path, opening(room));
  for (const std::string& included : includes_of(text)) {
    for (const auto& [what, door] : doors)
      if (included.rfind(what, 0) == 0 && path != door) return fmt::format("{} includes {}: only {} may", path, included, door);
    const std::string below = room_of(included), other = chapter_of(included);
    if (!room.empty() && !below.empty() && (!rank.count(below) || rank.at(below) > rank.at(room)))
      return fmt::format("{} is in {} and includes {} of a room above", path, room, included);
    if (!other.empty() && other != chapter) return fmt::format("{} includes {}: a chapter is used by nobody else", path, included);
  }
  return "";
}

// ---- public names ----

/// A source without comments, strings, characters and preprocessor lines.
std::string bare(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line_start = out.empty() || out.back() == '\n';
    if (text.compare(i, 2, "//") == 0 || (line_start && text[i] == '#')) {
      while (i < text.size() && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
      out += '\n';
    } else if (text.compare(i, 2, "R\"") == 0) {
      const std::string end = ")" + text.substr(i + 2, text.find('(', i) - i - 2) + "\"";
      i = std::min(text.size(), text.find(end, i)) + end.size() - 1;
    } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !std::isdigit(static_cast<unsigned char>(text[i - 1]))))) {
      const char quote = text[i];
      for (++i; i < text.size() && text[i] != quote; ++i) i += text[i] == '\\';
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Names {
  std::vector<std::string> declared;  // public, outside function bodies
  std::set<std::string> used;         // anywhere but where they are declared or defined
};

const std::set<std::string>
    no_names{"if",      "for",      "while",         "switch",  "return",         "void", "operator", "const",  "noexcept",
             "alignas", "decltype", "class",         "default", "delete",         "int",  "bool",     "double", "auto",
             "sizeof",  "requires", "__attribute__", "asm",     "difference_type"};  // the last is asked for by std::ranges

/// Words of a statement.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = [&](std::size_t k) {
      return k < text.size() && (std::isalnum(static_cast<unsigned char>(text[k])) || text[k] == '_');
    };
    if (!letter(i)) {
      if (!std::isspace(static_cast<unsigned char>(text[i]))) words.emplace_back(1, text[i]);
      continue;
    }
    std::size_t end = i;
    while (letter(end)) ++end;
    words.push_back(text.substr(i, end - i));
    i = end - 1;
  }
  return words;
}

bool is_name(const std::string& word) {
  return (std::isalpha(static_cast<unsigned char>(word[0])) || word[0] == '_') && !no_names.count(word);
}

/// The place of the name that a statement at the scope of a namespace, class or enum declares; words.size() when it declares none.
std::size_t declared_place(const std::vector<std::string>& words, bool in_enum) {
  std::size_t i = 0;
  if (in_enum) return words.empty() ? words.size() : 0;
  if (i < words.size() && words[i] == "template") {
    int depth = 0;
    for (++i; i < words.size(); ++i) {
      depth += words[i] == "<" ? 1 : words[i] == ">" ? -1 : 0;
      if (depth == 0) break;
    }
    ++i;
  }
  while (i < words.size() && (words[i] == "inline" || words[i] == "static" || words[i] == "constexpr" || words[i] == "friend")) ++i;
  if (i >= words.size()) return words.size();
  if (words[i] == "enum" || words[i] == "class" || words[i] == "struct" || words[i] == "using" || words[i] == "namespace") {
    if (words[i] == "enum") ++i;
    if (i < words.size() && (words[i] == "class" || words[i] == "struct" || words[i] == "using")) ++i;
    if (i < words.size() && words[i] == "namespace") return words.size();
    return i;
  }
  int angle = 0;
  for (std::size_t k = i; k < words.size(); ++k) {
    angle += words[k] == "<" ? 1 : words[k] == ">" ? -1 : 0;
    if (angle > 0) continue;
    if (words[k] == "operator") return words.size();
    if (words[k] == "(") return k > i && is_name(words[k - 1]) && !(k > i + 1 && words[k - 2] == "~") ? k - 1 : words.size();
    if (words[k] == "=") return k > i && is_name(words[k - 1]) ? k - 1 : words.size();
  }
  return words.size();
}

Names names_of(const std::string& text) {
  Names names;
  struct Scope {
    enum Kind { open, body, list } kind;
    std::string type;
    bool is_public;
  };
  std::vector<Scope> scopes;
  std::string statement;
  const auto finish = [&](bool opens) {
    std::vector<std::string> words = words_of(statement);
    const bool inside_body = std::any_of(scopes.begin(), scopes.end(), [](const Scope& s) { return s.kind == Scope::body; });
    const bool in_enum = !scopes.empty() && scopes.back().kind == Scope::list;
    // "public:" and its like belong to what follows.
    while (words.size() >= 2 && words[1] == ":" && (words[0] == "public" || words[0] == "private" || words[0] == "protected")) {
      if (!scopes.empty()) scopes.back().is_public = words[0] == "public";
      words.erase(words.begin(), words.begin() + 2);
    }
    std::size_t place = words.size();
    if (!inside_body && !words.empty() && words[0] != "extern" && words[0].rfind("BYHAND_", 0) != 0) place = declared_place(words, in_enum);
    if (place < words.size()) {
      const bool hidden = std::any_of(scopes.begin(), scopes.end(), [](const Scope& s) { return !s.is_public; });
      const bool constructor = !scopes.empty() && words[place] == scopes.back().type;
      const bool member_of_other = place > 1 && words[place - 1] == ":" && words[place - 2] == ":";
      if (!hidden && !constructor && !member_of_other && words[place].size() > 1 && !no_names.count(words[place]))
        names.declared.push_back(words[place]);
    }
    for (std::size_t i = 0; i < words.size(); ++i)
      if (i != place) names.used.insert(words[i]);
    if (opens) {
      Scope scope{Scope::body, "", true};
      if (!inside_body && !words.empty()) {
        const auto has = [&](const char* word) { return std::find(words.begin(), words.end(), word) != words.end(); };
        const bool call = has("(");
        if (words[0] == "namespace" || words[0] == "extern") scope.kind = Scope::open, scope.is_public = words.size() > 1;
        if (words[0] == "enum") scope.kind = Scope::list;
        if (!call && (has("class") || has("struct")) && words[0] != "enum" && place < words.size())
          scope = {Scope::open, words[place], !has("class") || has("struct")};
      }
      scopes.push_back(scope);
    }
    statement.clear();
  };
  int round = 0;
  for (const char c : bare(text)) {
    round += c == '(' ? 1 : c == ')' ? -1 : 0;
    const bool in_enum = !scopes.empty() && scopes.back().kind == Scope::list;
    if (c == '{' && round == 0) {
      finish(true);
    } else if (c == '}' && round == 0) {
      finish(false);
      if (!scopes.empty()) scopes.pop_back();
    } else if ((c == ';' && round == 0) || (c == ',' && in_enum)) {
      finish(false);
    } else {
      statement += c;
    }
  }
  finish(false);
  return names;
}

std::vector<std::pair<std::string, std::string>> sources(std::initializer_list<const char*> tops) {
  std::vector<std::pair<std::string, std::string>> found;  // path, text
  for (const char* top : tops) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(project_dir() / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending == ".hpp" || ending == ".cpp")
        found.emplace_back(fs::relative(entry.path(), project_dir()).generic_string(), read_file(entry.path()));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("house: a file includes its own room and those below, a chapter includes common/ and itself") {
  const auto files = sources({"common", "chapters"});
  for (const auto& [path, text] : files) {
    const std::string fault = fault_of(path, text);
    CHECK_MESSAGE(fault.empty(), fault);
  }
  CHECK(files.size() >= 300);  // an empty search must not pass
}

TEST_CASE("house: docs/README.md lists every header of common/, each behind those it includes") {
  const std::string page = read_file(project_dir() / "docs/README.md");
  const auto place = [&](const std::string& header) { return page.find("\n| `" + header + "` |"); };
  for (const auto& file : sources({"common"})) {
    const std::string& path = file.first;
    if (!path.ends_with(".hpp")) continue;
    CHECK_MESSAGE(place(path) != page.npos, path, " has no row");
    for (const std::string& included : includes_of(file.second))
      if (!room_of(included).empty()) CHECK_MESSAGE(place(included) < place(path), path, " comes before ", included);
  }
}

TEST_CASE("house: every public name of common/ has a caller outside the tests, or waits for a chapter") {
  std::map<std::string, std::string> declared;  // name -> header
  std::set<std::string> used;
  for (const auto& [path, text] : sources({"common", "chapters", "tests/bench", "tests/tools", "tests/exercises"})) {
    const Names names = names_of(text);
    used.insert(names.used.begin(), names.used.end());
    if (path.rfind("common/", 0) == 0 && path.ends_with(".hpp"))
      for (const std::string& name : names.declared) declared.emplace(name, path);
  }
  CHECK(declared.size() > 500);
  for (const auto& declaration : declared) {
    const std::string &name = declaration.first, &header = declaration.second;
    if (used.count(name)) {
      CHECK_MESSAGE(!house().waiting.count(name), name, " of ", header, " has a caller now: take it out of house.txt");
    } else {
      CHECK_MESSAGE(house().waiting.count(name), name, " of ", header,
                    " is called by tests only: delete it, or say in house.txt for which chapter it waits");
    }
  }
  for (const auto& entry : house().waiting) {
    const std::string &name = entry.first, &chapter = entry.second;
    CHECK_MESSAGE(declared.count(name), name, " of house.txt is declared nowhere");
    CHECK_MESSAGE(!fs::exists(project_dir() / "chapters" / chapter / "main.cpp"), name, " waits for ", chapter, ", which is here");
  }
}

TEST_CASE("house: what names_of sees") {
  const Names names = names_of(R"(
    namespace a { enum class Kind { one, two };
    /// comment(x)
    struct Box : Base { explicit Box(int size); int area(int k = side()) const { return k * helper(k); }
     private: int secret(); };
    template <class F> Array map(const Array& x, F f);
    inline constexpr int limit = 3;
    std::string late(); }
    int Box::area2() { return late(); })");
  CHECK(names.declared == std::vector<std::string>{"Kind", "one", "two", "Box", "area", "map", "limit", "late"});
  CHECK(names.used.count("helper"));
  CHECK(names.used.count("side"));
  CHECK(names.used.count("late"));
  CHECK(!names.used.count("area"));
  CHECK(!names.used.count("comment"));
}

TEST_CASE("house: each kind of fault is named") {
  const std::string start = "/// Spine, autograd. Words.\n";
  CHECK(fault_of("common/autograd/ops.hpp", start + "#include \"common/tensor/array.hpp\"\n#include \"common/autograd/tensor.hpp\"\n") ==
        "");
  CHECK(fault_of("common/autograd/ops.hpp", start + "#include \"common/nn/layers.hpp\"\n") ==
        "common/autograd/ops.hpp is in autograd and includes common/nn/layers.hpp of a room above");
  CHECK(fault_of("common/autograd/ops.hpp", "/// Floor 2. Words.\n") == "common/autograd/ops.hpp: does not say '/// Spine, autograd. '");
  CHECK(fault_of("common/sound/wav.cpp", "") == "common/sound/wav.cpp: which room of house.txt is common/sound?");
  CHECK(fault_of("chapters/08_lstm/main.cpp", "#include <xtensor/xview.hpp>\n") ==
        "chapters/08_lstm/main.cpp includes xtensor/xview.hpp: only common/tensor/xtensor.hpp may");
  CHECK(fault_of("chapters/08_lstm/main.cpp", "#include \"chapters/03_training/moons.hpp\"\n") ==
        "chapters/08_lstm/main.cpp includes chapters/03_training/moons.hpp: a chapter is used by nobody else");
  CHECK(fault_of("common/system/files.cpp", "#include \"chapters/03_training/moons.hpp\"\n") ==
        "common/system/files.cpp includes chapters/03_training/moons.hpp: a chapter is used by nobody else");
}
