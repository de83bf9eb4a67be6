// The figures of chapter 06.
#include "chapters/06_word2vec/pictures.hpp"

#include <doctest/doctest.h>

#include "common/tensor/random.hpp"

using namespace byhand;

TEST_CASE("figures: king, queen, tea and coffee choose places for their names first, and every pair has its line") {
  Generator generator{1};
  std::vector<std::string> words = {"a", "b", "c", "d", "e", "f", "g", "coffee", "tea", "queen", "king"};
  const text::WordVectors vectors(words, randn({words.size(), 5}, generator));
  plot::Figure map = word2vec::topics_figure(vectors, {{"all", words}}, generator);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(map.axes().content().in(plot::Layer::mark).at(i)->label == std::vector{"king", "queen", "tea", "coffee"}[i]);
  plot::Figure pairs = word2vec::pairs_figure(vectors, {{"a", "b"}, {"b", "c"}, {"?", "c"}}, {{"king", "queen"}, {"tea", "coffee"}});
  for (std::size_t side : {0, 1})
    CHECK(pairs.panel(0, side).content().in(plot::Layer::series).size() == 2 + 2);  // marks left and right, two lines
}

// Counted by a Python program, collections.Counter over line.split(): lines, words between white space, how many different ones occur five
// times or more; and with the word rule of tests/tools/compare_word2vec.py.
