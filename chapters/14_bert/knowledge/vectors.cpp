#include "chapters/14_bert/knowledge/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "chapters/14_bert/pretraining/corpus.hpp"
#include "common/tensor/matmul.hpp"

namespace bert {
using namespace byhand;

Labelled labelled_sentences(const std::vector<Story>& stories, std::size_t count) {
  Labelled found;
  std::set<std::string> seen;
  std::vector<std::size_t> taken(topics().size(), 0);
  for (const Story& story : stories)
    for (const std::string& sentence : story.sentences) {
      if (taken[std::size_t(story.topic)] == count || !seen.insert(sentence).second) continue;
      ++taken[std::size_t(story.topic)];
      found.sentences.push_back(sentence);
      found.labels.push_back(story.topic);
    }
  return found;
}

namespace {

bool has_word(const std::string& sentence, const std::string& word) {
  return (" " + sentence + " ").find(" " + word + " ") != std::string::npos;
}

}  // namespace

Labelled sentences_with(const TwoSenses& word, const std::vector<Story>& stories,
                        std::size_t count) {
  Labelled found;
  std::set<std::string> seen;
  std::size_t taken[2] = {0, 0};
  for (const Story& story : stories) {
    if (story.topic != word.first && story.topic != word.second) continue;
    const std::int64_t sense = story.topic == word.first ? 0 : 1;
    for (const std::string& sentence : story.sentences) {
      if (taken[sense] == count || !has_word(sentence, word.word) || !seen.insert(sentence).second)
        continue;
      ++taken[sense];
      found.sentences.push_back(sentence);
      found.labels.push_back(sense);
    }
  }
  return found;
}

Labelled one_frame(const TwoSenses& word) {
  Labelled found;
  for (const std::int64_t topic : {word.first, word.second})
    for (const std::string& sentence : frame_sentences(word.word, topic)) {
      found.sentences.push_back(sentence);
      found.labels.push_back(topic == word.first ? 0 : 1);
    }
  return found;
}

namespace {

text::PackedBatch pack(const std::vector<std::string>& sentences, const nn::Bert& bert,
                       const text::WordPiece& vocabulary) {
  std::vector<text::Sentence> tokens;
  for (const std::string& sentence : sentences) tokens.push_back(vocabulary.ids(sentence));
  return text::pack_sentences(tokens, special_tokens(vocabulary), bert.config.max_length);
}

/// Rows of length 1, so that a product of two is their cosine.
Array directions(const Array& vectors) {
  Array rows = vectors;
  const std::size_t size = rows.shape()[1];
  for (std::size_t i = 0; i < rows.shape()[0]; ++i) {
    real* row = rows.data() + i * size;
    double squares = 0;
    for (std::size_t d = 0; d < size; ++d) squares += double(row[d]) * double(row[d]);
    for (std::size_t d = 0; d < size; ++d)
      row[d] = real(row[d] / std::sqrt(std::max(squares, 1e-30)));
  }
  return rows;
}

/// All cosines of pairs: (n, n).
Array cosine_table(const Array& vectors, std::size_t labels) {
  check(vectors.dimension() == 2 && vectors.shape()[0] == labels && labels > 1,
        "cosines: {} rows need as many labels, got {}", shape_of(vectors), labels);
  const Array rows = directions(vectors);
  return matmul(Tensor(rows), Tensor(rows), Transpose::no, Transpose::yes).value();
}

}  // namespace

WordVectors vectors_of(const std::string& word, const std::vector<std::string>& sentences,
                       const nn::Bert& bert, const text::WordPiece& vocabulary) {
  const std::int64_t id = vocabulary.id(word);
  const text::PackedBatch batch = pack(sentences, bert, vocabulary);
  const NoGrad no_grad;
  // (sentences, length, size)
  const Tensor sequence = bert({batch.ids, batch.segments, batch.padding});
  const Array& table = bert.embeddings.word.weight.value();
  const std::size_t length = batch.ids.shape()[1], size = sequence.shape(2);
  WordVectors vectors{empty({sentences.size(), size}), empty({sentences.size(), size})};
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::int64_t* row = batch.ids.data() + i * length;
    const std::size_t place = std::size_t(std::find(row, row + length, id) - row);
    check(place < length, "the sentence '{}' does not have the word {}", sentences[i], word);
    std::copy_n(table.data() + std::size_t(id) * size, size, vectors.before.data() + i * size);
    std::copy_n(sequence.value().data() + (i * length + place) * size, size,
                vectors.after.data() + i * size);
  }
  return vectors;
}

Cosines cosines(const Array& vectors, const std::vector<std::int64_t>& labels) {
  const Array table = cosine_table(vectors, labels.size());
  double sums[2] = {0, 0}, counts[2] = {0, 0};
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t other = labels[i] != labels[j];
      sums[other] += double(table(i, j));
      ++counts[other];
    }
  check(counts[0] > 0 && counts[1] > 0,
        "cosines: needs two rows with one label and two with different ones");
  return {sums[0] / counts[0], sums[1] / counts[1]};
}

Array sentence_vectors(const std::vector<std::string>& sentences, const nn::Bert& bert,
                       const text::WordPiece& vocabulary) {
  const text::PackedBatch batch = pack(sentences, bert, vocabulary);
  const NoGrad no_grad;
  return bert.sentence_vectors({batch.ids, batch.segments, batch.padding}).value();
}

Array mean_of_embeddings(const std::vector<std::string>& sentences, const nn::Bert& bert,
                         const text::WordPiece& vocabulary) {
  const text::PackedBatch batch = pack(sentences, bert, vocabulary);
  const NoGrad no_grad;
  return nn::mean_pool(bert.embeddings.word(batch.ids), batch.padding).value();
}

double nearest_has_same_label(const Array& vectors, const std::vector<std::int64_t>& labels) {
  const Array table = cosine_table(vectors, labels.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::size_t nearest = i == 0 ? 1 : 0;
    for (std::size_t j = 0; j < labels.size(); ++j)
      if (j != i && table(i, j) > table(i, nearest)) nearest = j;
    same += labels[i] == labels[nearest];
  }
  return double(same) / double(labels.size());
}

}  // namespace bert
