// Neighbours and analogies; the committed GloVe vectors.
#include <doctest/doctest.h>
#include <unistd.h>

#include <limits>

#include "common/system/files.hpp"
#include "common/text/word_vectors.hpp"
#include "tests/common/values.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using namespace byhand::text;
using test::error_of;

namespace {

/// Vectors in the plane whose angles are known: a at 0, b at 30, c at 90, d at 180 degrees; lengths 1, 2, 3, 4.
WordVectors plane() { return WordVectors({"a", "b", "c", "d"}, array({4, 2}, {1, 0, real(std::sqrt(3.0)), 1, 0, 3, -4, 0})); }

std::vector<std::string> names(const std::vector<Neighbour>& found) {
  std::vector<std::string> all;
  for (const Neighbour& one : found) all.push_back(one.word);
  return all;
}

}  // namespace

TEST_CASE("cosine: the golden matrix, zeros, huge numbers") {
  const golden::json file = golden::Document("similarity_tfidf").root_;
  const std::vector<std::string> words = file["inputs"]["names"];
  const WordVectors vectors(words, golden::array_from_json(file["inputs"]["E"], "E"));
  Array cosines = empty({words.size(), words.size()}), to_all = empty({words.size()});
  const Array target = golden::array_from_json(file["expected"]["king-man+woman"], "target");
  for (std::size_t i = 0; i < words.size(); ++i) {
    to_all.data()[i] = real(cosine(vectors[words[i]], target));
    for (std::size_t j = 0; j < words.size(); ++j) cosines.data()[i * words.size() + j] = real(vectors.similarity(words[i], words[j]));
  }
  golden::expect("cosine_matrix", cosines, file["expected"]["cosine_matrix"], golden::forward);
  golden::expect("cosine_to_all", to_all, file["expected"]["cosine_to_all"], golden::forward);
  CHECK(vectors.nearest(target, 1, {"king", "man", "woman"})[0].word == file["expected"]["nearest_excluding_inputs"].get<std::string>());

  CHECK(cosine(array({0, 0}), array({1, 2})) == 0);
  CHECK(cosine(array({real(1e30), 0}), array({real(1e30), real(1e30)})) == doctest::Approx(std::sqrt(0.5)).epsilon(1e-7));
  CHECK(error_of([] { cosine(array({1, 2}), array({1, 2, 3})); }).find("2 and 3") != std::string::npos);
}

TEST_CASE("word vectors: nearest by angle, not by length") {
  const WordVectors v = plane();
  CHECK(v.size() == 4);
  CHECK(v.width() == 2);
  CHECK(v.contains("c"));
  CHECK_FALSE(v.contains("e"));
  CHECK(all_close(v["c"], array({0, 3}), 0));
  const std::vector<Neighbour> near_a = v.nearest("a", 9);
  CHECK(names(near_a) == std::vector<std::string>{"b", "c", "d"});
  CHECK(near_a[0].similarity == doctest::Approx(std::sqrt(3.0) / 2).epsilon(1e-6));  // cos 30
  CHECK(near_a[1].similarity == doctest::Approx(0).epsilon(1e-6));
  CHECK(near_a[2].similarity == doctest::Approx(-1).epsilon(1e-6));
  CHECK(names(v.nearest(array({5, 0}), 2)) == std::vector<std::string>{"a", "b"});
  CHECK(names(v.nearest(array({5, 0}), 2, {"a", "unknown"})) == std::vector<std::string>{"b", "c"});
  CHECK(v.nearest("a", 0).empty());
  CHECK(names(v.nearest(array({0, 0}), 4)) == std::vector<std::string>{"a", "b", "c", "d"});  // all 0: their own order
}

TEST_CASE("word vectors: an analogy works on unit vectors and leaves its words out") {
  // Unit vectors: c - a + b = (0, 1) - (1, 0) + (0.866, 0.5) = (-0.134, 1.5): nearest is c (left out), then d at cos = 0.134 / 1.506.
  const std::vector<Neighbour> found = plane().analogy("c", "a", "b", 5);
  CHECK(names(found) == std::vector<std::string>{"d"});
  const double x = 1 - std::sqrt(3.0) / 2;
  CHECK(found[0].similarity == doctest::Approx(x / std::sqrt(x * x + 1.5 * 1.5)).epsilon(1e-5));  // float: a small number from a difference
}

TEST_CASE("word vectors: errors") {
  const WordVectors v = plane();
  CHECK(error_of([&] { v["coffee"]; }).find("'coffee'") != std::string::npos);
  CHECK(error_of([&] { v.similarity("a", "tea"); }).find("'tea'") != std::string::npos);
  CHECK(error_of([&] { v.analogy("a", "b", "pea", 1); }).find("'pea'") != std::string::npos);
  CHECK(error_of([&] { v.nearest(array({1, 2, 3}), 1); }).find("3") != std::string::npos);
  CHECK(error_of([] { WordVectors({"a", "a"}, zeros({2, 3})); }).find("'a'") != std::string::npos);
  CHECK(error_of([] { WordVectors({"a"}, zeros({2, 3})); }).find("(2, 3)") != std::string::npos);
  CHECK(error_of([] { WordVectors({"a"}, zeros({1})); }).find("(1,)") != std::string::npos);
  CHECK(error_of([] { WordVectors({"a"}, zeros({1, 0})); }).find("(1, 0)") != std::string::npos);
}

// The outside numbers: the same vectors read and compared by another program, rounded to three digits.
TEST_CASE("glove: tea is nearer to coffee than to peas, king - man + woman = queen") {
  const WordVectors glove = load_glove_q8(project_dir() / "datasets" / "glove_q8");
  CHECK(glove.width() == 100);
  CHECK(glove.size() == 8516);  // 885664 bytes / 104
  CHECK(std::abs(glove.similarity("tea", "coffee") - 0.773) < 0.0005);
  CHECK(std::abs(glove.similarity("tea", "pea") - 0.224) < 0.0005);
  const Neighbour queen = glove.analogy("king", "man", "woman", 1)[0];
  CHECK(queen.word == "queen");
  CHECK(std::abs(queen.similarity - 0.770) < 0.0005);
}

TEST_CASE("glove: layout by hand, and files that do not fit together") {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("byhand_glove_test_{}", ::getpid());
  const std::string half("\0\0\0\x3f", 4), quarter("\0\0\x80\x3e", 4);  // 0.5 and 0.25 as float32
  std::string numbers(200, '\0');
  numbers[0] = 2, numbers[99] = '\xff', numbers[100] = '\x81';  // 2, -1 of the first word; -127 of the second
  write_file(folder / "g.vocab", "tea\n차\n");
  write_file(folder / "g.vec", half + quarter + numbers);
  const WordVectors v = load_glove_q8(folder / "g");
  CHECK(v.words() == std::vector<std::string>{"tea", "차"});
  CHECK(v["tea"].data()[0] == 1);
  CHECK(v["tea"].data()[99] == real(-0.5));
  CHECK(v["차"].data()[0] == real(-31.75));

  const auto complaint = [&] { return error_of([&] { load_glove_q8(folder / "g"); }); };
  write_file(folder / "g.vec", half + quarter + numbers.substr(1));
  CHECK(complaint().find("g.vec: 207 bytes") != std::string::npos);
  write_file(folder / "g.vec", std::string("\0\0\xc0\x7f", 4) + quarter + numbers);
  CHECK(complaint().find("g.vec: byte 0") != std::string::npos);
  write_file(folder / "g.vec", half + quarter + numbers);
  write_file(folder / "g.vocab", "tea\x1b\ntea\x1b\n");
  CHECK(complaint() == (folder / "g.vocab").string() + ": line 2: the word 'tea?' is there for the second time");
  CHECK(error_of([] { WordVectors({"a\nb", "a\nb"}, ones({2, 1})); }) == "word vectors: the word 'a?b' occurs twice");
  write_file(folder / "g.vocab", "");
  CHECK(complaint().find("g.vec") != std::string::npos);
  std::filesystem::remove(folder / "g.vocab");
  CHECK(complaint().find("g.vocab: no such file") != std::string::npos);
  std::filesystem::remove_all(folder);
}
