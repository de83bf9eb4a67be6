#include "chapters/06_word2vec/engine/word2vec_steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace byhand::text {

// ---- drawing noise words ----

AliasTable::AliasTable(const std::vector<double>& weights) {
  double total = 0;
  for (const double w : weights) {
    check(w >= 0 && std::isfinite(w),
          "alias table: a weight is {}; weights must be 0 or more, and finite", w);
    total += w;
  }
  check(total > 0 && std::isfinite(total),
        "alias table: no weight of {} is positive, or their sum is not finite", weights.size());
  check(weights.size() < (std::uint64_t(1) << 32), "alias table: {} weights are too many",
        weights.size());
  // A place holds 1 / n of the probability. Those that need less take another one in that has too
  // much.
  const std::size_t n = weights.size();
  std::vector<double> share(n);
  std::vector<std::uint32_t> small, large;
  for (std::size_t i = 0; i < n; ++i) {
    share[i] = weights[i] / total * double(n);
    (share[i] < 1 ? small : large).push_back(std::uint32_t(i));
  }
  // what is left over at the end keeps itself
  for (std::size_t i = 0; i < n; ++i) places_.push_back({0xFFFFFFFFu, std::uint32_t(i)});
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back(), rich = large.back();
    small.pop_back();
    places_[poor] = {std::uint32_t(std::min(share[poor] * 0x1p32, 0x1p32 - 1)), rich};
    share[rich] -= 1 - share[poor];
    if (share[rich] < 1) {
      large.pop_back();
      small.push_back(rich);
    }
  }
}

std::vector<double> AliasTable::probabilities() const {
  std::vector<double> p(places_.size(), 0);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const double keep = double(places_[i].keep) * 0x1p-32;
    p[i] += keep / double(p.size());
    p[places_[i].other] += (1 - keep) / double(p.size());
  }
  return p;
}

// ---- rows on cache lines ----

RowTable::RowTable(std::size_t rows, std::size_t width)
    : rows_(rows),
      width_(width),
      packs_((width * sizeof(real) + sizeof(Line) - 1) / sizeof(Line) * 2),
      data_(rows * packs_ / 2) {
  check(rows > 0 && width > 0, "row table: {} rows of {} numbers", rows, width);
}

RowTable::RowTable(const Array& values)
    : RowTable(values.dimension() == 2 ? values.shape()[0] : 0,
               values.dimension() == 2 ? values.shape()[1] : 0) {
  for (std::size_t i = 0; i < rows_; ++i) set_row(i, values.data() + i * width_);
}

void RowTable::set_row(std::size_t i, const real* numbers) {
  std::memcpy(row(i), numbers, width_ * sizeof(real));
}

Array RowTable::values() const {
  Array copy = empty({rows_, width_});
  for (std::size_t i = 0; i < rows_; ++i)
    std::memcpy(copy.data() + i * width_, row(i), width_ * sizeof(real));
  return copy;
}

Array RowTable::mean(std::span<const std::uint32_t> rows) const {
  check(!rows.empty(), "row table: the mean of no rows");
  Array sum = zeros({width_});
  for (const std::uint32_t i : rows) {
    check(i < rows_, "row table: there is no row {}, only {}", i, rows_);
    const real* numbers = reinterpret_cast<const real*>(row(i));
    for (std::size_t j = 0; j < width_; ++j) sum.data()[j] += numbers[j];
  }
  return sum / real(rows.size());
}

// ---- one step ----

namespace {

constexpr std::size_t pack_size = sizeof(Pack) / sizeof(real);

real total_of(const Pack& pack) {
  using Half = real __attribute__((vector_size(sizeof(Pack) / 2)));
  Half low, high;
  std::memcpy(&low, &pack, sizeof low);
  std::memcpy(&high, reinterpret_cast<const char*>(&pack) + sizeof low, sizeof high);
  const Half sum = low + high;
  real total = 0;
  for (std::size_t j = 0; j < pack_size / 2; j += 2) total += sum[j] + sum[j + 1];
  return total;
}

/// scores[k] = h . rows[k]. Three rows at a time, so that h is loaded once for them; two sums for
/// each, so that they need not wait.
void dot_rows(const Pack* h, Pack* const* rows, std::size_t count, std::size_t packs,
              real* scores) {
  std::size_t k = 0;
  for (; k + 3 <= count; k += 3) {
    const Pack *a = rows[k], *b = rows[k + 1], *c = rows[k + 2];
    Pack a0{}, a1{}, b0{}, b1{}, c0{}, c1{};
    for (std::size_t p = 0; p < packs; p += 2) {
      const Pack h0 = h[p], h1 = h[p + 1];
      a0 += h0 * a[p], a1 += h1 * a[p + 1];
      b0 += h0 * b[p], b1 += h1 * b[p + 1];
      c0 += h0 * c[p], c1 += h1 * c[p + 1];
    }
    scores[k] = total_of(a0 + a1);
    scores[k + 1] = total_of(b0 + b1);
    scores[k + 2] = total_of(c0 + c1);
  }
  for (; k < count; ++k) {
    Pack a0{}, a1{};
    for (std::size_t p = 0; p < packs; p += 2)
      a0 += h[p] * rows[k][p], a1 += h[p + 1] * rows[k][p + 1];
    scores[k] = total_of(a0 + a1);
  }
}

/// error = sum of gains[k] rows[k], and rows[k] += gains[k] h, in one walk. The rows differ from
/// each other. Of many rows some are done at a time, so that they stay in the cache from line to
/// line.
void exchange(const Pack* h, Pack* const* rows, const real* gains, std::size_t count,
              std::size_t packs, Pack* error) {
  for (std::size_t first = 0; first < count; first += 16) {
    const std::size_t last = std::min(first + 16, count);
    for (std::size_t p = 0; p < packs; p += 2) {
      const Pack h0 = h[p], h1 = h[p + 1];
      Pack e0 = first ? error[p] : Pack{}, e1 = first ? error[p + 1] : Pack{};
      for (std::size_t k = first; k < last; ++k) {
        const real gain = gains[k];
        Pack* row = rows[k] + p;
        const Pack r0 = row[0], r1 = row[1];
        e0 += gain * r0, e1 += gain * r1;
        row[0] = r0 + gain * h0;
        row[1] = r1 + gain * h1;
      }
      error[p] = e0, error[p + 1] = e1;
    }
  }
}

}  // namespace

Word2VecStep::Word2VecStep(RowTable& in, RowTable& out, bool whole_error)
    : in_(in), out_(out), whole_error_(whole_error), mean_(1, in.width()), error_(1, in.width()) {
  check(in.width() == out.width(), "word2vec: the two tables have rows of {} and {} numbers",
        in.width(), out.width());
}

void Word2VecStep::prepare(std::size_t count) {
  // loops over them then have no remainder
  count = (count + pack_size - 1) / pack_size * pack_size;
  if (rows_.size() >= count) return;
  rows_.resize(count);
  losses_.resize(count);
  scores_.resize(count);
  gains_.resize(count);
}

const Pack* Word2VecStep::hidden(std::span<const std::uint32_t> inputs) {
  if (inputs.size() == 1) return in_.row(inputs[0]);
  const std::size_t packs = in_.packs();
  Pack* h = mean_.row(0);
  std::fill_n(h, packs, Pack{});
  for (const std::uint32_t input : inputs) {
    const Pack* row = in_.row(input);
    for (std::size_t p = 0; p < packs; ++p) h[p] += row[p];
  }
  const real share = real(1) / real(inputs.size());
  for (std::size_t p = 0; p < packs; ++p) h[p] *= share;
  return h;
}

void Word2VecStep::move_inputs(std::span<const std::uint32_t> inputs) {
  const real share = whole_error_ ? real(1) : real(1) / real(inputs.size());
  const Pack* error = error_.row(0);
  for (const std::uint32_t input : inputs) {
    Pack* row = in_.row(input);
    for (std::size_t p = 0; p < in_.packs(); ++p) row[p] += share * error[p];
  }
}

/// A row that comes twice becomes one with the gains of both, since exchange() reads a row before
/// it changes it: in the printed example "hot" is drawn twice and moves by both draws, from where
/// it was. Returns how many rows are left.
std::size_t Word2VecStep::merge_repeated(std::size_t count) {
  std::size_t left = 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t same = 0;
    while (same < left && rows_[same] != rows_[k]) ++same;
    if (same < left) {
      gains_[same] += gains_[k];
    } else {
      rows_[left] = rows_[k];
      gains_[left++] = gains_[k];
    }
  }
  return left;
}

// What follows computes, faster, with h the mean of the rows `inputs` of `in`:
//
//   error = 0                                     // - lr * d loss / d h
//   for (k = 0; k < count; ++k) {
//     wanted = k == 0 ? 1 : 0;                    // targets[0] is the word, the others are noise
//     score = h . out[targets[k]];
//     loss -= log(wanted ? sigmoid(score) : 1 - sigmoid(score));
//     gain = lr * (wanted - sigmoid(score));      // - lr * d loss / d score
//     error += gain * out[targets[k]];            // d score / d h is the row,
//     change[targets[k]] += gain * h;             // and d score / d row is h
//   }
//   out += change;  in[each of inputs] += error;  // (the whole error, or a share of it)
//
// So that one formula serves all k, the word's score is turned round: since 1 - sigmoid(s) =
// sigmoid(-s), its loss -log sigmoid(s) is that of a noise word with the score -s. The derivative
// by s has then the other sign, which is why its gain is turned back.
double Word2VecStep::negative(std::span<const std::uint32_t> inputs,
                              std::span<const std::uint32_t> targets, real lr) {
  const std::size_t count = targets.size(), packs = in_.packs();
  prepare(count);
  for (std::size_t k = 0; k < count; ++k) rows_[k] = out_.row(targets[k]);
  const Pack* h = hidden(inputs);
  dot_rows(h, rows_.data(), count, packs, scores_.data());

  // With e = exp(-|s|): sigmoid(s) is 1 / (1 + e) or e / (1 + e), and -log sigmoid(-s) is
  // max(s, 0) + log(1 + e). Never an overflow.
  real *scores = scores_.data(), *gains = gains_.data(), *losses = losses_.data();
  scores[0] = -scores[0];
#pragma omp simd
  for (std::size_t k = 0; k < (count + pack_size - 1) / pack_size * pack_size; ++k) {
    const real s = scores[k], e = std::exp(-std::abs(s));
    gains[k] = -lr * (s >= 0 ? real(1) : e) / (1 + e);
    losses[k] = (s > 0 ? s : real(0)) + std::log(1 + e);
  }
  gains[0] = -gains[0];
  real loss = 0;
  for (std::size_t k = 0; k < count; ++k) loss += losses[k];
  exchange(h, rows_.data(), gains, merge_repeated(count), packs, error_.row(0));
  move_inputs(inputs);
  return loss;
}

double Word2VecStep::softmax(std::span<const std::uint32_t> inputs,
                             std::span<const std::uint32_t> targets, real lr) {
  const std::size_t words = out_.rows(), packs = in_.packs();
  prepare(words);
  for (std::size_t k = 0; k < words; ++k) rows_[k] = out_.row(k);
  const Pack* h = hidden(inputs);
  real *scores = scores_.data(), *gains = gains_.data();
  dot_rows(h, rows_.data(), words, packs, scores);
  const real top = *std::max_element(scores, scores + words);
  real sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < words; ++k) sum += gains[k] = std::exp(scores[k] - top);
  const real all = lr * real(targets.size()) / sum;
  for (std::size_t k = 0; k < words; ++k) gains[k] *= -all;  // predicted: targets * softmax
  double loss = double(targets.size()) * (double(top) + std::log(double(sum)));
  for (const std::uint32_t target : targets) {
    gains[target] += lr;  // wanted
    loss -= double(scores[target]);
  }
  exchange(h, rows_.data(), gains, words, packs, error_.row(0));
  move_inputs(inputs);
  return loss;
}

}  // namespace byhand::text
