// Chapter 05 against tests/golden/similarity_tfidf, embedding, sq_word_embedding_figure, sq_word_embedding_training, and the vectors of GloVe.
#include "chapters/05_word_embeddings/counts.hpp"
#include "chapters/05_word_embeddings/glove.hpp"
#include "chapters/05_word_embeddings/network/train.hpp"
#include "chapters/05_word_embeddings/pictures.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/matmul.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;
using golden::json;

namespace {

embeddings::Matrices matrices_of(const golden::File& f, const json& params) {
  return {f.array(params.at("E_4x2_rows_tokens"), "E"), f.array(params.at("O_4x2_rows_outputs"), "O")};
}

template <class Function>
std::string error_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<double> numbers(const embeddings::OneHot& values) { return {values.begin(), values.end()}; }

/// The two tables with the notes' sixteen names.
embeddings::Weights<real> as_weights(const embeddings::Matrices& m) {
  std::array<real, embeddings::weight_count> values;
  std::copy_n(m.O.data(), 8, std::copy_n(m.E.data(), 8, values.begin()));
  return embeddings::from_array(values);
}

}  // namespace

TEST_CASE("counts, TF-IDF, cosines") {
  golden::File f("similarity_tfidf");
  std::vector<text::Words> documents;
  for (const json& document : f.inputs().at("docs")) documents.push_back(text::words(document.get<std::string>()));
  if (golden::own_values()) CHECK(documents == embeddings::documents());
  const text::Words vocabulary = embeddings::vocabulary_of(documents);
  CHECK(vocabulary == f.expected("vocab").get<text::Words>());
  const Array counts = embeddings::bag_of_words(documents, vocabulary);
  f.check("bag_of_words", counts, {0, 0});
  expect("idf", embeddings::idf_by_hand(counts), f.expected("idf_sklearn_default").at("data"), {1e-12, 1e-12});  // double in both builds
  f.check("tfidf_sklearn_default", embeddings::tfidf_by_hand(counts), golden::forward);
  f.check("tfidf_no_norm_no_smooth", embeddings::tfidf_by_hand(counts, false, false), golden::forward);
  CHECK(text::ngrams(documents[0], 2) == f.expected("bigrams_doc0").get<text::Words>());

  const Array E = f.input("E");
  f.check("cosine_matrix", embeddings::cosines_by_hand(E), golden::forward);
  f.check("cosine_matrix", embeddings::cosines(E), golden::forward);
  const auto names = f.inputs().at("names").get<std::vector<std::string>>();
  const Array target = embeddings::row(E, 0) - embeddings::row(E, 2) + embeddings::row(E, 3);  // king - man + woman
  f.check("king-man+woman", target, golden::forward);
  std::vector<double> cosines, distances;
  for (std::size_t i = 0; i < names.size(); ++i) {
    cosines.push_back(embeddings::cosine_by_hand(target, embeddings::row(E, i)));
    distances.push_back(embeddings::distance_by_hand(target, embeddings::row(E, i)));
  }
  expect("cosine_to_all", cosines, f.expected("cosine_to_all").at("data"), golden::forward);
  expect("euclidean_to_all", distances, f.expected("euclidean_to_all").at("data"), golden::forward);
  std::size_t best = 1;
  for (const std::size_t i : {1, 4})
    if (cosines[i] > cosines[best]) best = i;
  CHECK(names[best] == f.expected("nearest_excluding_inputs").get<std::string>());
  const Array plural = f.input("cats") - f.input("cat");
  f.check("plurality_direction", plural, golden::forward);
  expect("dot_with_plur", std::vector{embeddings::dot_by_hand(f.input("cat"), plural), embeddings::dot_by_hand(f.input("cats"), plural)},
         f.expected("dot_with_plur"), golden::forward);
  f.check("gensim_distance_from_cosine_0.57", 1 - 0.57, golden::forward);
}

TEST_CASE("counts: order is lost, unseen words have no column, what cannot be is refused") {
  const std::vector<text::Words> two = {text::words("the dog ate the cat food"), text::words("the cat ate the dog food")};
  const text::Words vocabulary = embeddings::vocabulary_of(two);
  CHECK(vocabulary == text::Words{"ate", "cat", "dog", "food", "the"});
  const Array counts = embeddings::bag_of_words(two, vocabulary);
  CHECK(embeddings::row(counts, 0) == embeddings::row(counts, 1));
  CHECK(embeddings::row(counts, 0) == array({1, 1, 1, 1, 2}));
  CHECK(embeddings::bag_of_words({text::words("a kitten purrs")}, vocabulary) == zeros({1, 5}));
  CHECK(embeddings::tfidf_by_hand(zeros({2, 5})) == zeros({2, 5}));  // a sentence without known words stays 0
  // "the" twice in each; the pairs tell the sentences apart, and equal counts are in alphabetical order
  const auto pairs = embeddings::count_ngrams(two, 2);
  CHECK(pairs[0] == std::pair<std::string, int>{"ate the", 2});
  CHECK(pairs[1] == std::pair<std::string, int>{"the cat", 2});
  CHECK(pairs[2] == std::pair<std::string, int>{"the dog", 2});
  CHECK(pairs[3] == std::pair<std::string, int>{"cat ate", 1});
  CHECK(pairs.size() == 7);
  CHECK(embeddings::one_hot(ids({2, 0}), 3) == array({2, 3}, {0, 0, 1, 1, 0, 0}));
  CHECK(error_of([] { embeddings::one_hot(ids({3}), 3); }).find("3 is not among 0 … 2") != std::string::npos);
  CHECK(error_of([] { embeddings::one_hot(ids({-1}), 3); }).find("-1") != std::string::npos);
  CHECK(error_of([] { embeddings::cosine_by_hand(zeros({2}), ones({2})); }).find("no direction") != std::string::npos);
  CHECK(error_of([] { embeddings::dot_by_hand(zeros({2}), ones({3})); }).find("2 and 3") != std::string::npos);
  CHECK(error_of([] { embeddings::idf_by_hand(zeros({2, 1}), false); }).find("in no document") != std::string::npos);
}

TEST_CASE("a one-hot row times a table is a row of the table") {
  golden::File f("embedding");
  const Array E = f.param("E");
  const Ids ids = f.input_ids("idx");  // (2, 3)
  const nn::Embedding table = nn::Embedding::from_pretrained(E, false);
  f.check("out", table(ids), golden::forward);
  f.check("one_hot@E", reshape(matmul(embeddings::one_hot(ids, E.shape()[0]), E), {ids.shape()[0], ids.shape()[1], E.shape()[1]}),
          golden::forward);
  sum(table(ids) * Tensor(f.input("R"))).backward();
  f.check("grad_of_sum(out*R)", table.weight.grad(), golden::gradient);
  f.expected("grad_with_padding_idx_1");  // layers_test.cpp
}

TEST_CASE("the lecture's picture") {
  golden::File f("sq_word_embedding_figure");
  const Array W_in = f.param("W_in_rows_top_bottom"), W_out = f.param("W_out_rows_per_token");  // (2, 4), (4, 2)
  Array E = zeros({4, 2});
  for (std::size_t word = 0; word < 4; ++word)
    for (std::size_t node = 0; node < 2; ++node) E(word, node) = W_in(node, word);
  const embeddings::Matrices m{E, W_out};
  if (golden::own_values()) {
    const embeddings::Matrices ours = embeddings::as_matrices(embeddings::picture_weights());
    CHECK(ours.E == m.E);
    CHECK(ours.O == m.O);
    CHECK(embeddings::lecture_data().inputs == f.input("one_hot"));
    CHECK(embeddings::lecture_data().labels == f.input("labels_one_hot"));
  }
  const auto w = as_weights(m);
  const Array x = f.input("one_hot"), labels = f.input("labels_one_hot");
  std::vector<double> hidden, logits, softmax;
  double loss = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    embeddings::OneHot input, label;
    for (std::size_t j = 0; j < 4; ++j) input[j] = x(i, j), label[j] = labels(i, j);
    const auto pass = embeddings::forward(input, w);
    hidden.insert(hidden.end(), {pass.inputs_to_top_hidden, pass.inputs_to_bottom_hidden});
    const auto outputs = numbers(pass.output), probabilities = numbers(embeddings::softmax_by_hand(pass.output));
    logits.insert(logits.end(), outputs.begin(), outputs.end());
    softmax.insert(softmax.end(), probabilities.begin(), probabilities.end());
    loss += embeddings::cross_entropy_by_hand(pass.output, label) / 4;
  }
  expect("hidden", hidden, f.expected("hidden").at("data"), golden::forward);
  expect("logits", logits, f.expected("logits").at("data"), golden::forward);
  expect("softmax", softmax, f.expected("softmax").at("data"), golden::forward);
  f.check("cross_entropy_mean", loss, golden::forward);
  f.check("logits", embeddings::forward(m, x), golden::forward);
  f.check("cross_entropy_mean", double(embeddings::mean_loss(m, {x, labels})), golden::forward);
  const Ids best = argmax(embeddings::forward(m, x));
  expect("argmax", std::vector<double>(best.begin(), best.end()), f.expected("argmax").at("data"), {0, 0});
  f.check("distance_Troll2_Gymkata", embeddings::distance_by_hand(embeddings::row(E, 0), embeddings::row(E, 3)), golden::forward);
  f.check("cosine", embeddings::cosines_by_hand(E), golden::forward);
}

TEST_CASE("training, three ways from three starts, each of the four codes") {
  golden::File f("sq_word_embedding_training");
  const embeddings::Data data{f.input("one_hot"), f.input("labels")};
  const double learning_rate = f.inputs().at("lr").get<double>();
  if (golden::own_values()) {  // drawn as PyTorch draws, to the last bit
    Generator g1{42}, g2{42}, g3{42};
    const auto by_hand = embeddings::as_matrices(embeddings::random_weights(g1)), linear = embeddings::TwoLinear(g2).matrices(),
               look_up = embeddings::LookUp(g3).matrices();
    for (const auto& [name, start] : {std::pair{"from_scratch", &by_hand}, {"nn_Linear", &linear}, {"nn_Embedding", &look_up}}) {
      const embeddings::Matrices expected = matrices_of(f, f.params().at(name));
      CHECK(start->E == expected.E);
      CHECK(start->O == expected.O);
    }
  }
  for (const auto& [name, params] : f.params().items()) {
    golden::Part part = f.part(name);
    const embeddings::Matrices start = matrices_of(f, params);
    part.check("logits_before", embeddings::forward(start, data.inputs), golden::forward);
    part.check("mean_loss_before", double(embeddings::mean_loss(start, data)), golden::forward);
    const embeddings::Matrices d = embeddings::gradients(start, data);
    golden::Part gradients = part.part("mean_loss_grads_before");
    gradients.check("E", d.E, golden::gradient);
    gradients.check("O", d.O, golden::gradient);
    const embeddings::TwoLinear linear(start);
    cross_entropy(linear(Tensor(data.inputs)), data.labels).backward();
    gradients.check("O", linear.hidden_to_output.weight.grad(), golden::gradient);

    const auto run = [&](const std::string& code, int epochs) {
      if (code == "by hand") return embeddings::train_by_hand(as_weights(start), learning_rate, epochs, data);
      if (code == "matrices") return embeddings::train_matrices(start, learning_rate, epochs, data);
      if (code == "Linear") return train(embeddings::TwoLinear(start), learning_rate, epochs, data);
      return train(embeddings::LookUp(start, false), learning_rate, epochs, data);
    };
    for (const char* code : {"by hand", "matrices", "Linear", "Embedding"}) {
      const embeddings::Run longest = run(code, 100);
      CHECK(longest.steps.size() == 401);
      CHECK(longest.losses.size() == 101);
      for (const std::size_t epoch : {1, 2, 10, 100}) {
        const std::string where = fmt::format("{} {} epoch {} ", name, code, epoch);
        const json& mark = part.expected("epoch" + std::to_string(epoch));
        expect(where + "E", longest.steps[4 * epoch].E, mark.at("E"), golden::trajectory);
        expect(where + "O", longest.steps[4 * epoch].O, mark.at("O"), golden::trajectory);
        expect(where + "loss", longest.losses[epoch], mark.at("mean_loss"), golden::trajectory);
      }
      CHECK(longest.end.E == longest.steps.back().E);
      const Array softmax = byhand::softmax(Tensor(embeddings::forward(longest.end, data.inputs))).value();
      expect(std::string(name) + " softmax_after", softmax, part.expected("softmax_after"), golden::trajectory);
      const Ids next = argmax(data.labels);
      const auto right = embeddings::probability_of_next(longest.end, data);
      for (std::size_t i = 0; i < right.size(); ++i) CHECK(right[i] == softmax(i, std::size_t(next(i))));
    }
  }
}

TEST_CASE("16 gradients by hand = autograd, also far from the lecture's weights") {
  Generator generator{5};
  for (int trial = 0; trial < 8; ++trial) {
    auto values = embeddings::to_array(embeddings::random_weights(generator));
    for (real& value : values) value *= real(1 << trial);  // up to 64: a softmax that is 1 and 0 to the last bit
    const auto w = embeddings::from_array(values);
    for (const embeddings::Example& example : embeddings::examples()) {
      const auto by_hand = embeddings::to_array(embeddings::gradients_by_hand(example, w));
      const auto tensors = embeddings::to_tensors(w);
      const Tensor loss = embeddings::cross_entropy_of(embeddings::forward(example.input, tensors), example.label);
      const real loss_by_hand = embeddings::cross_entropy_by_hand(embeddings::forward(example.input, w).output, example.label);
      // the logits reach 64 * 64 / 4 * 2: a float near 2048 is right to 1e-4
      CHECK(double(loss.item()) == doctest::Approx(double(loss_by_hand)).epsilon(golden::is_double ? 1e-13 : 1e-5));
      loss.backward();
      const auto leaves = embeddings::to_array(tensors);
      for (std::size_t i = 0; i < embeddings::weight_count; ++i)
        CHECK(std::abs(by_hand[i] - leaves[i].grad().data()[0]) <= (golden::is_double ? 1e-12 : 1e-5) * double(1 << trial));
    }
  }
}

TEST_CASE("from_pretrained: frozen stays, thawed learns") {
  Generator generator{42};
  const embeddings::Matrices start = embeddings::TwoLinear(generator).matrices();
  const embeddings::LookUp frozen(start, true), thawed(start, false);
  const auto after_frozen = train(frozen, 0.1, 20), after_thawed = train(thawed, 0.1, 20);
  CHECK(after_frozen.end.E == start.E);
  CHECK(max_difference(after_frozen.end.O, start.O) > 0.5);
  CHECK(max_difference(after_thawed.end.E, start.E) > 0.5);
  CHECK(after_frozen.losses.back() < after_frozen.losses.front());
  // thawed, it is the network of two nn::Linear
  const auto linear = train(embeddings::TwoLinear(start), 0.1, 20);
  CHECK(max_difference(linear.end.E, after_thawed.end.E) < (golden::is_double ? 1e-12 : 1e-4));
  CHECK(path(linear, 3).shape() == Shape{81, 2});
  CHECK(history(linear).shape() == Shape{81, 16});
  CHECK(path(linear, 3)(80, 1) == linear.end.E(3, 1));
}

TEST_CASE("GloVe: neighbours, pairs, analogies") {
  // The numbers were computed from the two files by a script in Python without any library.
  const text::WordVectors vectors = text::load_glove_q8(dataset("glove_q8.vec").replace_extension());
  CHECK(vectors.size() == 8516);
  CHECK(vectors.width() == 100);
  CHECK(vectors.similarity("tea", "coffee") == doctest::Approx(0.7729520349547574).epsilon(1e-6));
  CHECK(vectors.similarity("tea", "pea") == doctest::Approx(0.22443205317622975).epsilon(1e-5));
  CHECK(embeddings::cosine_by_hand(vectors["tea"], vectors["coffee"]) == doctest::Approx(0.7729520349547574).epsilon(1e-6));
  const auto near = embeddings::nearest_by_hand(vectors, "tea", 6);
  const std::vector<std::string> expected = {"coffee", "beer", "drinks", "drink", "lunch", "fruit"};
  REQUIRE(near.size() == 6);
  for (std::size_t i = 0; i < 4; ++i) CHECK(near[i].word == expected[i]);  // lunch and fruit are equal to three digits
  const auto product = vectors.nearest("tea", 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(near[i].similarity == doctest::Approx(product[i].similarity).epsilon(1e-5));
  const auto queen = vectors.analogy("king", "man", "woman", 2);
  CHECK(queen[0].word == "queen");
  CHECK(queen[0].similarity == doctest::Approx(0.770).epsilon(1e-3));
  CHECK(queen[1].word == "throne");
  for (const embeddings::Topic& topic : embeddings::topics()) embeddings::check_known(vectors, topic.words);
  for (const embeddings::Capital& pair : embeddings::capitals()) embeddings::check_known(vectors, {pair.country, pair.city});
  plot::Figure picture = embeddings::glove_figure(vectors);
  CHECK(picture.panel(0, 0).content().in(plot::Layer::mark).size() ==
        32);  // 6 + 8 + 6 + 5 + 4 + 3: every word has found a place for its name
  CHECK(picture.panel(0, 1).content().in(plot::Layer::mark).size() == 16);
  const Array unit = embeddings::unit_rows(vectors, {"king", "queen"});
  CHECK(embeddings::dot_by_hand(embeddings::row(unit, 0), embeddings::row(unit, 1)) == doctest::Approx(0.752).epsilon(1e-3));
}

TEST_CASE("words from the command line") {
  using List = std::vector<std::string>;
  CHECK(embeddings::word_list("tea") == List{"tea"});
  CHECK(embeddings::word_list(" Tea ,coffee,, Green Tea,") == List{"tea", "coffee", "green tea"});
  CHECK(embeddings::word_list("tea, king,Tea,king,tea") == List{"tea", "king"});  // each once
  CHECK(error_of([] { embeddings::word_list(" , "); }) == "--words: no word in ' , '");
  CHECK(error_of([] { embeddings::word_list(""); }) == "--words: no word in ''");
  const text::WordVectors vectors({"tea", "team", "coffee"}, array({3, 1}, {1, 2, 3}));
  CHECK(error_of([&] { embeddings::check_known(vectors, {"tea", "coffee"}); }) == "");
  CHECK(error_of([&] {
          embeddings::check_known(vectors, {"tea", "cofee"});
        }) == "--words: 'cofee' is not among the 3 words; spelt nearly like it: coffee");
  CHECK(error_of([&] { embeddings::check_known(vectors, {"xylophone"}); }) == "--words: 'xylophone' is not among the 3 words");
}
