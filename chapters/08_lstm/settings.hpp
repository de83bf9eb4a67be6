#pragma once
/// @file
/// What the program can be told.
#include <filesystem>
#include <string>

#include "common/app/options.hpp"

namespace lstm {

struct Settings : byhand::app::Settings {
  std::filesystem::path data;  ///< a price for each day; goog.csv unless told
  std::filesystem::path checkpoint;
  std::string column = "close";
  int window = 20, hidden = 16;
  bool resume = false;
};

}  // namespace lstm
