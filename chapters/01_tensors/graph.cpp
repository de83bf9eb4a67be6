#include "chapters/01_tensors/graph.hpp"

#include <map>

#include "common/autograd/node.hpp"
#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/program.hpp"
#include "common/system/text.hpp"

namespace tensors {
using namespace byhand;
namespace {

constexpr std::size_t most_nodes = 1000;

std::string shown(const Array& a) {
  return a.size() == 1 ? fmt::format("{:.4f}", *a.data()) : fmt::format("{}", a.shape());
}

/// "s = mul", "x", or "add" where there is no name.
std::string heading(const GraphNode& node) {
  if (node.op == "leaf") return node.name.empty() ? "constant" : node.name;
  return node.name.empty() ? node.op : node.name + " = " + node.op;
}

/// A text inside "…" of a dot file.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

/// dot says in comments which version it is and repeats what the drawing shows.
std::string without_comments(std::string svg) {
  for (std::size_t begin; (begin = svg.find("<!--")) != std::string::npos;) {
    const std::size_t end = svg.find("-->", begin);
    if (end == std::string::npos) break;
    svg.erase(begin, end + 3 - begin + (svg.compare(end + 3, 1, "\n") == 0 ? 1 : 0));
  }
  return svg;
}

class Tree {
 public:
  explicit Tree(const Graph& graph) : graph_(graph), written_(graph.nodes.size(), false) {}

  void write(std::size_t i, const std::string& first, const std::string& rest) {
    const GraphNode& node = graph_.nodes[i];
    text += first + heading(node) + "  " + shown(node.tensor.value());
    const bool again = written_[i] && !node.inputs.empty();
    if (node.tensor.has_grad() && node.op == "leaf")
      text += "  derivative " + shown(node.tensor.grad());
    text += again ? "  (see above)\n" : "\n";
    written_[i] = true;
    if (again) return;
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const bool last = k + 1 == node.inputs.size();
      write(node.inputs[k], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
    }
  }

  std::string text;

 private:
  const Graph& graph_;
  std::vector<bool> written_;
};

}  // namespace

Graph trace(const Tensor& result, const Names& names) {
  std::map<std::uint64_t, Tensor> found;  // by order of creation
  std::vector<Tensor> pending{result};
  while (!pending.empty()) {
    const Tensor t = pending.back();
    pending.pop_back();
    if (!found.emplace(t.node().id, t).second) continue;
    check(found.size() <= most_nodes, "graph: more than {} values, too many to draw", most_nodes);
    check(!t.node().freed,
          "graph: backward() has taken the graph behind '{}' apart; trace it before", t.node().op);
    for (const Tensor& input : t.node().inputs) pending.push_back(input);
  }
  Graph graph;
  std::map<std::uint64_t, std::size_t> place;
  for (const auto& [id, t] : found) {
    GraphNode node{"", t.node().op, t, {}};
    for (const auto& [name, named] : names)
      if (&named.node() == &t.node()) node.name = name;
    for (const Tensor& input : t.node().inputs) node.inputs.push_back(place.at(input.node().id));
    place[id] = graph.nodes.size();
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

std::string graph_text(const Graph& graph) {
  check(!graph.nodes.empty(), "graph: there is nothing in it");
  Tree tree(graph);
  tree.write(graph.nodes.size() - 1, "", "");
  return tree.text;
}

std::string graph_dot(const Graph& graph, const std::string& title) {
  std::string out =
      "digraph computation {\n  rankdir=LR;\n  labelloc=t;\n  fontname=\"sans-serif\";\n";
  out += fmt::format("  label=\"{}\";\n", escaped(title));
  out += "  node [fontname=\"sans-serif\" style=filled fillcolor=\"#ffffff\"];\n";
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    std::string label = escaped(heading(node)) + "\\n" + shown(node.tensor.value());
    const bool leaf = node.op == "leaf";
    if (leaf && node.tensor.has_grad()) label += "\\nderivative " + shown(node.tensor.grad());
    out += fmt::format("  n{} [label=\"{}\" shape={}{}];\n", i, label, leaf ? "box" : "ellipse",
                       leaf ? " fillcolor=\"#d6e8f5\"" : "");
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const std::size_t input : graph.nodes[i].inputs)
      out += fmt::format("  n{} -> n{};\n", input, i);
  return out + "}\n";
}

DotRun run_dot(const std::string& source, const std::string& program) {
  try {
    const ProgramRun run = run_program({program, "-Tsvg"}, source);
    if (!run.found) return {};
    if (run.exit_code != 0 || run.output.find("</svg>") == std::string::npos)
      return {true, "",
              fmt::format("{} failed: {}", program,
                          run.errors.empty() ? "it said nothing" : one_line(run.errors))};
    return {true, without_comments(run.output), ""};
  } catch (const Error& error) {
    return {true, "", error.what()};
  }
}

void save_graph(const std::string& source, const std::filesystem::path& file,
                const std::string& program) {
  write_file(file, source);
  fmt::print("graph: {}\n", file.string());
  const DotRun run = run_dot(source, program);
  if (!run.svg.empty())
    write_file(std::filesystem::path(file).replace_extension(".svg"), run.svg);
  else
    fmt::print(
        stderr, "graph: not drawn: {}\n",
        run.found ? run.problem : "there is no program '" + program + "' (install graphviz)");
}

}  // namespace tensors
