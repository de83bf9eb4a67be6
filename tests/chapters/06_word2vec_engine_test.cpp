// The fast word2vec trainer: its random numbers, tables, single steps, and what it learns.
#include "chapters/06_word2vec/engine/word2vec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/core/parallel.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/matmul.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using text::FastRandom;
using text::RowTable;
using text::Words;

namespace {

constexpr bool is_double = sizeof(real) == 8;

/// Two little worlds that never meet: a word of one is used like the other words of the same one.
std::vector<Words> two_topics(std::size_t sentences) {
  const std::vector<Words> topics = {{"sun", "sea", "sand", "swim", "wave", "shell"}, {"code", "bug", "test", "build", "type", "loop"}};
  Generator generator{7};
  std::vector<Words> text;
  for (std::size_t s = 0; s < sentences; ++s) {
    Words sentence;
    for (const std::int64_t i : generator.randint(0, 6, 8)) sentence.push_back(topics[s % 2][std::size_t(i)]);
    text.push_back(sentence);
  }
  return text;
}

text::Word2VecOptions small_options() {
  text::Word2VecOptions options;
  options.width = 12;
  options.window = 3;
  options.sample = 0;
  options.epochs = 5;
  options.lr = 0.05;
  return options;
}

text::WordVectors trained(const std::vector<Words>& text, const text::Word2VecOptions& options, Generator& generator,
                          const std::function<void(const text::Word2VecEpoch&)>& report) {
  const text::Corpus corpus(text, 5);
  text::Word2Vec model(corpus, options, generator);
  model.train(report);
  return model.vectors();
}

}  // namespace

TEST_CASE("FastRandom is SplitMix64") {
  FastRandom random(1234567);  // the values of the published C program from this seed
  for (const std::uint64_t expected :
       {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u})
    CHECK(random.next() == expected);
  int hits[3] = {};
  for (int i = 0; i < 30'000; ++i) ++hits[random.below(3)];
  for (const int hit : hits) CHECK(std::abs(hit - 10'000) < 5 * 82);  // five standard deviations, sqrt(30000 * 1/3 * 2/3) = 82
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double x = random.unit();
    CHECK((x >= 0 && x < 1));
    sum += x;
  }
  CHECK(std::abs(sum / 10'000 - 0.5) < 5 * 0.0029);  // sqrt(1 / 12 / 10000)
  CHECK(FastRandom::stream(1, 2).next() != FastRandom::stream(1, 3).next());
}

TEST_CASE("an alias table draws in proportion to the weights") {
  const std::vector<double> weights = {5, 0, 1, 3, 1, 0.5};
  const text::AliasTable table(weights);
  const std::vector<double> p = table.probabilities();
  for (std::size_t i = 0; i < weights.size(); ++i) CHECK(std::abs(p[i] - weights[i] / 10.5) < 1e-8);  // a place is kept to 2^-32
  FastRandom random(3);
  std::vector<int> hits(weights.size(), 0);
  for (int i = 0; i < 100'000; ++i) ++hits[table.draw(random)];
  CHECK(hits[1] == 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    CHECK(std::abs(hits[i] - 100'000 * weights[i] / 10.5) < 5 * 160);  // sqrt(n p (1-p)) < 160
  CHECK(text::AliasTable({2}).draw(random) == 0);
  CHECK_THROWS_AS(text::AliasTable({}), Error);
  CHECK_THROWS_AS(text::AliasTable({0, 0}), Error);
  CHECK_THROWS_AS(text::AliasTable({1, -1}), Error);
  CHECK_THROWS_AS(text::AliasTable({1, INFINITY}), Error);
}

TEST_CASE("rows of a table begin on cache lines and come back as they were") {
  for (const std::size_t width : {1u, 7u, 8u, 16u, 17u, 100u}) {
    Generator generator{width};
    const Array values = randn({5, width}, generator);
    const RowTable table(values);
    CHECK(max_difference(table.values(), values) == 0);
    for (std::size_t i = 0; i < 5; ++i) CHECK(reinterpret_cast<std::uintptr_t>(table.row(i)) % 64 == 0);
  }
  const RowTable table(array({3, 2}, {1, 2, 3, 4, 8, 9}));
  const std::vector<std::uint32_t> rows = {0, 2, 2, 1}, missing = {3};
  CHECK(max_difference(table.mean(rows), array({5, 6})) == 0);  // (1 + 8 + 8 + 3) / 4, (2 + 9 + 9 + 4) / 4
  CHECK_THROWS_AS(table.mean(missing), Error);
  CHECK_THROWS_AS(table.mean({}), Error);
  CHECK_THROWS_AS(RowTable(0, 3), Error);
  CHECK_THROWS_AS(RowTable(array({1, 2, 3})), Error);
}

TEST_CASE("a step moves the tables against the gradient that autograd finds") {
  Generator generator{5};
  const double tolerance = is_double ? 1e-13 : 3e-6;  // a row of 0.5 and more minus itself moved: 6e-8 each, times the sums
  for (const std::size_t width : {3u, 8u, 40u}) {
    const Array in = randn({9, width}, generator), out = randn({9, width}, generator);
    const std::vector<std::vector<std::int64_t>> input_lists = {{4}, {0, 1, 8}, {2, 2, 5}},
                                                 target_lists = {{3, 0, 7}, {6}, {1, 1, 1, 2, 8, 0, 0}};
    for (const auto& inputs : input_lists)
      for (const auto& targets : target_lists)
        for (const bool negative : {true, false}) {
          const Tensor a(in, true), b(out, true);
          const Tensor h = reshape(mean(embedding(a, ids(inputs)), {0}), {width, 1});
          Tensor loss;
          if (negative) {
            Array sign = full({targets.size(), 1}, -1);
            sign(0, 0) = 1;
            loss = -sum(logsigmoid(matmul(embedding(b, ids(targets)), h) * Tensor(sign)));
          } else {
            const Tensor scores = reshape(matmul(b, h), {1, 9});
            loss = cross_entropy(expand(scores, {targets.size(), 9}), ids(targets), {.reduction = Reduction::sum});
          }
          loss.backward();
          RowTable in_rows(in), out_rows(out);
          text::Word2VecStep step(in_rows, out_rows);
          const std::vector<std::uint32_t> from(inputs.begin(), inputs.end()), to(targets.begin(), targets.end());
          const real lr = real(0.5);
          const double got = negative ? step.negative(from, to, lr) : step.softmax(from, to, lr);
          CHECK(std::abs(got - double(loss.item())) < tolerance * 10);  // the loss is a sum of up to seven terms of size 5
          CHECK(all_close(in_rows.values(), in - lr * a.grad(), tolerance));
          CHECK(all_close(out_rows.values(), out - lr * b.grad(), tolerance));

          // The whole error: each input moves as many times as far as there are inputs.
          RowTable in_whole(in), out_whole(out);
          text::Word2VecStep whole(in_whole, out_whole, true);
          negative ? whole.negative(from, to, lr) : whole.softmax(from, to, lr);
          CHECK(all_close(in_whole.values(), in - lr * real(inputs.size()) * a.grad(), 3 * tolerance));
        }
  }
  RowTable narrow(2, 3), wide(2, 4);
  CHECK_THROWS_AS(text::Word2VecStep(narrow, wide), Error);
}

TEST_CASE("huge scores neither overflow nor become NaN") {
  RowTable in(array({2, 1}, {1000, -1000})), out(array({2, 1}, {50, -50}));
  text::Word2VecStep step(in, out);
  const std::vector<std::uint32_t> input = {0}, targets = {1, 0};
  CHECK(std::abs(step.negative(input, targets, 0) - 100'000) < 1e-2);                     // -log sigmoid(-50000) - log sigmoid(-50000)
  CHECK(std::abs(step.softmax(input, std::span(targets).first(1), 0) - 100'000) < 1e-2);  // 50000 - -50000
}

TEST_CASE("a corpus numbers its words and cuts long sentences") {
  const text::Corpus corpus({{"b", "a", "rare", "a"}, {}, {"rarer"}, {"a", "b"}}, 2);
  CHECK(corpus.vocabulary.all() == Words{"a", "b"});
  CHECK(corpus.words == std::vector<std::uint32_t>{1, 0, 0, 0, 1});
  CHECK(corpus.ends == std::vector<std::size_t>{3, 5});  // sentences without a known word are not there
  CHECK(corpus.raw_words == 7);
  CHECK(text::Corpus({Words(25'000, "a")}, 1).ends == std::vector<std::size_t>{10'000, 20'000, 25'000});
  CHECK(error_of([] {
          text::Corpus({{"a", "b"}}, 2);
        }) == "word2vec: none of the 2 words of the text occurs 2 times; give a smaller min_count (--min-count)");
  CHECK(error_of([] { text::Corpus({{}, {}}, 1); }) == "word2vec: the text holds no word");
}

TEST_CASE("keeping words and choosing noise follow the formulas") {
  const text::Corpus corpus({Words(90, "often"), Words(10, "seldom")}, 1);
  text::Word2VecOptions options = small_options();
  options.sample = 0.009;
  Generator generator{1};
  const text::Word2Vec model(corpus, options, generator);
  CHECK(text::keep_probability(corpus.vocabulary, 0, options.sample) ==
        doctest::Approx(0.11).epsilon(1e-12));  // f = 0.9: sqrt(0.01) + 0.01
  CHECK(text::keep_probability(corpus.vocabulary, 1, options.sample) ==
        doctest::Approx(0.3 + 0.09).epsilon(1e-12));  // f = 0.1: sqrt(0.09) + 0.09
  const double often = std::pow(90, 0.75), seldom = std::pow(10, 0.75);
  CHECK(std::abs(model.noise().probabilities()[1] - seldom / (often + seldom)) < 1e-8);
  for (std::size_t word = 0; word < 2; ++word)
    for (const real x : Array(xt::view(model.in().values(), word))) CHECK(std::abs(x) <= real(0.5) / 12);
  CHECK(xt::sum(xt::abs(model.out().values()))() == 0);
}

TEST_CASE("a window of one word gives each pair of neighbours, both ways") {
  const text::Corpus corpus({{"a", "b", "c", "d"}, {"a"}, {"b", "a"}}, 1);
  text::Word2VecOptions options = small_options();
  options.window = 1;
  options.epochs = 3;
  for (const bool skipgram : {true, false}) {
    options.skipgram = skipgram;
    Generator generator{1};
    text::Word2Vec model(corpus, options, generator);
    std::vector<int> epochs;
    model.train([&](const text::Word2VecEpoch& e) {
      epochs.push_back(e.epoch);
      CHECK(e.predictions == (skipgram ? 6 + 2 : 4 + 2));  // pairs; words that have a neighbour
      CHECK(std::isfinite(e.loss));
    });
    CHECK(epochs == std::vector{1, 2, 3});
  }
}

TEST_CASE("a text of which nothing can be learned is an error") {
  const auto problem = [](const std::vector<Words>& text, double sample) {
    const text::Corpus corpus(text, 1);
    text::Word2VecOptions options = small_options();
    options.sample = sample;
    Generator generator{1};
    text::Word2Vec model(corpus, options, generator);
    return error_of([&] { model.train(); });
  };
  CHECK(problem({{"alone"}}, 0).find("word2vec: epoch 1 had nothing to predict") == 0);
  CHECK(problem({{"a"}, {"b"}, {"a"}}, 0).find("--min-count") != std::string::npos);
  // f = 1/2: each word is kept with the probability 1.4e-6 + 2e-12, so two of these two hundred in one sentence: never
  CHECK(problem(std::vector<Words>(100, {"a", "b"}), 1e-12).find("(sample)") != std::string::npos);
  CHECK(problem({{"a", "b"}}, 0) == "");
}

TEST_CASE("all four kinds of training put words of one topic together; one thread repeats itself exactly") {
  const std::vector<Words> text = two_topics(600);
  for (const bool skipgram : {true, false})
    for (const bool negative : {true, false}) {
      CAPTURE(skipgram);
      CAPTURE(negative);
      text::Word2VecOptions options = small_options();
      options.skipgram = skipgram;
      options.negative = negative;
      std::vector<double> losses;
      const auto run = [&](std::uint64_t seed) {
        Generator generator{seed};
        losses.clear();
        return trained(text, options, generator, [&](const text::Word2VecEpoch& e) { losses.push_back(e.loss); });
      };
      const text::WordVectors vectors = run(1);
      CHECK(losses.back() < losses.front());
      // The best a softmax can do: the six words of the topic, each as likely as the other.
      if (!negative) CHECK(losses.back() == doctest::Approx(std::log(6)).epsilon(0.03));
      for (const text::Neighbour& near : vectors.nearest("sea", 5)) {
        const Words beach = {"sun", "sand", "swim", "wave", "shell"};
        CHECK(std::find(beach.begin(), beach.end(), near.word) != beach.end());
      }
      CHECK(max_difference(vectors.vectors(), run(1).vectors()) == 0);
      CHECK(max_difference(vectors.vectors(), run(2).vectors()) > 0);
    }
}

TEST_CASE("two threads without locks learn the same; a small vocabulary gets one thread, which repeats itself") {
  // 100 topics of six words: the threads seldom write the same row at the same time
  std::vector<Words> text;
  Generator draw{7};
  for (std::size_t s = 0; s < 20'000; ++s)
    for (Words& sentence = text.emplace_back(); const std::int64_t i : draw.randint(0, 6, 8))
      sentence.push_back(fmt::format("{}_{}", s % 100, i));
  const int before = threads();
  const auto train = [&](int count, const std::vector<Words>& sentences, std::uint64_t& predictions) {
    set_threads(count);
    Generator generator{1};
    return trained(sentences, small_options(), generator, [&](const text::Word2VecEpoch& e) { predictions += e.predictions; });
  };
  std::uint64_t one = 0, two = 0, small = 0;
  train(1, text, one);
  const text::WordVectors vectors = train(2, text, two);
  CHECK(one == two);  // each piece of text has its own random stream, whoever reads it
  for (const char* topic : {"0", "31", "99"}) {
    for (const text::Neighbour& near : vectors.nearest(fmt::format("{}_0", topic), 5))
      CHECK(near.word.starts_with(fmt::format("{}_", topic)));
  }
  // Twelve words: two threads would write the same rows all the time and lose each other's updates.
  CHECK(max_difference(train(2, two_topics(600), small).vectors(), train(1, two_topics(600), small).vectors()) == 0);
  set_threads(before);
}

TEST_CASE("subwords: a word's vector is the mean of its rows") {
  const text::Corpus corpus({{"a", "b", "a", "b"}, {"b", "a", "a"}}, 1);
  text::Subwords subwords{4, {{0, 2}, {1, 2, 3}}};
  for (const bool skipgram : {true, false}) {
    text::Word2VecOptions options = small_options();
    options.skipgram = skipgram;
    Generator generator{1};
    text::Word2Vec model(corpus, options, generator, subwords);
    const Array before = model.in().values();
    model.train();
    const Array rows = model.in().values();
    CHECK(rows.shape() == Shape{4, 12});
    for (std::size_t row = 0; row < 4; ++row) CHECK(max_difference(xt::view(rows, row), xt::view(before, row)) > 0);  // all are trained
    const Array mean = (xt::view(rows, 1) + xt::view(rows, 2) + xt::view(rows, 3)) / real(3);
    CHECK(all_close(model.vectors()["b"], mean, 1e-6));
  }
  Generator generator{1};
  subwords.of_word[1].push_back(4);
  CHECK_THROWS_AS(text::Word2Vec(corpus, small_options(), generator, subwords), Error);
  subwords.of_word[1].clear();
  CHECK_THROWS_AS(text::Word2Vec(corpus, small_options(), generator, subwords), Error);
  subwords.of_word.pop_back();
  CHECK_THROWS_AS(text::Word2Vec(corpus, small_options(), generator, subwords), Error);
}

TEST_CASE("options that make no sense are refused") {
  const text::Corpus corpus({{"a", "b"}}, 1);
  Generator generator{1};
  const auto refused = [&](auto change) {
    text::Word2VecOptions options = small_options();
    change(options);
    CHECK_THROWS_AS(text::Word2Vec(corpus, options, generator), Error);
  };
  refused([](auto& o) { o.width = 0; });
  refused([](auto& o) { o.window = 0; });
  refused([](auto& o) { o.negatives = 0; });
  refused([](auto& o) { o.epochs = 0; });
  refused([](auto& o) { o.sample = -1; });
  refused([](auto& o) { o.sample = std::nan(""); });
  refused([](auto& o) { o.lr = 0; });
  refused([](auto& o) { o.min_lr = 1; });
}
