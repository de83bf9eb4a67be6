// Chapter 11, parts 8 and 9: the small transformer, its tasks, training, answers and sentences.
#include <algorithm>

#include "chapters/11_transformer/seq2seq/decoding.hpp"
#include "chapters/11_transformer/seq2seq/training.hpp"
#include "common/system/files.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;

TEST_CASE("examples: the tasks, and their batches") {
  using namespace seq2seq;
  const Tokens digits{6, 4, 7, 4};  // 3 1 4 1
  CHECK(digits_text(solve(Task::copy, digits)) == "3 1 4 1");
  CHECK(digits_text(solve(Task::reverse, digits)) == "1 4 1 3");
  CHECK(digits_text(solve(Task::sort, digits)) == "1 1 3 4");
  CHECK(digits_text({sos, 3, eos, pad}) == "<sos> 0 <eos> <pad>");
  CHECK(task_of("sort") == Task::sort);
  CHECK_THROWS_WITH_AS(task_of("sorted"), "there is no task 'sorted'; the tasks are copy, reverse, sort", Error);

  Generator generator{5};
  const Examples test = draw(Task::reverse, 30, 2, 3, generator), train = draw(Task::reverse, 200, 2, 3, generator, test);
  std::size_t shortest = 9, longest = 0;
  for (const Example& e : train) {
    shortest = std::min(shortest, e.source.size());
    longest = std::max(longest, e.source.size());
    CHECK(e.target == Tokens(e.source.rbegin(), e.source.rend()));
    for (const Example& t : test) CHECK(t.source != e.source);
    for (const std::int64_t token : e.source) CHECK((token >= first_word && token < std::int64_t(digit_vocabulary)));
  }
  CHECK(shortest == 2);
  CHECK(longest == 3);
  CHECK_THROWS_AS(draw(Task::copy, 1, 3, 2, generator), Error);
  Examples all;  // the ten rows of one digit: nothing is left
  for (std::int64_t d = 0; d < 10; ++d) all.push_back({{first_word + d}, {first_word + d}});
  CHECK_THROWS_AS(draw(Task::copy, 1, 1, 1, generator, all), Error);

  const PairDataset dataset({{{5, 6, 7}, {8}}, {{9}, {10, 11}}});
  const train::Batch batch = dataset.rows({1, 0});
  CHECK(batch.size == 2);
  CHECK(batch.ids(0) == ids({2, 3}, {9, pad, pad, 5, 6, 7}));
  CHECK(batch.ids(1) == ids({2, 4}, {sos, 10, 11, eos, sos, 8, eos, pad}));
  CHECK_THROWS_AS(dataset.rows({2}), Error);
  CHECK_THROWS_AS(PairDataset(Examples{}), Error);
  CHECK_THROWS_AS(PairDataset(Examples{{{}, {3}}}), Error);
}

namespace {

seq2seq::Model small_model(std::uint64_t seed, double dropout = 0) {
  Generator generator{seed};
  return seq2seq::Model({.source_words = 7, .target_words = 6, .size = 8, .heads = 2, .layers = 2, .neurons = 12, .dropout = dropout},
                        generator);
}

/// The same number up to the order of sums.
constexpr double rounding = golden::is_double ? 1e-12 : 2e-5;

}  // namespace

TEST_CASE("the small transformer: padding and later tokens do not matter") {
  using namespace seq2seq;
  const Model model = small_model(1);
  model.eval();
  const Ids sources = ids({2, 4}, {3, 4, 5, 6, 6, 5, pad, pad}), alone = ids({1, 2}, {6, 5});
  const Ids answers = ids({2, 3}, {sos, 3, 4, sos, 5, 4}), answer_alone = ids({1, 3}, {sos, 5, 4});
  const Array both = model.decode(answers, model.encode(sources), sources).value();
  CHECK(both.shape() == Shape{2, 3, 6});
  const Array one = model.decode(answer_alone, model.encode(alone), alone).value();
  CHECK(max_difference(Array(xt::view(both, 1)), Array(xt::view(one, 0))) < rounding);
  const Array later = model.decode(ids({1, 3}, {sos, 5, 3}), model.encode(alone), alone).value();
  CHECK(max_difference(Array(xt::view(later, 0, xt::range(0, 2))), Array(xt::view(one, 0, xt::range(0, 2)))) < rounding);
  const Array open = model.decode(answer_alone, model.encode(alone), alone, false).value();
  CHECK(max_difference(Array(xt::view(open, 0, 0)), Array(xt::view(one, 0, 0))) > 1e-3);
  CHECK(max_difference(Array(xt::view(open, 0, 2)), Array(xt::view(one, 0, 2))) > 1e-5);  // two layers: the newest word changes as well
  const Array looks = model.looks(answers, sources);
  CHECK(looks.shape() == Shape{2, 2, 3, 4});
  for (std::size_t head = 0; head < 2; ++head)
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(looks(1, head, i, 2) == 0);  // padding
      CHECK(looks(1, head, i, 0) + looks(1, head, i, 1) == doctest::Approx(1).epsilon(1e-5));
    }
}

TEST_CASE("losses: padding does not count, and label smoothing has a floor") {
  using namespace seq2seq;
  const Model model = small_model(2);
  model.eval();
  const PairDataset both({{{3, 4, 5}, {3, 4, 5}}, {{6}, {3}}}), first({{{3, 4, 5}, {3, 4, 5}}}), second({{{6}, {3}}});
  // Four words with the end in the first answer, two in the second.
  CHECK(mean_loss(model, both) == doctest::Approx((4 * mean_loss(model, first) + 2 * mean_loss(model, second)) / 6).epsilon(1e-5));
  CHECK(double(batch_loss(model, both.rows({0, 1})).item()) == doctest::Approx(mean_loss(model, both)).epsilon(1e-5));
  // Python: o = s / k, r = 1 - s + o, -(r log r + (k - 1) o log o)
  CHECK(smallest_loss(0.1, 13) == doctest::Approx(0.5372207144021329).epsilon(1e-12));
  CHECK(smallest_loss(0.2, 5) == doctest::Approx(0.6614769771805253).epsilon(1e-12));
  CHECK(smallest_loss(0, 13) == 0);
}

TEST_CASE("training: the schedule, and averaged weights") {
  using namespace seq2seq;
  Generator generator{4};
  const PairDataset examples({{{3, 4}, {3, 4}}, {{5}, {5}}, {{4, 5, 3}, {4, 5, 3}}, {{5, 4}, {5, 4}}});
  const auto run_for = [&](std::int64_t steps, double averaged, std::vector<Step>* seen = nullptr) {
    const Model model = small_model(3);
    const std::vector<Step> all =
        fit(model, examples, {.steps = steps, .warmup = 2, .batch = 2, .rate = 0.5, .averaged = averaged}, Generator{9});
    if (seen) *seen = all;
    CHECK(!model.training());
    return model;
  };
  std::vector<Step> steps;
  const Model third = run_for(3, 0), fourth = run_for(4, 0, &steps), mean = run_for(4, 0.5);
  REQUIRE(steps.size() == 4);
  // 0.5 * 8^-0.5 * min(step^-0.5, step * 2^-1.5): Vaswani et al. 2017, equation 3
  for (int step = 1; step <= 4; ++step)
    CHECK(steps[std::size_t(step) - 1].rate ==
          doctest::Approx(0.5 / std::sqrt(8.0) * std::min(1 / std::sqrt(double(step)), step / std::pow(2.0, 1.5))).epsilon(1e-12));
  const auto a = third.parameters(), b = fourth.parameters(), m = mean.parameters();
  for (std::size_t i = 0; i < m.size(); ++i) {
    CHECK(max_difference(m[i].value(), Array((a[i].value() + b[i].value()) / real(2))) < 1e-6);
    CHECK(max_difference(run_for(4, 0.25).parameters()[i].value(), b[i].value()) < 1e-6);  // a quarter of four steps is the last one
  }
}

TEST_CASE("it learns to copy, to reverse and to sort") {
  using namespace seq2seq;  // rows of two or three digits: part 8 has up to eight, and expected.txt its result
  for (const Task task : {Task::copy, Task::reverse, Task::sort}) {
    Generator generator{42};
    const Examples test = draw(task, 100, 2, 3, generator), examples = draw(task, 8000, 2, 3, generator, test);
    const Model model({.source_words = digit_vocabulary, .target_words = digit_vocabulary}, generator);
    const std::vector<Step> steps = fit(model, PairDataset(examples), {.steps = 400, .warmup = 100, .batch = 32}, generator);
    CHECK(steps.back().loss < 0.65);  // 2.6 = log 13 at first; the least is 0.537
    CHECK_MESSAGE(share_right(test, answer(model, test)) >= 0.99, "task ", int(task));
    CHECK(share_right(test, answer(model, test, 3)) >= 0.99);  // with a beam
    CHECK_THROWS_AS(share_right(test, {}), Error);
  }
}

TEST_CASE("answers: the mask counts for greedy and for beam search, and no answer is longer than its own source allows") {
  using namespace seq2seq;
  int greedy_differs = 0, beam_differs = 0, cut = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Model model = small_model(seed);
    model.eval();
    model.output.bias.mutable_value()(eos) -= 2;  // the end comes late, so that there is something to see
    const Examples examples{{{3, 5, 4, 6, 3, 4}, {3}}, {{5}, {3}}};
    for (const std::size_t width : {1, 3})
      for (const bool masked : {true, false}) {
        const std::vector<Tokens> answers = answer(model, examples, width, 2, masked);
        REQUIRE(answers.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
          const std::size_t most = examples[i].source.size() + 2;
          CHECK(answers[i].size() <= most);
          CHECK(answers[i] == answer(model, {examples[i]}, width, 2, masked)[0]);  // alone as in company
          cut += width == 1 && i == 1 && answers[i].size() == most;
          for (const std::int64_t token : answers[i]) CHECK(token >= first_word);
        }
        for (std::size_t i = 0; i < 2; ++i)  // a width of 1 is greedy, masked or not
          CHECK((width > 1 || answers[i] == beam_search(model, examples[i].source, 1, examples[i].source.size() + 2, masked)));
      }
    greedy_differs += answer(model, examples, 1, 2, true) != answer(model, examples, 1, 2, false);
    beam_differs += answer(model, examples, 3, 2, true) != answer(model, examples, 3, 2, false);
  }
  CHECK(greedy_differs > 0);
  CHECK(beam_differs > 0);
  CHECK(cut > 0);  // else nothing was said about the length
}

TEST_CASE("the small transformer: sizes that cannot be are refused when it is made") {
  using namespace seq2seq;
  const auto made = [](std::size_t size, std::size_t heads) -> std::string {
    try {
      Generator generator{1};
      const Model model({.source_words = 7, .target_words = 6, .size = size, .heads = heads}, generator);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(made(8, 2) == "");
  CHECK(made(9, 3) == "Model: size 9, but the sines and cosines of positions come in pairs");
  CHECK(made(8, 3) == "Model: size 8 does not split into 3 heads");
  CHECK(made(8, 0) == "Model: size 8 does not split into 0 heads");
}

TEST_CASE("beam search: width 1 is greedy, a beam that keeps everything finds the best of all") {
  using namespace seq2seq;
  const auto log_probability = [](const Model& model, const Tokens& source, const Tokens& tokens) {  // of tokens after sos
    Tokens read{sos};
    read.insert(read.end(), tokens.begin(), tokens.end() - 1);
    const Ids sources = ids({1, source.size()}, source);
    const Array log_p = log_softmax(model.decode(ids({1, read.size()}, read), model.encode(sources), sources)).value();
    double sum = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) sum += double(log_p(0, i, std::size_t(tokens[i])));
    return sum;
  };
  int differ = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const Model model = small_model(seed);
    model.eval();
    const NoGrad no_grad;
    const Tokens source{3, 5, 4};
    const Tokens one = beam_search(model, source, 1, 2);
    const Tokens plain = greedy(model, ids({1, 3}, source), 2)[0];
    CHECK(one == plain);
    // All answers of at most two tokens, the end among them: log-probability / ((5 + length) / 6)^0.6.
    double best = -1e9;
    Tokens best_tokens;
    const auto consider = [&](const Tokens& tokens) {
      const double score = log_probability(model, source, tokens) / std::pow((5 + double(tokens.size())) / 6, 0.6);
      if (score > best) best = score, best_tokens = tokens;
    };
    consider({eos});
    for (std::int64_t x = 3; x < 6; ++x)
      for (std::int64_t y = eos; y < 6; ++y) consider({x, y});
    if (best_tokens.back() == eos) best_tokens.pop_back();
    const Tokens wide = beam_search(model, source, 100, 2);
    CHECK(wide == best_tokens);
    differ += wide != one;
  }
  CHECK(differ > 0);  // else the test would say nothing about the beam
  CHECK_THROWS_AS(beam_search(small_model(1), {3}, 0, 2), Error);
}

TEST_CASE("sentences: words, vocabularies, files") {
  using namespace seq2seq;
  const auto words = [](const std::string& s) { return fmt::format("{}", fmt::join(words_of(s), "|")); };
  CHECK(words("Don't eat, please!") == "don't|eat|,|please|!");
  CHECK(words("  ¿Qué  ÁRBOL?\t") == "¿|qué|árbol|?");
  CHECK(words("빨리 가자.") == "빨리|가자|.");
  CHECK(words("") == "");
  CHECK(words("a\xE2") == "a\xE2");  // a letter cut in two is kept as it is
  const Vocabulary vocabulary({"b a c", "a b", "a d"}, 2, 10);
  CHECK(vocabulary.size() == 6);  // four marks, a, b
  CHECK(vocabulary.encode("b x a") == Tokens{5, Vocabulary::unknown, 4});
  CHECK(vocabulary.decode({sos, 4, 5, Vocabulary::unknown, eos}) == "a b <unk>");
  CHECK(Vocabulary({"b a c", "a b", "a d"}, 1, 1).size() == 5);
  CHECK_THROWS_AS(vocabulary.decode({6}), Error);

  const auto message = [](const std::string& text, int column) -> std::string {
    const auto file = std::filesystem::temp_directory_path() / fmt::format("byhand_sentences_{}.tsv", golden::is_double);
    write_file(file, text);
    std::string what;
    try {
      const Sentences read = read_sentences(file, column);
      CHECK(read.file == file.string());
      what = fmt::format("{} {} {}", read.source.size(), read.source[0], read.target.back());
    } catch (const Error& error) {
      what = error.what();
    }
    std::filesystem::remove(file);
    return what;
  };
  CHECK(message("go\tve\tgara\r\n\nrun\tcorre\tttwieo\n", 3) == "2 go ttwieo");
  CHECK(message("go\tve\nrun\n", 2).find("line 2 has 1 columns, column 2") != std::string::npos);
  CHECK(message("go\t \n", 2).find("line 1 has an empty sentence") != std::string::npos);
  CHECK(message("\n", 2).find("no sentences") != std::string::npos);
  CHECK(message("go\tve\n", 1).find("column 2 or later") != std::string::npos);

  Sentences many;
  for (int i = 0; i < 100; ++i) {
    many.source.push_back(i % 2 ? "one two" : "two");
    many.target.push_back(i < 20 ? "a b c d e" : i % 2 ? "uno dos" : "dos");
  }
  Generator generator{1};
  const TextPairs pairs = prepare(many, 4, generator);
  CHECK(pairs.too_long == 20);
  CHECK(pairs.train.size() == 72);
  CHECK(pairs.validation.size() == 8);
  CHECK(pairs.validation_text.size() == 8);
  CHECK(pairs.source.size() == 6);
  const auto refused = [&](const Sentences& sentences) -> std::string {
    try {
      prepare(sentences, 1, generator);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const std::string why = ": 40 of 100 pairs have at most 1 words on either side; at least 50 are needed to train on";
  CHECK(refused(many) == "the sentences" + why);
  many.file = "many.tsv";
  CHECK(refused(many) == "many.tsv" + why);
  // By hand from the counts, each with 1 added: dos in every sentence, uno in some, the end in every one.
  double uno = 1, dos = 1, end = 1, loss = 0, count = 0;
  for (const Example& e : pairs.train) uno += double(e.target.size()) - 1, dos += 1, end += 1;
  const double all = uno + dos + end + 3;  // padding, start, <unk>
  for (const Example& e : pairs.validation) {
    loss -= (double(e.target.size()) - 1) * std::log(uno / all) + std::log(dos / all) + std::log(end / all);
    count += double(e.target.size()) + 1;
  }
  CHECK(loss_of_frequencies(pairs) == doctest::Approx(loss / count).epsilon(1e-9));
}
