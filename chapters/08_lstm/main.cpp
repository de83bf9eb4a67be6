// Chapter 08: the LSTM. Notes 000 § 30, 004 § 2.
//
// Reading order: by_hand (twelve numbers, one unit), matrices (any size), built_in (the library's
// layer, and a forecaster around it), prices (what it reads). show prints, pictures draws.
#include "chapters/08_lstm/built_in.hpp"
#include "chapters/08_lstm/show.hpp"
#include "common/app/options.hpp"
#include "common/system/files.hpp"

using namespace byhand;

namespace {

void lesson(lstm::Settings settings) {
  // What cannot work is said before anything is printed or trained
  if (settings.quick) settings.epochs = std::min(settings.epochs, 500);
  prices::check_checkpoint(settings.checkpoint, settings.resume, std::size_t(settings.hidden));
  if (settings.data.empty()) settings.data = dataset("goog.csv");
  const prices::Series series = prices::read_prices(settings.data, settings.column);
  const prices::Split split = prices::make_split(series, std::size_t(settings.window));

  lstm::why_an_lstm();                                                           // 1
  lstm::the_video_unit(settings);                                                // 2
  const std::vector<lstm::Progress> by_hand = lstm::training_by_hand(settings);  // 3
  lstm::training_built_in(settings, by_hand);                                    // 4
  lstm::real_prices(settings, split);                                            // 5
}

}  // namespace

int main(int argc, char** argv) {
  lstm::Settings settings;
  settings.epochs = 5000;
  app::Options options("08_lstm",
                       "The LSTM by hand, as matrices, built in; then real prices. "
                       "--epochs: of the training by hand.",
                       settings);
  options.add("--data", settings.data,
              "CSV file with a header and a price for each day (default: GOOG 2004-2008)");
  options.add("--column", settings.column, "the column of prices");
  options.add("--window", settings.window, "days the forecast looks back", 1, 250);
  options.add("--hidden", settings.hidden, "short memories of the forecasting LSTM", 1, 512);
  options.add("--checkpoint", settings.checkpoint, "file to save the training on prices in");
  options.add("--resume", settings.resume, "go on from --checkpoint");
  return options.run(argc, argv, [&] { lesson(settings); });
}
