#pragma once
/// @file
/// Reads tests/golden/NAME.json and compares with it. Inputs, weights and settings come from the files too, so that other values of the
/// same form can be dropped in: BYHAND_GOLDEN_DIR names another folder.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "common/autograd/tensor.hpp"
#include "common/io/json.hpp"
#include "common/nn/module.hpp"
#include "common/system/files.hpp"
#include "tests/golden/json_arrays.hpp"

namespace golden {

using byhand::Tensor;

inline std::filesystem::path folder() {
  const char* given = std::getenv("BYHAND_GOLDEN_DIR");
  return given && *given ? std::filesystem::path(given) : byhand::project_dir() / "tests" / "golden";
}

/// True when the project's own files are read: only those hold the numbers that chapters have as literals.
inline bool own_values() { return folder() == byhand::project_dir() / "tests" / "golden"; }

/// |got - expected| may be absolute + relative * |expected|. The files hold float64 values of PyTorch. In double only the order of sums
/// differs, so a few units in the last place remain: 1e-12. Gradients add up more terms. A training run repeats its rounding errors
/// thousands of times. A float has 24 bits (6e-8 relative); after some hundred operations 2e-5 is left, 1e-4 for gradients.
struct Tolerance {
  double absolute, relative;
};
inline constexpr bool is_double = sizeof(real) == 8;
inline constexpr Tolerance forward = is_double ? Tolerance{1e-12, 1e-12} : Tolerance{2e-5, 2e-5};
inline constexpr Tolerance gradient = is_double ? Tolerance{1e-11, 1e-9} : Tolerance{1e-4, 1e-4};
inline constexpr Tolerance trajectory = is_double ? Tolerance{1e-8, 1e-8} : Tolerance{2e-4, 2e-4};

/// Infinities and NaN must be met exactly: a distance from infinity says nothing.
inline bool close(double expected, double got, Tolerance t) {
  if (!std::isfinite(expected) || !std::isfinite(got)) return expected == got || (std::isnan(expected) && std::isnan(got));
  return std::abs(expected - got) <= t.absolute + t.relative * std::abs(expected);
}

/// Fails with `where`, flat index, expected and got of the first element that is not close, and says how many are not.
inline void expect(const std::string& where, const std::vector<double>& got, const std::vector<double>& expected, Tolerance tolerance) {
  if (expected.empty() || got.size() != expected.size()) {
    FAIL_CHECK(where, ": expected ", expected.size(), " elements, at least 1, got ", got.size());
    return;
  }
  std::size_t first = 0, wrong = 0;
  for (std::size_t i = expected.size(); i-- > 0;) {
    if (close(expected[i], got[i], tolerance)) continue;
    first = i;
    ++wrong;
  }
  const std::string message =
      fmt::format("{}[{}]: expected {}, got {} (tolerance {} + {} relative); {} of {} elements differ", where, first, expected[first],
                  got[first], tolerance.absolute, tolerance.relative, wrong, expected.size());
  CHECK_MESSAGE(wrong == 0, message);
}
/// An array of the file, whose shape counts as well; a plain number matches any array of one element.
inline void expect(const std::string& where, const Array& got, const json& value, Tolerance tolerance) {
  const Array expected = array_from_json(value, where);
  if (expected.dimension() > 0 && expected.shape() != got.shape()) {
    FAIL_CHECK(where, fmt::format(": expected the shape {}, got {}", expected.shape(), got.shape()));
    return;
  }
  expect(where, std::vector<double>(got.begin(), got.end()), std::vector<double>(expected.begin(), expected.end()), tolerance);
}
inline void expect(const std::string& where, const Tensor& got, const json& value, Tolerance tolerance) {
  expect(where, got.value(), value, tolerance);
}
/// Numbers that are double in both builds (learning rates, say) are not rounded to `real`.
inline void expect(const std::string& where, const std::vector<double>& got, const json& value, Tolerance tolerance) {
  std::vector<double> expected;
  for (const json& number : value) expected.push_back(number.get<double>());
  expect(where, got, expected, tolerance);
}
inline void expect(const std::string& where, double got, const json& value, Tolerance tolerance) {
  const Array one = array_from_json(value, where);  // a number, "inf" or an array of one element
  const double expected = value.is_number() ? value.get<double>() : one.size() == 1 ? double(one.data()[0]) : std::nan("");
  expect(where, std::vector{got}, std::vector{expected}, tolerance);
}

/// The file, as the first base of File: it must be read before anything looks into it.
struct Document {
  explicit Document(const std::string& name) : name_(name + ".json"), root_(byhand::io::read_json(folder() / name_)) {}
  std::string name_;
  json root_;
};

/// An object of expected values. Keys that a test never asked for make it fail at the end: nothing is passed over silently.
class Part {
 public:
  Part(std::string where, const json& values) : where_(std::move(where)), values_(&values) {
    REQUIRE_MESSAGE((values.is_object() && !values.empty()), where_, ": an object with at least one key is expected");
  }
  ~Part() {
    if (std::uncaught_exceptions() > 0) return;  // the test has failed already, before it could ask
    for (const auto& [key, value] : values_->items())
      if (!asked_.count(key)) FAIL_CHECK(where_, ": nothing checks '", key, "'");
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const std::string& where() const { return where_; }
  const json& all() const { return *values_; }
  const json& expected(const std::string& key) {
    asked_.insert(key);
    return byhand::io::member(*values_, key, where_);
  }
  /// The object under a key, whose own keys must all be asked for as well.
  Part part(const std::string& key) { return Part(where_ + "/" + key, expected(key)); }
  /// The array under a key, for one that is an input of the values beside it.
  Array given(const std::string& key) { return array_from_json(expected(key), where_ + "/" + key); }

  /// got = expected/key, within a tolerance.
  template <class T>
  void check(const std::string& key, const T& got, Tolerance tolerance) {
    expect(where_ + "/" + key, got, expected(key), tolerance);
  }
  using Leaves = std::vector<std::pair<std::string, Tensor>>;
  /// The gradients of the leaves are those of an object {"name": array, …}; neither has a name the other lacks.
  void check_gradients(const std::string& where, const json& gradients, const Leaves& leaves) const {
    const std::string path = where_ + "/" + where;
    CHECK_MESSAGE(gradients.size() == leaves.size(), path, ": ", gradients.size(), " gradients for ", leaves.size(), " leaves");
    for (const auto& [name, leaf] : leaves) expect(path + "/" + name, leaf.grad(), byhand::io::member(gradients, name, path), gradient);
  }
  void check_gradients(const std::string& key, const Leaves& leaves) { check_gradients(key, expected(key), leaves); }

 private:
  std::string where_;
  const json* values_;
  std::set<std::string> asked_;
};

/// One file; as a Part it is the object "expected" in it.
class File : Document, public Part {
 public:
  explicit File(const std::string& name) : Document(name), Part(name_ + ": expected", byhand::io::member(root_, "expected", name_)) {}

  const json& root() const { return root_; }
  const json& params() const { return byhand::io::member(root_, "params", name_); }
  const json& inputs() const { return byhand::io::member(root_, "inputs", name_); }
  Array input(const std::string& key) const { return array(byhand::io::member(inputs(), key, name_ + ": inputs"), key); }
  Ids input_ids(const std::string& key) const {
    return ids_from_json(byhand::io::member(inputs(), key, name_ + ": inputs"), name_ + ": " + key);
  }
  Array param(const std::string& key) const { return array(byhand::io::member(params(), key, name_ + ": params"), key); }
  Array array(const json& value, const std::string& key) const { return array_from_json(value, name_ + ": " + key); }
  double number(const json& value) const { return value.get<double>(); }
  /// The absolute tolerance the file asks for, in double; ours where it asks for none or a wider one.
  double absolute(const std::string& key, double ours) const {
    return root_.contains("tolerance") ? std::min(ours, root_.at("tolerance").value(key, ours)) : ours;
  }
};

/// A tensor that gets a gradient.
inline Tensor leaf(Array value) { return Tensor(std::move(value), true); }

/// A layer's parameters set from an object of arrays with PyTorch's names.
inline void load(const byhand::nn::Module& module, const json& values) {
  std::vector<std::pair<std::string, Array>> state;
  for (const auto& [name, value] : values.items()) state.emplace_back(name, array_from_json(value, name));
  module.load_state_dict(state);
}

/// The numbers in a text, in order: "StepLR_step3_gamma0.1" has 3 and 0.1, "ignore_index_-100" has -100. A minus between two words of
/// letters or digits is none: it must stand at the start or after '_', '=' or a space.
inline std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> found;
  for (std::size_t i = 0; i < text.size();) {
    if (!std::isdigit(static_cast<unsigned char>(text[i]))) {
      ++i;
      continue;
    }
    const bool negative = i > 0 && text[i - 1] == '-' && (i == 1 || text[i - 2] == '_' || text[i - 2] == '=' || text[i - 2] == ' ');
    std::size_t used = 0;
    found.push_back((negative ? -1 : 1) * std::stod(text.substr(i), &used));
    i += used;
  }
  return found;
}

/// The number that follows a word of a text: number_after("elu_0.5", "elu_") is 0.5. Fails when there is none.
inline double number_after(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  REQUIRE_MESSAGE(at != text.npos, "'", text, "' has no '", word, "'");
  const std::vector<double> numbers = numbers_in("_" + text.substr(at + word.size()));
  REQUIRE_MESSAGE(!numbers.empty(), "'", text, "' has no number after '", word, "'");
  return numbers.front();
}

inline bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }
inline bool has(const std::string& text, const std::string& word) { return text.find(word) != text.npos; }

/// The one key of an object that starts with a word, for keys that end in a shape ("seq_3x1x2").
inline std::string key_of(const json& object, const std::string& start) {
  for (const auto& [key, value] : object.items())
    if (starts_with(key, start)) return key;
  byhand::fail("no key that starts with '{}'", start);
}

}  // namespace golden
