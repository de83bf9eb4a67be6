// byhand bench: how fast the library does what other programs do too. The work is described beside each workload.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "common/app/console.hpp"
#include "common/core/error.hpp"
#include "common/core/parallel.hpp"
#include "common/system/process.hpp"
#include "tests/bench/growth.hpp"
#include "tests/bench/kernels.hpp"

using namespace byhand;

namespace bench {

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{
      {"lstm_by_hand", "epochs/s", "one LSTM unit of 12 scalars, two sequences of four days, one Adam step a sequence", lstm_by_hand},
      {"lstm_by_hand_backward", "epochs/s", "the same with gradients written by hand", lstm_by_hand_backward},
      {"policy_gradient", "visits/s", "fry shop: a shop is drawn from a sigmoid, one update of one bias a visit", policy_gradient},
      {"nn_lstm", "sequences/s", "LSTM, 2 layers, 64 wide, 60 days, batch 32, squared error of the last day, Adam", nn_lstm},
      {"gpt_small", "tokens/s", "GPT, 4 layers, 4 heads, 128 wide, 64 tokens, batch 16, 96 words, AdamW", gpt_small},
      {"gpt_baby", "tokens/s", "GPT, 6 layers, 6 heads, 384 wide, 256 tokens, batch 8, 96 words, AdamW", gpt_baby},
      {"bert_small", "tokens/s", "without causal mask, 4 layers, 4 heads, 256 wide, 128 tokens, batch 16, 8192 words, AdamW", bert_small},
      {"gpt_generate", "tokens/s", "gpt_baby writes 200 tokens one by one, greedily, keys and values remembered, batch 1", gpt_generate},
      {"decoder_toy", "epochs/s", "decoder-only transformer, 2 wide, 5 words, two sequences, one Adam step a sequence", decoder_toy},
      {"word2vec", "words/s", "skip-gram, 5 negatives, 100 wide, window 5, min count 5, subsampling 1e-3, one pass over a text", word2vec},
      {"retrieval", "queries/s", "exact top-10 by inner product among 100,000 vectors of 384, 64 queries at once", retrieval},
  };
  return all;
}

}  // namespace bench

namespace {

std::string names() {
  std::string line;
  for (const bench::Workload& w : bench::workloads()) line += (line.empty() ? "" : ", ") + w.name;
  return line;
}

const bench::Workload& named(const std::string& name) {
  for (const bench::Workload& w : bench::workloads())
    if (w.name == name) return w;
  fail("bench: no workload '{}'. There are: {}; also list, growth, kernels", name, names());
}

/// A line of the table, with the speed of the hardware for the same work.
std::vector<app::Cell> row(const bench::Workload& w, const bench::Result& result) {
  if (!result.work.is_known()) return {w.name, threads(), result.rate, w.unit, "-", "-", "-"};
  const double limit = result.work.units / bench::limit_seconds(result.work), units = result.rate / result.work.units;
  const std::string speed = result.work.bytes > 0 ? fmt::format("{:.1f} GB/s", units * result.work.bytes / 1e9)
                                                  : fmt::format("{:.1f} GFLOP/s", units * result.work.flop() / 1e9);
  return {w.name, threads(), result.rate, w.unit, speed, limit, fmt::format("{:.0f} %", 100 * result.rate / limit)};
}

void run(const std::vector<const bench::Workload*>& chosen, const bench::Settings& settings, bool json) {
  app::Table table({"workload", "threads", "rate", "unit", "speed", "limit", "share of it"}, 1);
  for (const bench::Workload* w : chosen) {
    const bench::Result result = w->run(settings);
    if (json)
      fmt::print("{}\n", nlohmann::ordered_json{{"workload", w->name},
                                                {"engine", "byhand"},
                                                {"threads", threads()},
                                                {"unit", w->unit},
                                                {"value", std::round(result.rate * 100) / 100},
                                                {"detail", result.detail}}
                             .dump());
    else
      table.add_row(row(*w, result));
  }
  if (json) return;
  table.print();
  fmt::print(
      "limit: the workload's matrix products alone, or its bytes at the speed of memory, measured here and now; -: overhead counts\n");
}

/// What one run measures: `list`, `growth`, or workloads.
void run(const std::vector<std::string>& words, const bench::Settings& settings, const std::filesystem::path& out, bool json) {
  if (words == std::vector<std::string>{"list"}) {
    for (const bench::Workload& w : bench::workloads()) fmt::print("{}\n", w.name);
  } else if (words == std::vector<std::string>{"growth"}) {
    const auto all = bench::measure_growth(settings);
    bench::print_growth(all);
    for (const auto& file : bench::growth_figure(all).save(out / "growth")) fmt::print("{}\n", file.string());
  } else {
    std::vector<const bench::Workload*> chosen;
    for (const std::string& word : words) chosen.push_back(&named(word));
    if (words.empty())
      for (const bench::Workload& w : bench::workloads()) chosen.push_back(&w);
    run(chosen, settings, json);
  }
}

}  // namespace

int main(int argc, char** argv) {
  start_process();
  CLI::App options(
      "Times workloads; without a name all of them. `list` prints their names, `growth` measures how cost grows with size and draws it, "
      "`kernels` times single operations.",
      "byhand bench");
  options.allow_extras();  // Google Benchmark's
  std::vector<std::string> words;
  bench::Settings settings;
  int thread_count = 1;
  bool json = false;
  std::filesystem::path out = "out/bench";
  options.add_option("WORKLOAD", words, names());
  options.add_option("--threads", thread_count, "how many threads; 0: all cores")->check(CLI::Range(0, 256))->capture_default_str();
  options.add_option("--seconds", settings.seconds, "how long to repeat each")->check(CLI::Range(0.0, 3600.0))->capture_default_str();
  options.add_option("--text", settings.text, "the text for word2vec; otherwise the one of `byhand data kjv`");
  options.add_option("--out", out, "folder for the figure of `growth`")->capture_default_str();
  options.add_flag("--json", json, "a line of JSON for each");
  try {
    options.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", options.help());
    return 0;
  } catch (const CLI::ParseError& e) {
    fmt::print(stderr, "bench: {} (--help lists the options)\n", e.what());
    return 2;
  }
  try {
    set_threads(thread_count);
    if (words == std::vector<std::string>{"kernels"}) {
      bench::kernels(options.remaining());
    } else {
      if (!options.remaining().empty()) fail("bench: unknown option '{}' (--help lists the options)", options.remaining().front());
      run(words, settings, out, json);
    }
  } catch (const Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
  return 0;
}
