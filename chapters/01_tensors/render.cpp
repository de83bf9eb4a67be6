#include "chapters/01_tensors/render.hpp"

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/program.hpp"
#include "common/system/text.hpp"

namespace tensors {
using namespace byhand;
namespace {

/// dot says in comments which version it is and repeats what the drawing shows.
std::string without_comments(std::string svg) {
  for (std::size_t begin; (begin = svg.find("<!--")) != std::string::npos;) {
    const std::size_t end = svg.find("-->", begin);
    if (end == std::string::npos) break;
    svg.erase(begin, end + 3 - begin + (svg.compare(end + 3, 1, "\n") == 0 ? 1 : 0));
  }
  return svg;
}

}  // namespace

DotRun run_dot(const std::string& source, const std::string& program) {
  try {
    const ProgramRun run = run_program({program, "-Tsvg"}, source);
    if (!run.found) return {};
    if (run.exit_code != 0 || run.output.find("</svg>") == std::string::npos)
      return {true, "", fmt::format("{} failed: {}", program, run.errors.empty() ? "it said nothing" : one_line(run.errors))};
    return {true, without_comments(run.output), ""};
  } catch (const Error& error) {
    return {true, "", error.what()};
  }
}

void save_graph(const std::string& source, const std::filesystem::path& file, const std::string& program) {
  write_file(file, source);
  fmt::print("graph: {}\n", file.string());
  const DotRun run = run_dot(source, program);
  if (!run.svg.empty())
    write_file(std::filesystem::path(file).replace_extension(".svg"), run.svg);
  else
    fmt::print(stderr, "graph: not drawn: {}\n", run.found ? run.problem : "there is no program '" + program + "' (install graphviz)");
}

}  // namespace tensors
