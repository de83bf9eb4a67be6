#pragma once
/// @file
/// The graph that autograd records: who was computed from whom. As indented text, and as a drawing for Graphviz.
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
/// All values behind a result in the order they were made: inputs before what is made of them, the result last.
struct Graph {
  std::vector<GraphNode> nodes;
};

/// Names for some values; the others go without.
using Names = std::vector<std::pair<std::string, byhand::Tensor>>;

/// Follows a result back to its leaves. Call it before backward(), which takes the graph apart; what it returns stays. Error when the
/// graph has more than 1000 values: nobody reads such a drawing.
Graph trace(const byhand::Tensor& result, const Names& names);

/// The graph as a tree, the result on top. A value used twice is written out once, then only named: "(see above)". A leaf that
/// backward() has reached shows its derivative.
std::string graph_text(const Graph& graph);

/// The graph as a Graphviz file: leaves as boxes, operations as ellipses, arrows in the direction of computing.
std::string graph_dot(const Graph& graph, const std::string& title);

}  // namespace tensors
