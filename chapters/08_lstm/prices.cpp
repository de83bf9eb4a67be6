#include "chapters/08_lstm/prices.hpp"

#include <cmath>
#include <numeric>

#include "common/io/csv.hpp"

namespace prices {
using namespace byhand;

Series read_prices(const std::filesystem::path& file, const std::string& column) {
  const io::Table table = io::read_csv(file);
  Series series{{}, table.numbers(column)};
  check(series.values.size() >= 100, "{}: {} prices are too few, at least 100 are needed",
        file.string(), series.values.size());
  for (std::size_t i = 0; i < series.values.size(); ++i)
    check(series.values[i] > 0 && std::isfinite(series.values[i]),
          "{}: column '{}', day {}: {} is not a price", file.string(), column, i + 1,
          series.values[i]);
  if (table.names.front() != column) {
    series.dates = table.text(table.names.front());
  } else {
    for (std::size_t i = 0; i < series.values.size(); ++i)
      series.dates.push_back(fmt::format("day {}", i + 1));
  }
  return series;
}

std::vector<double> log_returns(const std::vector<double>& values) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < values.size(); ++i)
    returns.push_back(std::log(values[i] / values[i - 1]));
  return returns;
}

Scaler fit_scaler(const std::vector<double>& values) {
  check(values.size() > 1, "scaler: {} values are too few", values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double std = std::sqrt(squares / double(values.size()));
  check(std > 0, "scaler: all values are {}", mean);
  return {mean, std};
}

namespace {

/// Examples first … last - 1, where example i has the window returns[i … i + window - 1] and the
/// target returns[i + window].
Part make_part(const Series& series, const std::vector<double>& returns, const Scaler& scaler,
               std::size_t window, std::size_t first, std::size_t last) {
  const std::size_t n = last - first;
  Part part{empty({n, window, 1}), empty({n, 1}), {}, {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t start = first + i, target = start + window;
    for (std::size_t t = 0; t < window; ++t)
      part.inputs(i, t, 0) = scaler.scale(returns[start + t]);
    part.targets(i, 0) = scaler.scale(returns[target]);
    part.returns.push_back(returns[target]);
    // Return k leads from price k to price k + 1
    part.price_before.push_back(series.values[target]);
    part.price_after.push_back(series.values[target + 1]);
    part.dates.push_back(series.dates[target + 1]);
  }
  return part;
}

}  // namespace

Split make_split(const Series& series, std::size_t window) {
  const std::vector<double> returns = log_returns(series.values);
  check(returns.size() >= window + 60, "prices: {} days are too few for windows of {}",
        series.values.size(), window);
  const std::size_t examples = returns.size() - window, train_end = examples * 70 / 100,
                    validation_end = examples * 85 / 100;
  // The training part has seen the returns up to its last target, and no later one.
  const Scaler scaler = fit_scaler({returns.begin(), returns.begin() + long(train_end + window)});
  const auto part = [&](std::size_t first, std::size_t last) {
    return make_part(series, returns, scaler, window, first, last);
  };
  return {part(0, train_end), part(train_end, validation_end), part(validation_end, examples),
          scaler};
}

Score score(const Part& part, const std::vector<double>& forecast) {
  check(forecast.size() == part.returns.size(), "score: {} forecasts for {} days", forecast.size(),
        part.returns.size());
  double squares = 0, price_squares = 0;
  std::size_t moved = 0, right = 0;
  for (std::size_t i = 0; i < forecast.size(); ++i) {
    const double miss = forecast[i] - part.returns[i],
                 price_miss = part.price_before[i] * std::exp(forecast[i]) - part.price_after[i];
    squares += miss * miss;
    price_squares += price_miss * price_miss;
    moved += part.returns[i] != 0;
    right += part.returns[i] != 0 && (forecast[i] > 0) == (part.returns[i] > 0);
  }
  const double n = double(forecast.size());
  return {std::sqrt(squares / n), std::sqrt(price_squares / n),
          moved ? double(right) / double(moved) : 0};
}

std::vector<double> constant_forecast(const Part& part, double value) {
  return std::vector<double>(part.returns.size(), value);
}

}  // namespace prices
