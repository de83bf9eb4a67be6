// Chapter 06 against tests/golden/word2vec, glove and similarity_tfidf, and texts made for the purpose.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "chapters/06_word2vec/pictures.hpp"
#include "chapters/06_word2vec/settings.hpp"
#include "chapters/06_word2vec/step/built_in.hpp"
#include "chapters/06_word2vec/step/by_hand.hpp"
#include "chapters/06_word2vec/step/matrices.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;
using test::error_of;

namespace {

struct Way {
  const char* name;
  word2vec::Step (*step)(const word2vec::Weights&, const word2vec::Example&);
  bool numbers_between;  // whether it fills in hidden, scores, probabilities
};
const std::vector<Way> ways = {{"by hand", word2vec::by_hand, true},
                               {"matrices", word2vec::as_matrices, true},
                               {"autograd", word2vec::by_autograd, false},
                               {"fast trainer", word2vec::by_fast_trainer, false}};

std::vector<std::int64_t> list(const json& value) { return value.get<std::vector<std::int64_t>>(); }

void expect_step(const std::string& where, const word2vec::Step& step, const json& expected) {
  expect(where + " loss", step.loss, expected.at("loss"), golden::forward);
  expect(where + " W_in", step.grad_in, expected.at("grads").at("W_in"), golden::gradient);
  expect(where + " W_out", step.grad_out, expected.at("grads").at("W_out"), golden::gradient);
}

std::filesystem::path scratch(const std::string& name) { return std::filesystem::temp_directory_path() / ("byhand_06_word2vec_" + name); }

}  // namespace

TEST_CASE("one step of CBOW and skip-gram, softmax and negative sampling, four ways") {
  golden::File f("word2vec");
  const word2vec::Weights w{f.param("W_in"), f.param("W_out")};
  const std::vector<std::int64_t> context = list(f.inputs().at("context_ids")),
                                  center = {f.inputs().at("center_or_target").get<std::int64_t>()};
  const json &cbow = f.expected("cbow_mean_full_softmax"), &skipgram = f.expected("skipgram_full_softmax_sum_over_context");
  const json &skipgram_negative = f.expected("skipgram_negative_sampling"), &cbow_negative = f.expected("cbow_negative_sampling");
  const std::vector<std::int64_t> noise = list(skipgram_negative.at("negatives"));
  for (const Way& way : ways) {
    const std::string name = way.name;
    const word2vec::Step a = way.step(w, {"", context, center, {}, ""});
    expect_step(name + ": cbow softmax", a, cbow);
    const word2vec::Step b = way.step(w, {"", center, context, {}, ""});
    expect_step(name + ": skip-gram softmax", b, skipgram);
    const word2vec::Step c = way.step(w, {"", {skipgram_negative.at("center")}, {skipgram_negative.at("positive")}, noise, ""});
    expect_step(name + ": skip-gram negative", c, skipgram_negative);
    expect_step(name + ": cbow negative", way.step(w, {"", context, center, noise, ""}), cbow_negative);
    if (!way.numbers_between) continue;
    expect(name + ": hidden", a.hidden, cbow.at("hidden"), golden::forward);
    expect(name + ": logits", a.scores, cbow.at("logits"), golden::forward);
    expect(name + ": probs", a.probabilities, cbow.at("probs"), golden::forward);
    expect(name + ": skip-gram logits", b.scores, skipgram.at("logits"), golden::forward);
    const Array each = golden::array_from_json(skipgram.at("loss_each"), "loss_each");
    for (std::size_t i = 0; i < context.size(); ++i)
      CHECK(golden::close(double(each(i)), -std::log(double(b.probabilities(context[i]))), golden::forward));
    expect(name + ": scores", c.scores, skipgram_negative.at("scores"), golden::forward);
  }

  const Array counts = f.param("counts");
  const std::vector<double> seen(counts.begin(), counts.end());
  const auto as_array = [](const std::vector<double>& numbers) { return array(std::vector<real>(numbers.begin(), numbers.end())); };
  f.check("noise_distribution_counts^0.75", as_array(word2vec::noise_distribution(seen, 0.75)), golden::forward);
  f.check("unigram", as_array(word2vec::noise_distribution(seen, 1)), golden::forward);
  std::vector<double> keep;
  for (const double share : word2vec::noise_distribution(seen, 1)) keep.push_back(word2vec::keep_paper(share, 1e-3));
  f.check("subsampling_keep_prob_t1e-3_mikolov_paper", as_array(keep), golden::forward);
  const json& pairs = f.expected("skipgram_pairs_window2");
  const auto ours = word2vec::training_pairs(text::words("the wide road shimmered in the hot sun"), 2);
  REQUIRE(ours.size() == pairs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK((ours[i].first == pairs[i][0] && ours[i].second == pairs[i][1]));
  CHECK(text::character_ngrams("where", 3) == f.expected("fasttext_3grams_where").get<std::vector<std::string>>());

  if (!golden::own_values()) return;  // from here: the chapter's literals
  CHECK(max_difference(word2vec::example_weights().in, w.in) < 1e-7);
  CHECK(max_difference(word2vec::example_weights().out, w.out) < 1e-7);
  CHECK(word2vec::example_counts() == seen);
  const std::vector<word2vec::Example> examples = word2vec::examples();
  const std::vector<const json*> expected = {&cbow, &cbow_negative, &skipgram, &skipgram_negative};
  for (std::size_t i = 0; i < 4; ++i) {
    expect_step(examples[i].name, word2vec::by_hand(w, examples[i]), *expected[i]);
    CHECK(examples[i].pytorch_loss == fmt::format("{:.4f}", expected[i]->at("loss").get<double>()));
  }
}

TEST_CASE("a step refuses what it cannot compute") {
  const word2vec::Weights w = word2vec::example_weights();
  CHECK_THROWS_AS(word2vec::by_hand(w, {"", {}, {1}, {}, ""}), Error);
  CHECK_THROWS_AS(word2vec::by_hand(w, {"", {1}, {}, {}, ""}), Error);
  CHECK_THROWS_AS(word2vec::by_hand(w, {"", {1}, {8}, {}, ""}), Error);
  CHECK_THROWS_AS(word2vec::by_hand(w, {"", {-1}, {2}, {}, ""}), Error);
  CHECK_THROWS_AS(word2vec::by_hand(w, {"", {1}, {2, 3}, {4}, ""}), Error);
  CHECK(word2vec::keep_program(0.25, 0.01) == doctest::Approx(0.24).epsilon(1e-12));  // sqrt(0.04) + 0.04
  CHECK(word2vec::keep_program(0.001, 0.01) == 1);
}

TEST_CASE("GloVe's loss and gradients, three ways") {
  golden::File f("glove");
  const word2vec::GloveWeights w{f.param("w"), f.param("w_tilde"), f.param("b"), f.param("b_tilde")};
  const Array X = f.input("X");
  word2vec::GloveOptions options;
  options.x_max = f.inputs().at("x_max").get<double>();
  options.alpha = f.inputs().at("alpha").get<double>();
  // The loss is 50 and the largest derivatives are near 20: relative tolerances do it.
  const json &loss = f.expected("loss"), &grads = f.expected("grads");
  for (const auto& way : {word2vec::glove_by_hand, word2vec::glove_as_matrices, word2vec::glove_by_autograd}) {
    const word2vec::GloveStep step = way(w, X, options);
    expect("loss", step.loss, loss, golden::forward);
    expect("w", step.grad.w, grads.at("w"), golden::gradient);
    expect("w_tilde", step.grad.w_tilde, grads.at("w_tilde"), golden::gradient);
    expect("b", step.grad.b, grads.at("b"), golden::gradient);
    expect("b_tilde", step.grad.b_tilde, grads.at("b_tilde"), golden::gradient);
  }
  const Array weights = f.given("f");
  for (std::size_t i = 0; i < X.size(); ++i)
    CHECK(golden::close(double(weights.data()[i]),
                        X.data()[i] > 0 ? word2vec::glove_weight(double(X.data()[i]), options.x_max, options.alpha) : 0, golden::forward));
  if (!golden::own_values()) return;
  CHECK(max_difference(word2vec::glove_example_counts(), X) == 0);
  const word2vec::GloveWeights own = word2vec::glove_example_weights();
  CHECK(std::max({max_difference(own.w, w.w), max_difference(own.w_tilde, w.w_tilde), max_difference(own.b, w.b),
                  max_difference(own.b_tilde, w.b_tilde)}) < 1e-7);
}

TEST_CASE("an AdaGrad step of GloVe") {
  word2vec::GloveOptions options;
  word2vec::GloveWeights w = word2vec::glove_example_weights();
  const word2vec::GloveWeights before = w;
  word2vec::GloveWeights squares{ones({4, 2}), ones({4, 2}), ones({4}), ones({4})};
  Array X = zeros({4, 4});
  X(1, 2) = 120;
  const auto full = word2vec::glove_by_hand(before, X, options);  // of f (...)^2; the step is along half of it
  const double loss = word2vec::glove_adagrad_step(w, squares, {1, 2, 120}, options);
  CHECK(loss == doctest::Approx(full.loss / 2).epsilon(1e-6));
  const real lr = real(options.lr), half = lr / 2;
  CHECK(all_close(w.w, before.w - half * full.grad.w, 1e-6));
  CHECK(all_close(w.w_tilde, before.w_tilde - half * full.grad.w_tilde, 1e-6));
  CHECK(all_close(w.b, before.b - half * full.grad.b, 1e-6));
  CHECK(all_close(w.b_tilde, before.b_tilde - half * full.grad.b_tilde, 1e-6));
  CHECK(all_close(squares.w, real(1) + xt::square(half * full.grad.w), 1e-6));
  // The second step is divided by the root of the sum of squares, 1 + the first step squared.
  const word2vec::GloveWeights first = w;
  const auto next = word2vec::glove_by_hand(first, X, options);
  word2vec::glove_adagrad_step(w, squares, {1, 2, 120}, options);
  const Array divided = half * next.grad.w / xt::sqrt(real(1) + xt::square(half * full.grad.w));
  CHECK(all_close(w.w, first.w - divided, 1e-6));
}

TEST_CASE("counting pairs: 1 / distance, both orders") {
  const text::Corpus corpus({{"a", "b", "c", "a"}, {"b"}}, 1);  // a 0, b 1, c 2: as often, then as seen
  // a b 1, a c 1/2, b c 1, b a 1/2, c a 1, in both orders
  const std::vector<std::tuple<int, int, double>> expected = {{0, 1, 1.5}, {0, 2, 1.5}, {1, 0, 1.5}, {1, 2, 1}, {2, 0, 1.5}, {2, 1, 1}};
  const auto counts = word2vec::count_cooccurrences(corpus, 2);
  REQUIRE(counts.size() == expected.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    CHECK(std::tuple<int, int, double>(counts[i].word, counts[i].other, counts[i].count) == expected[i]);
  CHECK_THROWS_AS(word2vec::count_cooccurrences(corpus, 0), Error);
}

TEST_CASE("GloVe finds vectors whose products are the logarithms of the counts") {
  std::vector<text::Words> sentences;
  for (int i = 0; i < 40; ++i) sentences.push_back(i % 4 ? text::Words{"a", "b", "c"} : text::Words{"c", "d", "a"});
  const text::Corpus corpus(sentences, 1);
  word2vec::GloveOptions options{.width = 6, .window = 2, .epochs = 300, .x_max = 20};
  Generator generator{1};
  double first = 0, last = 0;
  const text::WordVectors vectors = word2vec::train_glove(
      corpus, options, generator, [&](int epoch, double loss, const text::WordVectors&) { (epoch == 1 ? first : last) = loss; });
  CHECK(first > 0.5);  // ln 40 is 3.7: far away at first
  CHECK(last < first / 1000);
  CHECK(vectors.size() == 4);
  options.unseen = 0.1;  // then b and d, which never meet, are counted as well
  Generator again{1};
  double with_unseen = 0;
  word2vec::train_glove(corpus, options, again, [&](int epoch, double loss, const text::WordVectors&) {
    if (epoch == 1) with_unseen = loss;
  });
  CHECK(with_unseen != first);
  options.lr = 0;
  CHECK_THROWS_AS(word2vec::train_glove(corpus, options, again), Error);
  CHECK_THROWS_AS(word2vec::train_glove(text::Corpus({{"a"}, {"b"}}, 1), {}, again), Error);  // no pair
}

TEST_CASE("fastText: FNV-1a, buckets, vectors of words never seen") {
  CHECK(word2vec::fnv1a("") == 0x811c9dc5u);  // the published test values
  CHECK(word2vec::fnv1a("a") == 0xe40c292cu);
  CHECK(word2vec::fnv1a("foobar") == 0xbf9cf968u);
  CHECK(word2vec::fnv1a("\xC3") == 0xc5f34f72u);  // (0x811c9dc5 ^ 0xffffffc3) * 16777619 mod 2^32: the sign is carried
  const word2vec::NgramOptions ngrams{3, 4, 50};
  const std::vector<std::uint32_t> buckets = word2vec::ngram_buckets("tea", ngrams);
  REQUIRE(buckets.size() == 5);  // <te tea ea> and <tea tea>
  CHECK(buckets[1] == word2vec::fnv1a("tea") % 50);
  CHECK(buckets[4] == word2vec::fnv1a("tea>") % 50);
  CHECK_THROWS_AS(word2vec::ngram_buckets("tea", {3, 2, 50}), Error);
  CHECK_THROWS_AS(word2vec::ngram_buckets("tea", {3, 6, 0}), Error);

  Generator generator{3};
  const text::Corpus corpus(word2vec::toy_sentences(400, generator), 1);
  const text::Subwords subwords = word2vec::subwords_of(corpus.vocabulary, ngrams);
  const std::size_t words = corpus.vocabulary.size();
  CHECK(subwords.rows == words + 50);
  const std::vector<std::uint32_t>& rows = subwords.of_word[std::size_t(corpus.vocabulary.id("tea"))];
  CHECK(rows[0] == corpus.vocabulary.id("tea"));
  CHECK(rows[1] == words + buckets[0]);

  text::Word2VecOptions options;
  options.width = 10;
  options.epochs = 1;
  word2vec::FastText model(corpus, options, ngrams, generator);
  model.model().train();
  CHECK(max_difference(model.vector("tea"), model.model().vectors()["tea"]) == 0);
  const Array table = model.model().in().values();
  Array mean = zeros({10});
  const std::vector<std::uint32_t> unseen = word2vec::ngram_buckets("xtea", ngrams);
  for (const std::uint32_t bucket : unseen) mean += xt::view(table, words + bucket) / real(unseen.size());
  CHECK(all_close(model.vector("xtea"), mean, 1e-6));
  CHECK_FALSE(model.has_vector("x"));  // <x> is the word itself, not a run inside it
  CHECK_THROWS_AS(model.vector("x"), Error);
}

TEST_CASE("king - man + woman is queen") {
  const golden::Document f("similarity_tfidf");
  const json &inputs = f.root_.at("inputs"), &expected = f.root_.at("expected");
  const text::WordVectors vectors(inputs.at("names").get<std::vector<std::string>>(), golden::array_from_json(inputs.at("E"), "E"));
  const Array query = vectors["king"] - vectors["man"] + vectors["woman"];
  expect("king-man+woman", query, expected.at("king-man+woman"), golden::forward);
  CHECK(vectors.nearest(query, 1, {"king", "man", "woman"})[0].word == expected.at("nearest_excluding_inputs").get<std::string>());
  const Array cosines = golden::array_from_json(expected.at("cosine_to_all"), "cosine_to_all");
  for (std::size_t i = 0; i < vectors.size(); ++i)
    CHECK(golden::close(double(cosines(i)), text::cosine(query, vectors[vectors.words()[i]]), golden::forward));
}

TEST_CASE("scores of analogies, and parallel arrows") {
  // b = a + (0, 1) and d = c + (0, 1); e lies elsewhere
  const text::WordVectors vectors({"a", "b", "c", "d", "e"}, array({5, 2}, {1, 0, 1, 1, 2, 0, 2, 1, -1, -3}));
  const word2vec::AnalogyScore score =
      word2vec::score_analogies(vectors, {{"a", "b", "c", "d"}, {"a", "b", "c", "e"}, {"a", "b", "c", "missing"}});
  CHECK(score.asked == 2);
  CHECK(score.right == 1);
  CHECK(score.share() == 0.5);
  CHECK(word2vec::AnalogyScore{}.share() == 0);
  CHECK(word2vec::parallel(vectors, {{"a", "b"}, {"c", "d"}}) == doctest::Approx(1));
  CHECK(word2vec::parallel(vectors, {{"a", "b"}, {"d", "c"}}) == doctest::Approx(-1));
  CHECK(word2vec::parallel(vectors, {{"a", "b"}, {"a", "c"}, {"c", "d"}}) == doctest::Approx(1.0 / 3));  // 0, 1, 0
  CHECK(word2vec::parallel(vectors, {{"a", "b"}, {"a", "missing"}}) == 0);
}

TEST_CASE("the toy world: every model solves its analogies") {
  Generator generator{42};
  const text::Corpus corpus(word2vec::toy_sentences(10'000, generator), 5);
  for (const word2vec::Topic& topic : word2vec::toy_topics())
    for (const std::string& word : topic.words) CHECK_MESSAGE(corpus.vocabulary.contains(word), word);
  struct Case {
    std::string model, loss;
    int epochs;
  };
  for (const Case& c : std::vector<Case>{{"skipgram", "negative", 8},
                                         {"cbow", "negative", 10},
                                         {"skipgram", "softmax", 4},
                                         {"cbow", "softmax", 4},
                                         {"fasttext", "negative", 8},
                                         {"glove", "negative", 25}}) {
    INFO(c.model, " ", c.loss);
    word2vec::Plan plan = word2vec::default_plan(c.model, c.loss, true);
    plan.word2vec.epochs = plan.glove.epochs = c.epochs;
    plan.glove.unseen = 0.1;
    Generator start{1};
    const word2vec::Trained trained = word2vec::train(corpus, plan, text::toy_analogies(), start);
    REQUIRE(trained.epochs.size() == std::size_t(c.epochs));
    CHECK(trained.epochs.back().loss < trained.epochs.front().loss);
    CHECK(trained.epochs.back().analogies.share() >= 0.95);
    CHECK(trained.vectors.analogy("king", "man", "woman", 1)[0].word == "queen");
    CHECK(trained.vectors.analogy("paris", "france", "japan", 1)[0].word == "tokyo");
    CHECK((trained.fasttext != nullptr) == (c.model == "fasttext"));
    if (trained.fasttext) CHECK(trained.vectors.nearest(trained.fasttext->vector("frenchman"), 1)[0].word == "french");
  }
  CHECK_THROWS_AS(word2vec::default_plan("elmo", "negative", true), Error);
  CHECK_THROWS_AS(word2vec::default_plan("cbow", "hinge", true), Error);
}

TEST_CASE("vectors are saved in both formats of word2vec") {
  const text::WordVectors vectors({"tea", "커피"}, array({2, 3}, {0.1, -2, 3e-5, 4, 5.5, -6}));
  for (const std::string ending : {".txt", ".bin"}) {
    const std::filesystem::path file = scratch("vectors" + ending);
    word2vec::save_vectors(file, vectors);
    const text::WordVectors back = text::load_word_vectors(file);
    std::filesystem::remove(file);
    CHECK(back.words() == vectors.words());
    CHECK(all_close(back.vectors(), vectors.vectors(), 0, 1e-7));  // nine digits, or float32
  }
}

TEST_CASE("where vectors cannot be saved is known before the training") {
  CHECK(error_of([] { word2vec::check_vector_file("vectors.csv"); }).find("--save: 'vectors.csv' must end in") == 0);
  const std::filesystem::path folder = scratch("folder");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "taken.txt");
  CHECK(error_of([&] { word2vec::check_vector_file(folder / "taken.txt"); }).find("is a folder") != std::string::npos);
  std::ofstream(folder / "text.txt") << "my only copy\n";
  CHECK(error_of([&] { word2vec::check_vector_file(folder / "text.txt" / "x.bin"); }).find("the folder cannot be made") !=
        std::string::npos);
  std::filesystem::create_symlink("text.txt", folder / "link.txt");
  for (const char* name : {"text.txt", "link.txt"})
    CHECK(error_of([&] { word2vec::check_vector_file(folder / name, folder / "text.txt"); }).find("is the file that is read") !=
          std::string::npos);
  word2vec::check_vector_file(folder / "text.txt");  // an old file may be overwritten
  word2vec::check_vector_file(folder / "new" / "x.bin", folder / "text.txt");
  CHECK(read_file(folder / "text.txt") == "my only copy\n");
  CHECK(!std::filesystem::exists(folder / "new"));  // nothing is made for a run that may yet be refused
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file that is no text is refused, with its name and line") {
  const auto problem = [](const std::string& bytes) {
    const std::filesystem::path file = scratch("text.txt");
    std::ofstream(file, std::ios::binary) << bytes;
    const std::string what = error_of([&] { word2vec::read_sentences(file); });
    std::filesystem::remove(file);
    return what.substr(what.find(file.string()) == 0 ? file.string().size() : 0);
  };
  CHECK(problem("") == ": holds no word");
  CHECK(problem("\n - \n…\n") == ": holds no word");
  CHECK(problem(std::string("a\nb\0c", 5)) == ": line 2 holds a byte 0: this is not a text");
  const std::string not_utf8 = ": line 2 is not UTF-8; convert the file first, with iconv for example";
  // a byte of Latin-1; a lone second byte; "/" in two bytes, in three; half of a UTF-16 pair; beyond U+10FFFF; letters cut short
  for (const char* bytes : {"\xe9t", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf",
                            "\xf5\x80\x80\x80", "\xc3", "\xec\x99", "\xf0\x9f\x98"})
    CHECK_MESSAGE(problem(std::string("a\n") + bytes) == not_utf8, bytes);
  // the first and last letters of two, three and four bytes
  CHECK(problem("\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf 왕 é") == "");
}

TEST_CASE("a text file is read a sentence a line; probe words and neighbourhoods") {
  const std::filesystem::path file = scratch("text.txt");
  std::ofstream(file) << "The king's tea.\n\nRain falls\non the king\n";
  const auto sentences = word2vec::read_sentences(file);
  std::filesystem::remove(file);
  CHECK(sentences == std::vector<text::Words>{{"the", "king's", "tea"}, {}, {"rain", "falls"}, {"on", "the", "king"}});
  CHECK_THROWS_AS(word2vec::read_sentences("no such file"), Error);
  CHECK(word2vec::probe_words({"tea", "rain", "king"}, word2vec::Model::cbow, false) == std::vector<std::string>{"king", "tea"});
  CHECK(word2vec::probe_words({"비", "눈", "해", "달"}, word2vec::Model::cbow, false) == std::vector<std::string>{"해", "달"});
  CHECK(word2vec::probe_words(" King, tea king;Tea") == std::vector<std::string>{"king", "tea"});
  CHECK(error_of([] { word2vec::probe_words("!"); }) == "--probe: no word in '!'");

  const text::WordVectors vectors({"a", "b", "c", "d"}, array({4, 2}, {1, 0, 1, 0.1, 0, 1, 0.1, 1}));
  const auto near = word2vec::neighbourhoods(vectors, {"a", "missing", "c"}, 2);
  REQUIRE(near.size() == 2);
  CHECK(near[0].words == std::vector<std::string>{"a", "b", "d"});
  CHECK(near[1].words == std::vector<std::string>{"c"});  // no word twice
  CHECK(word2vec::words_with_vectors(vectors, {{"x", {"a", "missing"}}, {"y", {"d"}}}) == std::vector<std::string>{"a", "d"});
}

TEST_CASE("real text: the King James Bible") {
  const std::filesystem::path file = project_dir() / "datasets/cache/kjv.txt";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: datasets/cache/kjv.txt is not there; `./byhand data kjv` fetches it");
    return;
  }
  std::istringstream lines(read_file(file));
  std::vector<text::Words> sentences;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream split(line);
    text::Words& sentence = sentences.emplace_back();
    for (std::string word; split >> word;) sentence.push_back(word);
  }
  const text::Corpus corpus(sentences, 5);
  CHECK(sentences.size() == 31102);
  CHECK(corpus.raw_words == 789634);
  CHECK(corpus.vocabulary.size() == 8374);
  CHECK(corpus.vocabulary.word(0) == "the");
  CHECK(corpus.vocabulary.count(0) == 62051);
  const text::Corpus by_rule(word2vec::read_sentences(file), 5);
  CHECK(by_rule.raw_words == 789684);
  CHECK(by_rule.vocabulary.size() == 5323);
  CHECK(by_rule.vocabulary.word(0) == "the");
  CHECK(by_rule.vocabulary.count(0) == 63919);
}
