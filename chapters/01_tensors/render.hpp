#pragma once
/// @file
/// The one door to Graphviz's program `dot`.
#include <filesystem>
#include <string>

namespace tensors {

/// What a run of dot left.
struct DotRun {
  bool found = false;   ///< false when there is no such program; then nothing else is set
  std::string svg;      ///< the drawing; empty when dot failed
  std::string problem;  ///< why it failed, in one line
};

/// Turns a Graphviz file into an SVG, without dot's version in it. Never throws because of dot: a drawing is not worth a lesson.
DotRun run_dot(const std::string& source, const std::string& program = "dot");

/// Writes the source to `file` and says so: `graph: out/01_tensors/graph.dot`. The drawing goes beside it, as .svg; where there is no dot,
/// or it fails, one line on stderr says so instead.
void save_graph(const std::string& source, const std::filesystem::path& file, const std::string& program = "dot");

}  // namespace tensors
