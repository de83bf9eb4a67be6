#pragma once
/// @file
/// Real prices: a series of days becomes windows of log-returns, split by date, scaled by what the
/// training part alone knows.
#include <filesystem>
#include <string>
#include <vector>

#include "common/tensor/array.hpp"

namespace prices {

using byhand::Array;
using byhand::real;

/// A price for each day, in the order of time.
struct Series {
  std::vector<std::string> dates;  ///< the first column; the day's number when that is the prices'
  std::vector<double> values;      ///< all positive
};

/// Reads a column of a CSV file with a header. Error that names the file when the column is
/// missing, a price is not positive, or there are fewer than 100 days.
Series read_prices(const std::filesystem::path& file, const std::string& column);

/// log(price of a day / price of the day before): one fewer than there are prices.
std::vector<double> log_returns(const std::vector<double>& values);

/// Mean and standard deviation, of the training part only: the future must not leak into the scale.
struct Scaler {
  double mean = 0, std = 1;
  real scale(double value) const { return real((value - mean) / std); }
  double unscale(double value) const { return value * std + mean; }
};
Scaler fit_scaler(const std::vector<double>& values);

/// Examples whose targets are the consecutive days [first, first + inputs.shape()[0]).
struct Part {
  Array inputs;                      ///< (examples, window, 1), scaled log-returns
  Array targets;                     ///< (examples, 1), scaled log-return of the next day
  std::vector<double> returns;       ///< the same, not scaled
  std::vector<double> price_before;  ///< the last price known: the naive forecast
  std::vector<double> price_after;   ///< the price to be forecast
  std::vector<std::string> dates;    ///< the day that is forecast
};

/// Training, validation and test in the order of time: 70 %, 15 %, 15 % of the examples.
struct Split {
  Part train, validation, test;
  Scaler scaler;
};
Split make_split(const Series& series, std::size_t window);

/// How good forecasts of log-returns are.
struct Score {
  double rmse_return, rmse_price;
  double direction;  ///< share of the days whose sign is right; days without change do not count
};
Score score(const Part& part, const std::vector<double>& forecast_returns);

/// Forecasts that know nothing: 0 for every day (tomorrow = today), and the mean of the training
/// part.
std::vector<double> constant_forecast(const Part& part, double value);

}  // namespace prices
