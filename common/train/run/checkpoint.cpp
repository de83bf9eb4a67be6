#include "common/train/run/checkpoint.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <typeinfo>

#include "common/core/error.hpp"
#include "common/io/json.hpp"
#include "common/io/safetensors.hpp"
#include "common/system/hash.hpp"
#include "common/system/text.hpp"

namespace byhand::train {
namespace {

constexpr const char* format = "byhand training run 2";
constexpr const char* state_key = "state";
constexpr const char* real_name = sizeof(real) == 8 ? "double" : "float";
const std::string model_prefix = "model.", optimizer_prefix = "optimizer.";

/// "byhand::optim::Adam".
std::string class_name(const optim::Optimizer& optimizer) {
  const char* mangled = typeid(optimizer).name();
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(mangled, nullptr, nullptr, nullptr), std::free);
  return name ? name.get() : mangled;
}

io::NamedArrays under(const std::string& prefix, const io::NamedArrays& all) {
  io::NamedArrays own;
  for (const auto& [name, values] : all)
    if (name.rfind(prefix, 0) == 0) own.emplace_back(name.substr(prefix.size()), values);
  return own;
}

io::NamedArrays values_of(const nn::Module& model) {
  io::NamedArrays values;
  for (const auto& [name, tensor] : model.state_dict()) values.emplace_back(name, tensor.value());
  return values;
}

const std::string& field(const std::string& file, const io::Metadata& fields, const char* name) {
  const auto saved = fields.find(name);
  check(saved != fields.end(), "{}: this is not a checkpoint of a training run ('{}' is missing)", file, name);
  return saved->second;
}

void check_same(const std::string& file, const io::Metadata& fields, const char* name, const std::string& ours) {
  const std::string& saved = field(file, fields, name);
  check(saved == ours, "{}: the checkpoint's {} is '{}', this run's is '{}'", file, name, shown(saved), ours);
}

}  // namespace

std::string checksum(const io::NamedArrays& arrays, const io::Metadata& fields) {
  Hash hash;
  for (const auto& [name, values] : arrays) {
    hash.add(name.data(), name.size() + 1);
    hash.add(values.data(), values.size() * sizeof(real));
  }
  for (const auto& [name, text] : fields) {
    if (name == "checksum") continue;
    hash.add(name.data(), name.size() + 1);
    hash.add(text.data(), text.size() + 1);
  }
  return hash.hex();
}

void save_checkpoint(const std::filesystem::path& file, const nn::Module& model, const optim::Optimizer& optimizer, const RunState& state) {
  io::NamedArrays arrays;
  for (const auto& [name, values] : values_of(model)) {
    const bool finite = std::all_of(values.data(), values.data() + values.size(), [](real x) { return std::isfinite(x); });
    check(finite, "{}: not saved, '{}' of the model is no longer finite; try a smaller learning rate or gradient clipping", file.string(),
          name);
    arrays.emplace_back(model_prefix + name, values);
  }
  for (auto& [name, values] : optimizer.state_dict()) arrays.emplace_back(optimizer_prefix + name, values);
  io::Metadata fields;
  fields[state_key] = to_text(state);
  fields["format"] = format;
  fields["real"] = real_name;
  fields["optimizer"] = class_name(optimizer);
  fields["checksum"] = checksum(arrays, fields);
  io::write_safetensors(file, arrays, fields);
}

RunState load_checkpoint(const std::filesystem::path& file, const nn::Module& model, optim::Optimizer& optimizer,
                         const std::function<void(const RunState&)>& accept) {
  const std::string where = file.string();
  const io::Safetensors saved = io::read_safetensors(file);
  const io::Metadata& fields = saved.metadata();
  const std::string& made_as = field(where, fields, "format");
  check(made_as == format, "{}: the checkpoint's format is '{}', this program's is '{}'; start afresh, without --resume", where,
        shown(made_as), format);
  check_same(where, fields, "real", real_name);
  check_same(where, fields, "optimizer", class_name(optimizer));
  const io::NamedArrays arrays = saved.arrays();
  const auto sum = fields.find("checksum");
  check(sum != fields.end() && sum->second == checksum(arrays, fields), "{}: the checkpoint is damaged (its checksum does not fit)", where);
  RunState state = run_state(field(where, fields, state_key), where + ": checkpoint");
  const io::NamedArrays before = values_of(model);
  try {
    if (accept) accept(state);
    model.load_state_dict(under(model_prefix, arrays));
    optimizer.load_state_dict(under(optimizer_prefix, arrays));
  } catch (const Error& error) {
    model.load_state_dict(before);
    const std::string what = error.what();
    if (what.rfind(where, 0) == 0) throw;
    fail("{}: {}", where, what);
  }
  return state;
}

}  // namespace byhand::train
