#include "common/app/figures.hpp"

#include <cstdio>

#include "common/core/error.hpp"

namespace byhand::app {

void save_figure(const plot::Figure& figure, const std::string& name, const Settings& settings) {
  check(!name.empty() && name.find('/') == std::string::npos, "figure: '{}' is not a file name", name);
  const auto files = figure.save(settings.out / name);
  fmt::print("figure: {}\n", files.front().string());  // the .png has the same name
  std::fflush(stdout);
  if (settings.show) figure.show();
  if (settings.term) figure.term();
}

}  // namespace byhand::app
