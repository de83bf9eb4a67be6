#include "chapters/14_bert/pretraining/corpus.hpp"

#include <algorithm>

#include "common/system/files.hpp"
#include "common/system/text.hpp"
#include "common/text/unicode.hpp"

namespace bert {
using namespace byhand;

Texts texts_of(const std::vector<Story>& stories) {
  Texts texts;
  for (const Story& story : stories) texts.push_back(story.sentences);
  return texts;
}

namespace {

/// Whether there is anything to read in a line. The first question is the quick one.
bool readable(std::string_view line) {
  const auto letter = [](unsigned char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  return std::any_of(line.begin(), line.end(), letter) || !text::basic_tokens(line).empty();
}

}  // namespace

std::vector<std::string> read_lines(const std::filesystem::path& file) {
  // Its lines, pieces and ids are kept: some 10 bytes of memory for a byte of text
  constexpr std::uintmax_t largest = 256 << 20;
  const std::string text = read_file(file, largest);
  std::vector<std::string> lines;
  for (const std::string_view line : byhand::split(text, '\n')) {
    // Tabs stay: they divide columns (read_labelled)
    const std::string_view kept = trimmed(line, " \r\f\v");
    lines.emplace_back(readable(line) ? kept : std::string_view());
  }
  if (text.empty() || text.back() == '\n') lines.pop_back();  // nothing follows the last line end
  return lines;
}

Texts read_texts(const std::filesystem::path& file) {
  constexpr std::size_t lines_together = 20, fewest = 40;
  Texts marked(1), plain(1);
  std::size_t count = 0;
  for (const std::string& line : read_lines(file)) {
    if (line.empty()) {
      if (!marked.back().empty()) marked.emplace_back();
      continue;
    }
    if (plain.back().size() == lines_together) plain.emplace_back();
    marked.back().push_back(line);
    plain.back().push_back(line);
    ++count;
  }
  check(count >= fewest,
        "{}: {} lines of text; a sentence a line, at least {}, is what BERT is trained on",
        file.string(), count, fewest);
  if (marked.back().empty()) marked.pop_back();
  const auto with_pairs = std::count_if(marked.begin(), marked.end(),
                                        [](const auto& document) { return document.size() > 1; });
  return std::size_t(with_pairs) >= fewest_documents ? marked : plain;
}

text::WordPieceOptions tokenizer_for(const std::vector<std::string>& texts) {
  return {.basic = {.strip_accents = std::none_of(texts.begin(), texts.end(), text::has_hangul)},
          .longest_word = 100};
}

text::WordPiece train_vocabulary(const Texts& texts, std::size_t size) {
  std::vector<std::string> sentences;
  for (const auto& document : texts)
    sentences.insert(sentences.end(), document.begin(), document.end());
  return text::train_wordpiece(sentences, size, {.tokenizer = tokenizer_for(sentences)});
}

text::BertTokens special_tokens(const text::WordPiece& vocabulary) {
  return {vocabulary.pad(), vocabulary.cls(), vocabulary.sep(), vocabulary.mask()};
}

std::vector<std::int64_t> special_ids(const text::WordPiece& vocabulary) {
  return {vocabulary.pad(), vocabulary.unk(), vocabulary.cls(), vocabulary.sep(),
          vocabulary.mask()};
}

std::vector<text::Document> encode(const Texts& texts, const text::WordPiece& vocabulary) {
  std::vector<text::Document> documents;
  for (const auto& sentences : texts) {
    text::Document document;
    for (const std::string& sentence : sentences) {
      text::Sentence tokens = vocabulary.ids(sentence);
      if (!tokens.empty()) document.push_back(std::move(tokens));
    }
    if (!document.empty()) documents.push_back(std::move(document));
  }
  return documents;
}

text::SentencePair draw_pair(const std::vector<text::Document>& documents, std::size_t d,
                             std::size_t s, Generator& generator) {
  const text::Sentence& a = documents[d][s];
  if (generator.uniform() < 0.5f) return {a, documents[d][s + 1], 0};
  std::size_t other = std::size_t(generator.randint(0, std::int64_t(documents.size()) - 1, 1)[0]);
  if (other >= d) ++other;  // any document but this one
  const text::Document& document = documents[other];
  return {a, document[std::size_t(generator.randint(0, std::int64_t(document.size()), 1)[0])], 1};
}

PairDataset::PairDataset(std::vector<text::Document> documents, const PairPlan& plan,
                         std::size_t size, const Generator& generator)
    : documents_(std::move(documents)), plan_(plan), size_(size), generator_(generator) {
  check(!plan.next_sentence || documents_.size() >= 2,
        "pairs of sentences: {} documents, at least 2 are needed", documents_.size());
  for (std::size_t d = 0; d < documents_.size(); ++d)
    for (std::size_t s = 0; s + (plan.next_sentence ? 1 : 0) < documents_[d].size(); ++s)
      places_.emplace_back(d, s);
  check(!places_.empty(), "pairs of sentences: no sentence is followed by another one");
}

train::Batch PairDataset::rows(const std::vector<std::int64_t>& indices) const {
  std::vector<text::SentencePair> pairs;
  std::vector<text::Sentence> sentences;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto [d, s] =
        places_[std::size_t(generator_.randint(0, std::int64_t(places_.size()), 1)[0])];
    if (plan_.next_sentence)
      pairs.push_back(draw_pair(documents_, d, s, generator_));
    else
      sentences.push_back(documents_[d][s]);
  }
  const text::PackedBatch packed =
      plan_.next_sentence ? text::pack_pairs(pairs, plan_.tokens, plan_.max_length)
                          : text::pack_sentences(sentences, plan_.tokens, plan_.max_length);
  const text::MaskedTokens hidden =
      text::mask_tokens(packed.ids, plan_.special, plan_.vocabulary, plan_.tokens.mask, generator_);
  const Ids follows = plan_.next_sentence
                          ? text::pair_labels(pairs)
                          : ids({indices.size()}, std::vector<std::int64_t>(indices.size(), 0));
  return {{packed.padding}, {hidden.ids, packed.segments, hidden.labels, follows}, indices.size()};
}

}  // namespace bert
