#include "chapters/15_rag/ask/kept_bert.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/hash.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;
namespace fs = std::filesystem;

namespace {

constexpr const char* files[] = {"model.safetensors", "vocab.txt", "trained_on.txt"};

bool is_kept(const fs::path& folder) {
  std::error_code none;
  return fs::exists(folder / "trained_on.txt", none);
}

[[noreturn]] void fail_in_the_way(const fs::path& folder) {
  fail(
      "bert: {}: was not kept by this program, or only half; move or remove it, or give another "
      "--store",
      folder.string());
}

/// Only what keep_bert writes: a reader's own files may stand there.
void remove_kept(const fs::path& folder) {
  std::error_code problem;
  for (const char* file : files) fs::remove(folder / file, problem);
  fs::remove(folder, problem);  // if it is empty now
  if (fs::exists(folder, problem)) fail_in_the_way(folder);
}

}  // namespace

std::string trained_on(const std::vector<Passage>& passages, const TuneOptions& options,
                       std::uint64_t seed) {
  std::string lines = fmt::format(
      "seed {}, {} steps of {}, lr {}, temperature {}, vocabulary {}, size {}, layers {}, heads "
      "{}, length {}\n",
      seed, options.steps, options.batch, options.lr, options.temperature, options.vocabulary,
      options.size, options.layers, options.heads, options.length);
  for (const std::string& text : searched(passages)) lines += hash_text(text) + "\n";
  return lines;
}

void keep_bert(const BertEncoder& encoder, const fs::path& folder, const std::string& trained) {
  std::error_code problem;
  if (fs::exists(folder, problem) && !is_kept(folder)) fail_in_the_way(folder);
  const fs::path partial = fs::path(folder).concat(".partial"),
                 old = fs::path(folder).concat(".old");
  encoder.save(partial);  // over what somebody left who was killed here
  write_file(partial / "trained_on.txt", trained);
  // Whoever is killed between the two renames has no encoder and will train again; half of one
  // would be refused.
  remove_kept(old);
  const bool replaces = fs::exists(folder, problem);
  if (replaces) fs::rename(folder, old, problem);
  if (!problem) fs::rename(partial, folder, problem);
  if (problem) fail("bert: {}: cannot be kept: {}", folder.string(), problem.message());
  remove_kept(old);
}

KeptBert kept_bert(const fs::path& folder, const std::string& trained) {
  std::error_code none;
  if (!fs::exists(folder, none)) return {};
  if (!is_kept(folder)) fail_in_the_way(folder);
  const std::string kept = read_file(folder / "trained_on.txt", 64 << 20);
  const std::vector<std::string_view> now = lines_of(trained), before = lines_of(kept);
  if (before.empty() || before[0] != now[0])
    return {nullptr, fmt::format("{} was trained in another way: training again", folder.string())};
  const std::set<std::string_view> seen(before.begin() + 1, before.end());
  const auto known = std::size_t(std::count_if(
      now.begin() + 1, now.end(), [&](std::string_view line) { return seen.contains(line); }));
  const std::size_t all = now.size() - 1;
  if (2 * known < all)
    return {nullptr,
            fmt::format("{} was trained on other passages ({} of these {}): training again",
                        folder.string(), known, all)};
  try {
    return {BertEncoder::load(folder),
            known == all
                ? ""
                : fmt::format("trained before; {} of {} passages are new to it", all - known, all)};
  } catch (const Error& error) {
    fail("{}; remove the folder {} to train again", error.what(), folder.string());
  }
}

std::shared_ptr<const Encoder> bert_for(const std::vector<Passage>& passages,
                                        const Settings& settings) {
  const bool given = !settings.bert_model.empty(), keep = !given && !settings.epochs;
  TuneOptions options;
  if (settings.epochs) options.steps = std::size_t(settings.epochs);
  const std::string trained = trained_on(passages, options, settings.seed);
  if (keep) {
    const KeptBert kept = kept_bert(bert_folder(settings), trained);
    if (!kept.note.empty()) fmt::print("bert: {}\n", kept.note);
    if (kept.encoder) return kept.encoder;
  }
  Generator generator{settings.seed};
  const auto bert =
      given ? BertEncoder::load(settings.bert_model) : new_bert(passages, options, generator);
  if (given && !settings.epochs) return bert;
  bert->tune(passages, options, generator, [](std::size_t step, double loss) {
    fmt::print("bert: step {:3}  contrastive loss {:.3f}\n", step, loss);
    std::fflush(stdout);
  });
  if (keep) keep_bert(*bert, bert_folder(settings), trained);
  return bert;
}

}  // namespace rag
