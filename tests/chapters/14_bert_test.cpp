// Chapter 14 against tests/golden/masked_lm and wordpiece, hand-made texts and small cases by hand.
#include <cmath>
#include <set>

#include "chapters/14_bert/finetuning/classify.hpp"
#include "chapters/14_bert/knowledge/fill.hpp"
#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/pretraining/built_in.hpp"
#include "chapters/14_bert/pretraining/by_hand.hpp"
#include "chapters/14_bert/pretraining/example.hpp"
#include "chapters/14_bert/pretraining/matrices.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/system/text.hpp"
#include "tests/chapters/14_bert_shared.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::expect;

namespace {

using namespace bert_tests;

/// In float a sum of 8 products and a softmax over 200 words leave less than this.
const double near = golden::is_double ? 1e-12 : 2e-5;

}  // namespace

TEST_CASE("the loss of masked language modelling: by hand, as matrices, built in") {
  golden::File f("masked_lm");
  const Array logits = f.input("logits_B_L_V");
  const Ids labels = f.input_ids("labels_-100_ignored"), original = f.input_ids("original_ids");
  const bert::MaskedLoss by_hand = bert::masked_loss_by_hand(logits, labels);
  f.check("log_probs_of_masked", by_hand.log_probabilities, golden::forward);
  f.check("loss_sum", by_hand.sum, golden::forward);
  f.check("loss_mean", by_hand.mean, golden::forward);
  f.check("n_masked", double(by_hand.log_probabilities.size()), golden::forward);
  f.check("loss_mean", bert::masked_loss_as_matrices(logits, labels), golden::forward);
  f.check("grads_mean", bert::masked_loss_gradient(logits, labels), golden::gradient);
  const bert::BuiltInLoss built_in = bert::masked_loss_built_in(logits, labels);
  f.check("loss_mean", built_in.loss, golden::forward);
  f.check("grads_mean", built_in.gradient, golden::gradient);
  f.check("autoregressive_shifted_loss_same_logits", bert::autoregressive_loss(logits, original), golden::forward);
  const double next = bert::next_sentence_loss(f.input("nsp_logits"), f.input_ids("nsp_labels"));
  f.check("nsp_loss", next, golden::forward);
  f.check("bert_total_loss_mlm_plus_nsp", by_hand.mean + next, golden::forward);
  Array padding = f.input("attention_mask");  // 1 where a token is NOT padding
  for (real& p : padding) p = 1 - p;
  f.check("mean_pool_with_mask", bert::mean_pool_by_hand(f.input("token_vectors_for_pooling"), padding), golden::forward);
  f.check("mean_pool_with_mask", bert::mean_pool_built_in(f.input("token_vectors_for_pooling"), padding), golden::forward);
  Ids nothing = labels;
  nothing.fill(-100);
  f.check("all_labels_ignored_is_nan", cross_entropy(Tensor(logits), nothing), golden::forward);
  CHECK_THROWS_WITH_AS(bert::masked_loss_by_hand(logits, nothing), doctest::Contains("no word is hidden"), Error);
  Ids wrong = labels;
  wrong(0, 0) = 99;
  CHECK_THROWS_WITH_AS(bert::masked_loss_as_matrices(logits, wrong), "masked LM: there is no word 99 among 9", Error);
  CHECK_THROWS_AS(bert::masked_loss_by_hand(logits, ids({1, 2})), Error);
  CHECK_THROWS_AS(bert::mean_pool_by_hand(ones({2, 2}), ones({2})), Error);

  if (!golden::own_values()) return;
  const bert::LossExample e = bert::loss_example();
  CHECK(max_difference(e.logits, logits) == 0);
  CHECK((e.labels == labels && e.original == original && e.next_labels == f.input_ids("nsp_labels")));
  CHECK(max_difference(e.next_logits, f.input("nsp_logits")) == 0);
  CHECK(max_difference(e.vectors, f.input("token_vectors_for_pooling")) == 0);
  CHECK(max_difference(e.padding, padding) == 0);
}

TEST_CASE("stories: complete sentences, one person each, words with two senses in both topics") {
  Generator generator{1}, twin{1};
  const auto stories = bert::make_stories(400, generator), again = bert::make_stories(400, twin);
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < stories.size(); ++i) {
    const bert::Story& story = stories[i];
    CHECK((story.sentences == again[i].sentences && story.topic == again[i].topic));
    CHECK(story.sentences.size() == 5);
    seen.insert(story.topic);
    std::string all;
    for (const std::string& s : story.sentences) all += " " + s + " ";
    CHECK(std::none_of(all.begin(), all.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));  // no slot is left
    for (const char* slip : {" a umpire", " a otter", " a apple", " an rose", "  a  "}) CHECK(all.find(slip) == std::string::npos);
    const bool woman = all.find("anna") != all.npos || all.find("clara") != all.npos || all.find("emma") != all.npos;
    const bool man = all.find("ben ") != all.npos || all.find("david") != all.npos || all.find("felix") != all.npos;
    CHECK((!woman || !man));
    if (woman) CHECK((all.find(" he ") == all.npos && all.find(" his ") == all.npos));
    if (man) CHECK((all.find(" she ") == all.npos && all.find(" her ") == all.npos));
  }
  CHECK(seen.size() == bert::topics().size());
  for (const bert::TwoSenses& word : bert::two_senses()) {
    const bert::Labelled found = bert::sentences_with(word, stories, 5);
    CHECK(std::count(found.labels.begin(), found.labels.end(), 0) == 5);
    CHECK(std::count(found.labels.begin(), found.labels.end(), 1) == 5);
    for (const std::string& s : found.sentences) CHECK((" " + s + " ").find(" " + word.word + " ") != std::string::npos);
  }
  for (const bert::TwoSenses& word : bert::two_senses()) {
    const bert::Labelled frame = bert::one_frame(word);  // 10 things times 5 properties, twice
    CHECK(std::set<std::string>(frame.sentences.begin(), frame.sentences.end()).size() == 100);
    CHECK(std::count(frame.labels.begin(), frame.labels.end(), 1) == 50);
    for (const std::string& s : frame.sentences) CHECK(s.starts_with("the " + word.word + " near the "));
  }
  CHECK(bert::frame_sentences("bank", 1).front() == "the bank near the loan was large");
  CHECK_THROWS_AS(bert::frame_sentences("bank", 6), Error);
  const bert::Labelled some = bert::labelled_sentences(stories, 7);
  CHECK(some.size() == 7 * bert::topics().size());
  CHECK(std::set<std::string>(some.sentences.begin(), some.sentences.end()).size() == some.size());
}

TEST_CASE("what stories are made of is read from a file, or refused") {
  const bert::Grammar ours = bert::read_grammar(dataset("stories.txt"));  // datasets/README.md
  REQUIRE(ours.topics.size() == 6);
  for (const bert::Topic& t : ours.topics) {
    CHECK((t.things.size() == 10 && t.properties.size() == 5));
    CHECK((t.openings.size() == 4 && t.middles.size() == 9 && t.endings.size() == 4));
  }
  CHECK((ours.anywhere.size() == 6 && ours.people.size() == 6 && ours.senses.size() == 4));
  CHECK((ours.topics[0].name == "river" && ours.topics[5].things[9] == "watch" && !ours.people[1].woman));
  CHECK((ours.senses[2].word == "bat" && ours.senses[2].first == 2 && ours.senses[2].second == 3));

  const auto complaint = [](const std::string& text) -> std::string {
    const TemporaryFile file("stories.txt", text);
    try {
      bert::read_grammar(file.path);
    } catch (const Error& error) {
      const std::string what = error.what();
      return what.substr(what.find("stories.txt") + 11);
    }
    return "";
  };
  const std::string topic = "topic: sea\r\nthings: ship\nproperties: wet\nopening: a\nmiddle: b\nmiddle: c\nmiddle: d\nending: e\n";
  const std::string rest = "# all topics\n\nanywhere: f\nman: ben\nsenses: bill sea sea\n";
  CHECK(complaint(topic + rest) == "");
  CHECK(complaint("things: ship\n" + topic + rest) == ", line 1: 'things: ship' is no part of a story");  // before any topic
  CHECK(complaint(topic + rest + "moral: g\n") == ", line 14: 'moral: g' is no part of a story");
  CHECK(complaint(topic + rest + "ending\n") == ", line 14: 'ending' is no part of a story");
  CHECK(complaint(topic + rest + "man: \n") == ", line 14: 'man:' is no part of a story");
  CHECK(complaint(topic + rest + "senses: bank sea land\n") == ", line 14: 'senses: bank sea land' is no part of a story");
  CHECK(complaint(topic + rest + "topic: land\n") == ": topic 'land' needs things, properties, an opening, 3 middles and an ending");
  CHECK(complaint(topic) == ": stories need a topic, a sentence said anywhere, a person and a word with two senses");
  CHECK(complaint("").starts_with(": stories need"));
}

TEST_CASE("pairs: by hand what the library draws; batches hide words and keep the rest") {
  const text::WordPiece vocabulary = bert::train_vocabulary(tea, 200);
  const std::vector<text::Document> documents = bert::encode(tea, vocabulary);
  REQUIRE(documents.size() == 3);
  CHECK(bert::encode({{"", "tea"}, {" "}}, vocabulary).size() == 1);  // nothing is left of the second document
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Generator one{seed}, two{seed};
    std::size_t i = 0;
    const auto pairs = text::next_sentence_pairs(documents, one);
    for (std::size_t d = 0; d < documents.size(); ++d)
      for (std::size_t s = 0; s + 1 < documents[d].size(); ++s, ++i) {
        const text::SentencePair pair = bert::draw_pair(documents, d, s, two);
        CHECK((pair.a == pairs.at(i).a && pair.b == pairs.at(i).b && pair.label == pairs.at(i).label));
      }
    CHECK(i == pairs.size());
  }

  const bert::PairPlan plan = bert::pairs_of({}, vocabulary);
  const bert::PairDataset dataset(documents, plan, 50, Generator{5});
  CHECK(dataset.size() == 50);
  const train::Batch batch = dataset.rows(std::vector<std::int64_t>(50, 0));
  const Ids& shown = batch.ids(bert::ids_part);
  const Ids &labels = batch.ids(bert::labels_part), &segments = batch.ids(bert::segments_part), &follows = batch.ids(bert::follows_part);
  std::size_t hidden = 0;
  for (std::size_t row = 0; row < 50; ++row) {
    text::Sentence parts[2];
    for (std::size_t i = 0; i < shown.shape()[1]; ++i) {
      const std::int64_t label = labels(row, i), was = label == text::no_label ? shown(row, i) : label;
      hidden += label != text::no_label;
      CHECK((batch.arrays[0](row, i) != 0) == (was == vocabulary.pad()));
      if (was != vocabulary.pad() && was != vocabulary.cls() && was != vocabulary.sep()) parts[segments(row, i)].push_back(was);
    }
    bool next = false;  // does the second sentence follow the first one anywhere?
    for (const text::Document& d : documents)
      for (std::size_t s = 0; s + 1 < d.size(); ++s) next = next || (d[s] == parts[0] && d[s + 1] == parts[1]);
    CHECK(next == (follows(row) == 0));
  }
  CHECK(hidden == bert::asked(labels).words.size());
  CHECK(hidden > 0);
  const bert::Asked found = bert::asked(ids({2, 2}, {-100, 7, 0, -100}));
  CHECK((found.places == std::vector<std::int64_t>{1, 2} && found.words == std::vector<std::int64_t>{7, 0}));

  bert::PairPlan singles = plan;
  singles.next_sentence = false;
  const bert::PairDataset alone({documents[0]}, singles, 4, Generator{5});
  const Ids none = alone.rows({0, 1, 2, 3}).ids(bert::segments_part);
  CHECK(std::count(none.begin(), none.end(), 0) == std::ptrdiff_t(none.size()));
  CHECK_THROWS_AS(bert::PairDataset({documents[0]}, plan, 4, Generator{5}), Error);
  CHECK_THROWS_AS(bert::PairDataset({{documents[0][0]}, {documents[1][0]}}, plan, 4, Generator{5}), Error);
}

TEST_CASE("pre-training: the loss falls, a resumed run is the run in one piece, the baseline counts") {
  Generator words{2};
  const bert::Texts training = bert::texts_of(bert::make_stories(60, words)), held_out = bert::texts_of(bert::make_stories(10, words));
  const text::WordPiece vocabulary = bert::train_vocabulary(training, 250);
  bert::Plan plan{.size = 16, .heads = 2, .feed_forward = 16, .dropout = 0.1, .epochs = 4, .steps = 10, .batch = 8, .validation = 30};
  const auto run = [&](std::uint64_t seed) {
    Generator generator{seed};
    return bert::pretrain(training, held_out, vocabulary, plan, generator);
  };
  const bert::Pretrained whole = run(1);
  REQUIRE(whole.history.epochs.size() == 4);
  CHECK(whole.history.epochs[3].train_loss < whole.history.epochs[0].train_loss - 0.5);  // ln 250 + ln 2 = 6.2 at the start

  const train::Batch asked_again = bert::validation_batch(bert::encode(held_out, vocabulary), bert::pairs_of(plan, vocabulary), 30);
  const bert::Asked hidden = bert::asked(asked_again.ids(bert::labels_part));
  std::map<std::int64_t, double> counts;
  for (const auto& document : bert::encode(training, vocabulary))
    for (const auto& sentence : document)
      for (const std::int64_t id : sentence) ++counts[id];
  const std::int64_t the = vocabulary.id("the");
  for (const auto& [id, count] : counts) CHECK(count <= counts[the]);
  CHECK(whole.most_frequent == "the");
  CHECK(whole.baseline == double(std::count(hidden.words.begin(), hidden.words.end(), the)) / double(hidden.words.size()));

  const std::filesystem::path checkpoint = scratch("checkpoint.safetensors");
  plan.checkpoint = checkpoint;
  plan.stop_after = 2;
  run(1);
  plan.stop_after = 0;
  plan.resume = true;
  const bert::Pretrained resumed = run(9);
  CHECK(resumed.history.train_losses() == whole.history.train_losses());
  CHECK(resumed.history.epochs[3].metrics == whole.history.epochs[3].metrics);
  const auto a = whole.model.parameters(), b = resumed.model.parameters();
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(max_difference(a[i].value(), b[i].value()) == 0);

  // Nothing else is resumed in silence: another plan, another text, another seed, no checkpoint
  const auto refused = [&](const bert::Plan& other, const bert::Texts& texts) {
    Generator generator{1};
    CHECK_THROWS_WITH_AS(bert::pretrain(texts, held_out, vocabulary, other, generator),
                         doctest::Contains("is of another text, seed or plan"), Error);
  };
  bert::Plan longer = plan, seeded = plan, missing = plan;
  longer.epochs = 5, seeded.seed = 7, missing.checkpoint = scratch("none.safetensors");
  bert::Texts changed = training;
  changed[3][1] += " again";
  refused(longer, training), refused(seeded, training), refused(plan, changed);
  Generator generator{1};
  CHECK_THROWS_WITH_AS(bert::pretrain(training, held_out, vocabulary, missing, generator), doctest::Contains("--resume: there is no "),
                       Error);
  std::filesystem::remove(checkpoint);
}

TEST_CASE("the start weights of a small model are larger") {
  Small small;
  const nn::Bert copy = nn::deep_copy(small.model.bert);
  bert::widen_start_weights(copy, 48);  // sqrt(768 / 48) = 4
  CHECK(double(copy.embeddings.word.weight.value()(0, 0)) ==
        doctest::Approx(4 * double(small.model.bert.embeddings.word.weight.value()(0, 0))));
  CHECK(copy.embeddings.norm.weight.value()(0) == 1);
}

TEST_CASE("fill-mask: likeliest words first, no special ones, one list for each gap") {
  Small small;
  Array bias = zeros({small.vocabulary.size()});
  bias(std::size_t(small.vocabulary.id("the"))) = 40;  // e^40 times as likely as any other: scores of a new model are far below 1
  bias(std::size_t(small.vocabulary.sep())) = 39;
  small.model.masked_lm.bias.set_value(bias);
  const auto found = bert::fill_mask(small.model, small.vocabulary, "she wins [MASK] it [MASK]", 3);
  REQUIRE(found.size() == 2);
  for (const auto& candidates : found) {
    REQUIRE(candidates.size() == 3);
    CHECK(candidates[0].piece == "the");
    CHECK(candidates[0].probability == doctest::Approx(1 / (1 + std::exp(-1))).epsilon(0.05));  // [SEP] has the rest, but is not shown
    CHECK(candidates[1].probability >= candidates[2].probability);
    CHECK(candidates[1].piece != "[SEP]");
  }
  CHECK_THROWS_WITH_AS(bert::fill_mask(small.model, small.vocabulary, "anna drinks tea", 3), doctest::Contains("has no gap"), Error);
  CHECK_THROWS_WITH_AS(bert::fill_mask(small.model, small.vocabulary, "a b c d e f g h i j k l m n o p [MASK]", 3),
                       doctest::Contains("more than the model's 16 tokens"), Error);
}

TEST_CASE("vectors of a word and of sentences: padding changes nothing; cosines by hand") {
  Small small;
  const std::vector<std::string> sentences = {"the cup is empty", "ben the", "the"};
  const bert::WordVectors vectors = bert::vectors_of("the", sentences, small.model.bert, small.vocabulary);
  const Array& table = small.model.bert.embeddings.word.weight.value();
  const std::size_t the = std::size_t(small.vocabulary.id("the"));
  const Array means = bert::sentence_vectors(sentences, small.model.bert, small.vocabulary);
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const std::vector<std::int64_t> tokens = small.vocabulary.encode(sentences[i]).ids;
    const Array alone = small.model.bert({ids({1, tokens.size()}, tokens)}).value();
    const std::size_t place = std::size_t(std::find(tokens.begin(), tokens.end(), std::int64_t(the)) - tokens.begin());
    for (std::size_t d = 0; d < 8; ++d) {
      CHECK(vectors.before(i, d) == table(the, d));
      CHECK(std::abs(double(vectors.after(i, d)) - double(alone(0, place, d))) < near);
      double mean = 0;
      for (std::size_t t = 0; t < tokens.size(); ++t) mean += double(alone(0, t, d)) / double(tokens.size());
      CHECK(std::abs(double(means(i, d)) - mean) < near);
    }
  }
  CHECK_THROWS_AS(bert::vectors_of("the", {"ben wins"}, small.model.bert, small.vocabulary), Error);

  // Rows at 0, 90 and 45 degrees: the first two share a label and are at right angles; both are 45 degrees from the third
  const Array rows = array({3, 2}, {2, 0, 0, 3, 1, 1});
  const bert::Cosines c = bert::cosines(rows, {0, 0, 1});
  CHECK(c.within == doctest::Approx(0));
  CHECK(c.gap() == doctest::Approx(-std::sqrt(0.5)));
  CHECK(c.across == doctest::Approx(std::sqrt(0.5)));
  CHECK(bert::nearest_has_same_label(rows, {0, 0, 1}) == 0);
  CHECK(bert::nearest_has_same_label(array({4, 1}, {1, 2, -1, -3}), {5, 5, 6, 6}) == 1);
  CHECK_THROWS_AS(bert::cosines(rows, {0, 0}), Error);
  CHECK_THROWS_AS(bert::cosines(rows, {0, 1, 2}), Error);
}

TEST_CASE("fine-tuning: labels drawn a class, what is easy is learned, the encoder given stays as it was") {
  bert::Labelled pool;
  for (const char* thing : {"cup", "road", "rain", "chess", "tea", "ben", "anna", "it"})
    for (const auto& [word, label] : {std::pair{"likes", 0}, {"wins", 1}}) {
      pool.sentences.push_back(fmt::format("the {} {}", thing, word));
      pool.labels.push_back(label);
    }
  Generator generator{4};
  const bert::Labelled drawn = bert::draw_labels(pool, 6, 2, generator);
  CHECK(drawn.size() == 12);
  CHECK(std::count(drawn.labels.begin(), drawn.labels.end(), 1) == 6);
  CHECK(std::set<std::string>(drawn.sentences.begin(), drawn.sentences.end()).size() == 12);
  CHECK_THROWS_WITH_AS(bert::draw_labels(pool, 9, 2, generator), "9 labels of class 0 are wanted, there are 8", Error);

  CHECK(bert::tfidf_logistic(drawn, pool, 2, generator) == 1);
  Small small;
  bert::widen_start_weights(small.model, 8);
  const Array before = small.model.bert.pooler.weight.value();
  CHECK(bert::fine_tune(small.model.bert, small.vocabulary, drawn, pool, 2, {.steps = 60, .batch = 4, .learning_rate = 0.01}, generator) ==
        1);
  CHECK(max_difference(before, small.model.bert.pooler.weight.value()) == 0);

  // By the mean of the tokens the pooler is not read: whatever it holds, the answers are the same
  const bert::FineTuning by_mean{.steps = 3, .batch = 4, .dropout = 0, .mean_of_tokens = true};
  const std::vector<std::int64_t> tokens = small.vocabulary.encode("the cup wins").ids;
  const nn::BertInput input{ids({1, tokens.size()}, tokens)};
  const nn::Bert other = nn::deep_copy(small.model.bert);
  other.pooler.weight.set_value(zeros(other.pooler.weight.shape()));
  const auto scores = [&](const nn::Bert& encoder, const bert::FineTuning& plan) {
    Generator same{8};
    const bert::Classifier model(encoder, 2, plan, same);
    model.eval();
    return model(input).value();
  };
  CHECK(max_difference(scores(small.model.bert, by_mean), scores(other, by_mean)) == 0);
  CHECK(max_difference(scores(small.model.bert, {}), scores(other, {})) > 0);
  CHECK(bert::fine_tune(small.model.bert, small.vocabulary, drawn, pool, 2,
                        {.steps = 60, .batch = 4, .learning_rate = 0.01, .mean_of_tokens = true}, generator) == 1);

  const bert::Comparison c = bert::compare(small.model, small.vocabulary, pool, pool, 2, 3, 2, {.steps = 2, .batch = 4});
  CHECK((c.labels == 3 && c.tfidf.size() == 2 && c.from_scratch.size() == 2 && c.pretrained.size() == 2));
  const bert::MeanSpread m = bert::mean_spread({1, 2, 3, 6});  // mean 3; squares 4 + 1 + 0 + 9 = 14, over 3
  CHECK((m.mean == doctest::Approx(3) && m.spread == doctest::Approx(std::sqrt(14.0 / 3))));
  CHECK(bert::mean_spread({5}).spread == 0);
}

TEST_CASE("labelled sentences from a file") {
  const TemporaryFile file("labels.tsv", "pos\tweb\tgood stuff\nneg\tbad stuff\n\npos\tx\ty\tfine\r\n"),
      bad("bad.tsv", "pos\tgood\nno tab\n"), one("one.tsv", "pos\tgood\n");
  const bert::LabelledFile read = bert::read_labelled(file.path);
  CHECK(read.classes == std::vector<std::string>{"neg", "pos"});
  CHECK(read.all.labels == std::vector<std::int64_t>{1, 0, 1});
  CHECK(read.all.sentences == std::vector<std::string>{"good stuff", "bad stuff", "fine"});
  CHECK_THROWS_WITH_AS(bert::read_labelled(bad.path), doctest::Contains("bad.tsv, line 2"), Error);
  CHECK_THROWS_WITH_AS(bert::read_labelled(one.path), doctest::Contains("1 classes"), Error);
  Generator generator{1};
  const auto [some, others] = bert::split(read.all, 1, generator);
  CHECK((some.size() == 1 && others.size() == 2));
  std::set<std::string> all(others.sentences.begin(), others.sentences.end());
  all.insert(some.sentences[0]);
  CHECK(all.size() == 3);
  CHECK_THROWS_AS(bert::split(read.all, 3, generator), Error);
}
