#include "common/autograd/tensor.hpp"

#include <algorithm>
#include <atomic>

#include "common/autograd/node.hpp"
#include "common/tensor/broadcast.hpp"

namespace byhand {
namespace {
thread_local bool recording = true;
// One count for all threads: a graph begun on one thread and finished on another is still in order.
std::atomic<std::uint64_t> next_id = 0, backward_calls = 0;
}  // namespace

NoGrad::NoGrad() : before_(recording) { recording = false; }
NoGrad::~NoGrad() { recording = before_; }
bool grad_enabled() { return recording; }

Node::Node() : id(next_id.fetch_add(1, std::memory_order_relaxed)) {}

Node::~Node() {
  // A long chain is unlinked in a loop: destroying it link by link would recurse as deep as the
  // chain is long.
  std::vector<Tensor> pending = std::move(inputs);
  while (!pending.empty()) {
    const std::shared_ptr<Node> node = std::move(pending.back().node_);
    pending.pop_back();
    if (node.use_count() == 1) {
      for (Tensor& input : node->inputs) pending.push_back(std::move(input));
      node->inputs.clear();
    }
  }
}

Tensor::Tensor(Array value, bool requires_grad) : node_(std::make_shared<Node>()) {
  node_->value = std::move(value);
  node_->requires_grad = requires_grad;
}

Tensor::Tensor(real number, bool requires_grad) : Tensor(scalar(number), requires_grad) {}

Node& Tensor::node() const {
  check(defined(), "tensor: used before it was given a value");
  return *node_;
}

Tensor Tensor::meta(const Shape& shape, bool requires_grad) {
  Tensor t(Array(), requires_grad);
  t.node_->meta = std::make_unique<const Shape>(shape);
  return t;
}

namespace {
void check_numbers(const Node& n) {
  if (n.meta) [[unlikely]]
    fail(
        "tensor {}: a meta tensor has a shape and no numbers; it can be counted, not computed with",
        *n.meta);
}
}  // namespace

const Array& Tensor::value() const {
  check_numbers(node());
  return node_->value;
}

bool Tensor::is_meta() const { return node().meta != nullptr; }

const Shape& Tensor::shape() const { return is_meta() ? *node_->meta : node_->value.shape(); }

std::size_t Tensor::shape(int axis) const { return shape()[axis_index("shape", axis, shape())]; }

std::size_t Tensor::size() const {
  return is_meta() ? element_count(shape()) : node_->value.size();
}

real Tensor::item() const {
  check(size() == 1, "item: needs a tensor with one element, got shape {}", shape());
  return *value().data();
}

Array& Tensor::mutable_value() const {
  check(!node().is_result(), "mutable_value: the result of '{}' cannot be changed, only a leaf can",
        node().op);
  check_numbers(node());
  return node().value;
}

void Tensor::set_value(const Array& value) const {
  check(value.shape() == shape(), "set_value: a value {} for a tensor {}", value.shape(), shape());
  mutable_value() = value;
}

bool Tensor::requires_grad() const { return node().requires_grad; }

void Tensor::set_requires_grad(bool requires_grad) const {
  check(!node().is_result(), "set_requires_grad: only for leaves, this is the result of '{}'",
        node().op);
  node().requires_grad = requires_grad;
}

Tensor Tensor::detach() const { return Tensor(value()); }

bool Tensor::has_grad() const { return node().gradient.has_value(); }

const Array& Tensor::grad() const {
  check(has_grad(), "grad: backward() has not reached this tensor {}{}", shape(),
        requires_grad() ? (node().freed ? ": only leaves keep their gradient" : "")
                        : ": it does not require a gradient");
  return *node().gradient;
}

Array& Tensor::mutable_grad() const {
  Node& n = node();
  check_numbers(n);
  if (!n.gradient) n.gradient = zeros(n.value.shape());
  return *n.gradient;
}

GradTarget grad_target(const Tensor& input) {
  Node& n = input.node();
  check_numbers(n);
  const bool first = !n.gradient;
  if (first) n.gradient = empty(n.value.shape());
  return {n.gradient->data(), real(first ? 0 : 1)};
}

void Tensor::zero_grad() const { node().gradient.reset(); }

void Tensor::add_grad(Array&& gradient) const {
  Node& n = node();
  if (!n.requires_grad) return;
  check(gradient.shape() == n.value.shape(), "{}: a gradient {} for a value {}", n.op,
        gradient.shape(), n.value.shape());
  if (n.gradient) {
    add_into(*n.gradient, gradient);
  } else {
    n.gradient = std::move(gradient);
  }
}

void Tensor::add_grad(const Array& gradient) const {
  if (requires_grad()) add_grad(Array(gradient));
}

Tensor make_op(const char* name, Array value, std::vector<Tensor> inputs,
               std::function<void(Node&)> backward) {
  Tensor result(std::move(value));
  Node& node = result.node();
  node.op = name;
  const auto requires_grad = [](const Tensor& input) { return input.requires_grad(); };
  if (recording && std::any_of(inputs.begin(), inputs.end(), requires_grad)) {
    node.requires_grad = true;
    node.inputs = std::move(inputs);
    node.backward = std::move(backward);
  }
  return result;
}

void Tensor::backward() const {
  check(size() == 1, "backward: needs a loss with one element, got shape {}", shape());
  check(requires_grad(), "backward: nothing this value was computed from requires a gradient");
  const std::uint64_t visit = ++backward_calls;
  node().visit = visit;
  std::vector<Tensor> order, pending{*this};
  while (!pending.empty()) {  // everything the loss was computed from
    const Tensor t = std::move(pending.back());
    pending.pop_back();
    check(!t.node().freed,
          "backward: the graph behind '{}' was used and freed by an earlier backward(); compute "
          "the loss again",
          t.node().op);
    for (const Tensor& input : t.node().inputs) {
      if (!input.requires_grad() || input.node().visit == visit) continue;
      input.node().visit = visit;
      pending.push_back(input);
    }
    order.push_back(t);
  }
  std::sort(order.begin(), order.end(),
            [](const Tensor& a, const Tensor& b) { return a.node_->id > b.node_->id; });
  add_grad(ones(shape()));
  for (Tensor& t : order) {
    Node& n = *t.node_;
    if (n.backward) {
      if (n.gradient) n.backward(n);
      n.backward = nullptr;
      n.inputs.clear();
      n.gradient.reset();
      n.freed = true;
    }
    t = Tensor();
  }
}

}  // namespace byhand
