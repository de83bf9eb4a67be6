#pragma once
/// @file
/// Reads tests/golden/NAME.json and compares with it. Inputs, weights and settings come from the files too, so that other values of the
/// same form can be dropped in: BYHAND_GOLDEN_DIR names another folder.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "common/autograd/tensor.hpp"
#include "common/core/files.hpp"
#include "common/io/json.hpp"

namespace golden {

using byhand::Array;
using byhand::Ids;
using byhand::real;
using byhand::Tensor;
using nlohmann::json;

inline std::filesystem::path folder() {
  const char* given = std::getenv("BYHAND_GOLDEN_DIR");
  return given && *given ? std::filesystem::path(given) : byhand::project_dir() / "tests" / "golden";
}

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

/// Fails with file, key, index, expected and got unless every element is close. A scalar in the file matches any array of one element.
inline void expect(const std::string& where, const Array& got, const json& value, Tolerance tolerance) {
  const Array expected = byhand::io::array_from_json(value, where);
  if (expected.dimension() > 0) {
    INFO(where, ": shapes ", fmt::format("{} and {}", expected.shape(), got.shape()));
    CHECK(expected.shape() == got.shape());
  }
  REQUIRE(expected.size() == got.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double e = expected.data()[i], g = got.data()[i];
    const bool close = e == g || (std::isnan(e) && std::isnan(g)) || std::abs(e - g) <= tolerance.absolute + tolerance.relative * std::abs(e);
    if (!close) FAIL_CHECK(where, "[", i, "]: expected ", fmt::format("{}", e), ", got ", fmt::format("{}", g));
  }
  CHECK(expected.size() > 0);
}
inline void expect(const std::string& where, const Tensor& got, const json& value, Tolerance tolerance) { expect(where, got.value(), value, tolerance); }
inline void expect(const std::string& where, double got, const json& value, Tolerance tolerance) {
  const Array expected = byhand::io::array_from_json(value, where);
  expect(where, byhand::full(expected.size() == 1 ? expected.shape() : byhand::Shape{}, real(got)), value, tolerance);
}

/// One file. Keys of "expected" that a test never asked for make it fail at the end: nothing is passed over silently.
class File {
 public:
  explicit File(const std::string& name) : name_(name), root_(byhand::io::read_json(folder() / (name + ".json"))) {}
  ~File() {
    for (const auto& [key, value] : root_.at("expected").items())
      if (!asked_.count(key)) FAIL_CHECK(name_, ": nothing checks expected/", key);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const json& root() const { return root_; }
  const json& all() const { return root_.at("expected"); }
  const json& params() const { return root_.at("params"); }
  const json& expected(const std::string& key) {
    asked_.insert(key);
    return byhand::io::member(all(), key, name_ + ": expected");
  }
  Array input(const std::string& key) const { return array(byhand::io::member(root_.at("inputs"), key, name_), key); }
  Ids input_ids(const std::string& key) const { return byhand::io::ids_from_json(byhand::io::member(root_.at("inputs"), key, name_), key); }
  Array param(const std::string& key) const { return array(byhand::io::member(params(), key, name_), key); }
  Array array(const json& value, const std::string& key) const { return byhand::io::array_from_json(value, name_ + ": " + key); }
  double number(const json& value) const { return value.get<double>(); }

  /// got = expected/key, within a tolerance.
  template <class T>
  void check(const std::string& key, const T& got, Tolerance tolerance) {
    expect(name_ + ": " + key, got, expected(key), tolerance);
  }
  /// The gradient of each leaf named in an object {"name": array, …}.
  void check_gradients(const std::string& where, const json& gradients, const std::vector<std::pair<std::string, Tensor>>& leaves) {
    for (const auto& [key, value] : gradients.items()) {
      bool found = false;
      for (const auto& [name, leaf] : leaves) {
        if (name != key) continue;
        found = true;
        expect(name_ + ": " + where + "/" + key, leaf.grad(), value, gradient);
      }
      if (!found) FAIL_CHECK(name_, ": ", where, ": nothing has the gradient '", key, "'");
    }
  }

 private:
  std::string name_;
  json root_;
  std::set<std::string> asked_;
};

/// The numbers in a text, in order: "StepLR_step3_gamma0.1" has 3 and 0.1.
inline std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> found;
  for (std::size_t i = 0; i < text.size();) {
    if (!std::isdigit(static_cast<unsigned char>(text[i]))) {
      ++i;
      continue;
    }
    std::size_t used = 0;
    found.push_back(std::stod(text.substr(i), &used));
    i += used;
  }
  return found;
}

}  // namespace golden
