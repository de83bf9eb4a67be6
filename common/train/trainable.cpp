#include "common/train/trainable.hpp"

#include <algorithm>
#include <utility>

#include "common/core/error.hpp"

namespace byhand::train {

void Trainable::log(const std::string& name, double value) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string("_./-").find(c) != std::string::npos;
  };
  check(!name.empty() && std::all_of(name.begin(), name.end(), allowed),
        "log: '{}' is not a name made of letters, digits and _ . / -", name);
  const bool own = name == "epoch" || name == "lr" || name == "loss" || name == "train_loss" ||
                   name.rfind("validation_", 0) == 0;
  check(!own, "log: the trainer itself reports '{}'; choose another name", name);
  for (auto& [known, old] : logged_) {
    if (known != name) continue;
    old = value;
    return;
  }
  logged_.emplace_back(name, value);
}

Metrics Trainable::take_logged() { return std::exchange(logged_, {}); }

}  // namespace byhand::train
