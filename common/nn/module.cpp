#include "common/nn/module.hpp"
#include "common/autograd/node.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/nn/meta.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace byhand::nn {

struct Module::State {
  std::vector<std::pair<std::string, Parameter>> parameters, buffers;
  std::vector<std::pair<std::string, std::shared_ptr<State>>> children;
  bool training = true, frozen = false;

  void check_name(const std::string& name) const {
    check(!name.empty() && name.find('.') == std::string::npos,
          "module: '{}' is not a name for a part of a module", name);
    const auto same = [&](const auto& entry) { return entry.first == name; };
    check(std::none_of(parameters.begin(), parameters.end(), same) &&
              std::none_of(buffers.begin(), buffers.end(), same) &&
              std::none_of(children.begin(), children.end(), same),
          "module: the name '{}' is used twice", name);
  }

  void collect(const std::string& prefix, bool with_buffers, NamedTensors& out) const {
    for (const auto& [name, tensor] : parameters) out.emplace_back(prefix + name, tensor);
    if (with_buffers)
      for (const auto& [name, tensor] : buffers) out.emplace_back(prefix + name, tensor);
    for (const auto& [name, state] : children)
      state->collect(prefix + name + ".", with_buffers, out);
  }

  void set_frozen(bool on) {
    frozen = on;
    for (const auto& [name, state] : children) state->set_frozen(on);
  }

  void set_training(bool on) {
    training = on;
    for (const auto& [name, state] : children) state->set_training(on);
  }
};

/// What has been cloned so far, so that a tensor or module met twice is cloned once.
struct CloneScope::Clones {
  std::unordered_map<const Node*, Tensor> tensors;
  std::unordered_map<const Module::State*, std::shared_ptr<Module::State>> states;

  Tensor clone(const Tensor& t) {
    if (!t.defined()) return t;
    Tensor& copy = tensors[&t.node()];
    if (!copy.defined())
      copy = !t.is_meta() ? Tensor(t.value(), t.requires_grad())
                          : Tensor::meta(t.shape(), t.requires_grad());
    return copy;
  }

  std::shared_ptr<Module::State> clone(const std::shared_ptr<Module::State>& state) {
    if (const auto known = states.find(state.get()); known != states.end()) return known->second;
    const auto copy = std::make_shared<Module::State>();
    states[state.get()] = copy;
    copy->training = state->training;
    copy->frozen = state->frozen;
    for (const auto& [name, p] : state->parameters)
      copy->parameters.emplace_back(name, Parameter(clone(p)));
    for (const auto& [name, b] : state->buffers)
      copy->buffers.emplace_back(name, Parameter(clone(b)));
    for (const auto& [name, c] : state->children) copy->children.emplace_back(name, clone(c));
    return copy;
  }
};

thread_local CloneScope::Clones* CloneScope::active_ = nullptr;
CloneScope::CloneScope() : before_(active_), clones_(std::make_unique<Clones>()) {
  active_ = clones_.get();
}
CloneScope::~CloneScope() { active_ = before_; }

Parameter::Parameter(const Parameter& other)
    : Tensor(CloneScope::active_ ? CloneScope::active_->clone(other)
                                 : static_cast<const Tensor&>(other)) {}

Module::Module() : state_(std::make_shared<State>()) {}
Module::Module(const Module& other)
    : state_(CloneScope::active_ ? CloneScope::active_->clone(other.state_) : other.state_) {}

namespace {
thread_local bool shapes_only = false;
}
MetaGuard::MetaGuard() : before_(shapes_only) { shapes_only = true; }
MetaGuard::~MetaGuard() { shapes_only = before_; }
bool MetaGuard::active() { return shapes_only; }

Parameter Module::parameter(const std::string& name, Array value) {
  state_->check_name(name);
  const Parameter p(shapes_only ? Tensor::meta(value.shape(), true)
                                : Tensor(std::move(value), true));
  state_->parameters.emplace_back(name, p);
  return p;
}

Parameter Module::parameter(const std::string& name, const Shape& shape,
                            const std::function<Array(const Shape&)>& start) {
  if (!shapes_only) return parameter(name, start(shape));
  state_->check_name(name);
  const Parameter p(Tensor::meta(shape, true));
  state_->parameters.emplace_back(name, p);
  return p;
}

Parameter Module::buffer(const std::string& name, Array value) {
  state_->check_name(name);
  const Parameter b{Tensor(std::move(value))};
  state_->buffers.emplace_back(name, b);
  return b;
}

void Module::adopt(const std::string& name, const Module& module) {
  state_->check_name(name);
  state_->children.emplace_back(name, module.state_);
}

NamedTensors Module::named_parameters() const {
  NamedTensors all, once;
  state_->collect("", false, all);
  std::unordered_set<const Node*> seen;
  for (auto& entry : all)
    if (seen.insert(&entry.second.node()).second) once.push_back(std::move(entry));
  return once;
}

std::vector<Tensor> Module::parameters() const {
  std::vector<Tensor> tensors;
  for (const auto& [name, tensor] : named_parameters()) tensors.push_back(tensor);
  return tensors;
}

NamedTensors Module::state_dict() const {
  NamedTensors all;
  state_->collect("", true, all);
  return all;
}

void Module::load_state_dict(const std::vector<std::pair<std::string, Array>>& values) const {
  const NamedTensors own = state_dict();
  std::unordered_map<std::string, const Array*> given;
  for (const auto& [name, value] : values) given[name] = &value;
  for (const auto& [name, tensor] : own) {
    const auto found = given.find(name);
    check(found != given.end(), "load_state_dict: '{}' {} is missing", name, tensor.shape());
    check(found->second->shape() == tensor.shape(),
          "load_state_dict: '{}' is {} in the model and {} in the file", name, tensor.shape(),
          found->second->shape());
  }
  for (const auto& [name, value] : values) {
    const auto same = [&, &wanted = name](const auto& entry) { return entry.first == wanted; };
    check(std::any_of(own.begin(), own.end(), same), "load_state_dict: the model has no '{}'",
          name);
  }
  for (const auto& [name, tensor] : own) tensor.set_value(*given[name]);
}

void Module::load_state_dict(const NamedTensors& values) const {
  std::vector<std::pair<std::string, Array>> arrays;
  for (const auto& [name, tensor] : values) arrays.emplace_back(name, tensor.value());
  load_state_dict(arrays);
}

std::size_t Module::parameter_count() const {
  std::size_t count = 0;
  for (const Tensor& p : parameters()) count += p.size();
  return count;
}

void Module::train(bool on) const { state_->set_training(on); }
bool Module::training() const { return state_->training; }
bool Module::frozen() const { return state_->frozen; }

void Module::set_frozen(bool on) const {
  set_requires_grad(!on);
  state_->set_frozen(on);
}

void Module::set_requires_grad(bool on) const {
  for (const Tensor& p : parameters()) p.set_requires_grad(on);
}

void Module::zero_grad() const {
  for (const Tensor& p : parameters()) p.zero_grad();
}

}  // namespace byhand::nn
