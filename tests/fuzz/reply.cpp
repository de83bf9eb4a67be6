// A language model's server may reply anything.
#include <algorithm>

#include "chapters/15_rag/ask/llm.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz::read(std::string_view input) {
  accepts([&] {
    const std::string answer = rag::answer_in(std::string(input), "http://localhost:8080");
    require(!answer.empty(), "an empty answer");
    require(
        std::none_of(answer.begin(), answer.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; }),
        "the answer holds a control character");
  });
}
