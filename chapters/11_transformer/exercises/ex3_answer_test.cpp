// The reader's, the original, or the one in solutions/: the build decides.
#include <ex3_answer.hpp>
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using seq2seq::Tokens;

namespace {

constexpr std::size_t vocabulary = 7;

seq2seq::Model model(std::uint64_t seed) {
  Generator generator{seed};
  return {{.source_words = vocabulary,
           .target_words = vocabulary,
           .size = 8,
           .heads = 2,
           .layers = 1,
           .neurons = 16},
          generator};
}

/// The slow way: the answer grows word by word and the last row counts, so that nothing that comes
/// later can be seen. No padding.
double word_by_word(const seq2seq::Model& model, const Tokens& source, Tokens answer) {
  const NoGrad no_grad;
  const Ids read = ids({1, source.size()}, source);
  const Tensor memory = model.encode(read);
  answer.push_back(seq2seq::eos);
  Tokens before{seq2seq::sos};
  double sum = 0;
  for (const std::int64_t word : answer) {
    const Array log_p = log_softmax(model.decode(ids({1, before.size()}, before), memory, read))
                            .value();  // (1, n, vocabulary)
    sum += double(log_p(0, before.size() - 1, std::size_t(word)));
    before.push_back(word);
  }
  return sum;
}

void judge(const std::string& name, std::uint64_t seed, const std::vector<Tokens>& sources,
           const std::vector<Tokens>& answers) {
  const seq2seq::Model untrained = model(seed);
  std::vector<real> expected;
  for (std::size_t i = 0; i < answers.size(); ++i)
    expected.push_back(real(word_by_word(untrained, sources[i], answers[i])));
  verdict::equal(name, array(expected), ex::log_probabilities(untrained, sources, answers), 1e-4);
}

Tokens some_words(Generator& generator, std::int64_t most) {
  return generator.randint(seq2seq::first_word, std::int64_t(vocabulary),
                           std::size_t(generator.randint(1, most + 1, 1)[0]));
}

}  // namespace

TEST_CASE("one answer") {
  judge("two words", 42, {{3, 4}}, {{4, 3}});
  judge("the same word again and again", 1, {{5, 5, 5}}, {{5, 5, 5}});
  judge("an empty answer", 42, {{3, 4}}, {{}});
}

TEST_CASE("several answers, of one length and of different lengths") {
  judge("one length", 7, {{3, 4}, {5, 6}}, {{4, 3}, {6, 5}});
  Generator generator{42};
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::vector<Tokens> sources, answers;
    for (int i = 0; i < 6; ++i) {
      sources.push_back(some_words(generator, 5));
      answers.push_back(some_words(generator, 6));
    }
    judge(fmt::format("six answers, model {}", seed), seed, sources, answers);
  }
}
