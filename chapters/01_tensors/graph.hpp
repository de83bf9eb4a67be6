#pragma once
/// @file
/// The graph that autograd records: who was computed from whom. As indented text, and as a drawing
/// by Graphviz, whose program `dot` is called here and nowhere else.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace tensors {

/// One value of the graph. `inputs` are places in Graph::nodes.
struct GraphNode {
  std::string name, op;  ///< op is "leaf" for a value that was not computed
  byhand::Tensor tensor;
  std::vector<std::size_t> inputs;
};
/// All values behind a result in the order they were made: inputs before what is made of them, the
/// result last.
struct Graph {
  std::vector<GraphNode> nodes;
};

/// Names for some values; the others go without.
using Names = std::vector<std::pair<std::string, byhand::Tensor>>;

/// Follows a result back to its leaves. Call it before backward(), which takes the graph apart;
/// what it returns stays. Error when the graph has more than 1000 values: nobody reads such a
/// drawing.
Graph trace(const byhand::Tensor& result, const Names& names);

/// The graph as a tree, the result on top. A value used twice is written out once, then only named:
/// "(see above)". A leaf that backward() has reached shows its derivative.
std::string graph_text(const Graph& graph);

/// The graph as a Graphviz file: leaves as boxes, operations as ellipses, arrows in the direction
/// of computing.
std::string graph_dot(const Graph& graph, const std::string& title);

/// What a run of dot left.
struct DotRun {
  bool found = false;   ///< false when there is no such program; then nothing else is set
  std::string svg;      ///< the drawing; empty when dot failed
  std::string problem;  ///< why it failed, in one line
};

/// Turns a Graphviz file into an SVG, without dot's version in it. Never throws because of dot: a
/// drawing is not worth a lesson.
DotRun run_dot(const std::string& source, const std::string& program = "dot");

/// Writes the source to `file` and says so: `graph: out/01_tensors/graph.dot`. The drawing goes
/// beside it, as .svg; where there is no dot, or it fails, one line on stderr says so instead.
void save_graph(const std::string& source, const std::filesystem::path& file,
                const std::string& program = "dot");

}  // namespace tensors
