// word2vec's text and binary formats and GloVe's text: bytes by hand, and files that lie.
#include <doctest/doctest.h>
#include <unistd.h>

#include <limits>

#include "common/system/files.hpp"
#include "common/text/word_vectors.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using namespace byhand::text;
using namespace std::string_literals;
using Texts = std::vector<std::string>;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("byhand_vectors_test_{}", ::getpid());
  ~Folder() { std::filesystem::remove_all(path); }
};

WordVectors load(const std::string& content, std::size_t limit = 0) {
  const Folder folder;
  write_file(folder.path / "v", content);
  return load_word_vectors(folder.path / "v", limit);
}

/// What loading says: one line that begins with the file's name, which is taken off.
std::string complaint(const std::string& content) {
  const std::string message = test::error_of([&] { load(content); });
  INFO(message);
  const std::string file = (Folder().path / "v").string() + ": ";
  CHECK(message.find(file) == 0);
  CHECK(message.find('\n') == message.npos);
  CHECK(message.size() < file.size() + 160);
  return message.substr(std::min(file.size(), message.size()));
}
void complains(const std::string& content, const std::string& about) {
  const std::string message = complaint(content);
  CHECK_MESSAGE(message.find(about) != message.npos, message, " should say: ", about);
}

bool same(const WordVectors& got, const Texts& words, const Array& vectors) {
  return got.words() == words && all_close(got.vectors(), vectors, 0);
}

// 1 = 3F800000, -2.5 = C0200000, 0.15625 = 3E200000, 12 = 41400000: float32, little-endian.
const std::string one = "\0\0\x80\x3f"s, minus = "\0\0\x20\xc0"s, small = "\0\0\x20\x3e"s, twelve = "\0\0\x40\x41"s;
const Array numbers = array({2, 2}, {1, real(-2.5), real(0.15625), 12});
const Texts two = {"king", "차"};

}  // namespace

TEST_CASE("word vector files: text, with and without a first line") {
  CHECK(same(load("2 2\nking 1 -2.5\n차 0.15625 12\n"), two, numbers));
  CHECK(same(load("2 2\nking 1 -2.5 \n차 0.15625 12 \n"), two, numbers));  // word2vec's own program leaves a blank at the end
  CHECK(same(load("2 2\nking 1 -2.5\n차 0.15625 12"), two, numbers));      // no last newline
  CHECK(same(load("king 1.0 -25e-1\n차 +.15625 1.2E1\n"), two, numbers));  // GloVe's
  CHECK(same(load("2 2\r\nking 1 -2.5\r\n차 0.15625 12\r\n"), two, numbers));
  CHECK(same(load("\xEF\xBB\xBF"s + "2 2\nking\t1 -2.5\n차 0.15625  12\n\n"), two, numbers));
  CHECK(same(load("\xEF\xBB\xBFking 1 -2.5\n차 0.15625 12\n"), two, numbers));
  CHECK(same(load("1 3\n7 8 9 10\n"), {"7"}, array({1, 3}, {8, 9, 10})));
  CHECK(same(load("7 8 9 10\n"), {"7"}, array({1, 3}, {8, 9, 10})));  // four parts: a number is a word, too
  CHECK(same(load("2 1\nx 5\né 6\n"), {"x", "é"}, array({2, 1}, {5, 6})));
}

TEST_CASE("word vector files: binary, with and without newlines") {
  CHECK(same(load("2 2\nking " + one + minus + "\n차 " + small + twelve + "\n"), two, numbers));  // word2vec's own program
  CHECK(same(load("2 2\nking " + one + minus + "차 " + small + twelve), two, numbers));           // gensim
  CHECK(same(load("\xEF\xBB\xBF"s + "2 2\nking " + one + minus + "\n차 " + small + twelve + "\n"), two, numbers));
  const std::string newline = "\n\n\n\x3f"s;  // a float whose bytes are newlines must not end anything: 0x3f0a0a0a
  const real x = real(9046538.0 / 16777216);  // 0x8a0a0a / 2^24
  CHECK(same(load("2 2\na " + newline + one + "\nb " + newline + newline + "\n"), {"a", "b"}, array({2, 2}, {x, 1, x, x})));
}

TEST_CASE("word vector files: a limit") {
  CHECK(load("2 2\nking 1 2\n차 nonsense\n", 1).words() == Texts{"king"});
  CHECK(load("king 1 2\nqueen 1 2\n", 1).size() == 1);
  CHECK(load("2 2\nking " + one + minus + "\n차 " + small, 1).words() == Texts{"king"});
  CHECK(load("2 2\nking 1 2\n차 3 4\n", 9).size() == 2);
}

TEST_CASE("word vector files: what is saved comes back") {
  const Folder folder;
  Array values = test::values({3, 5}, -1, 1);
  for (real& x : values) x = real(float(x));  // the files hold float32
  values.data()[0] = real(1e-38f), values.data()[1] = real(-3.4e38f), values.data()[2] = real(1.f / 3), values.data()[3] = 0;
  const WordVectors vectors({"tea", "don't", "차"}, values);
  save_word2vec_text(folder.path / "deep" / "v.txt", vectors);
  const WordVectors back = load_word_vectors(folder.path / "deep" / "v.txt");
  Array as_float = back.vectors();
  for (real& x : as_float) x = real(float(x));  // nine digits tell every float from its neighbours, but are not the float itself
  CHECK(same(WordVectors(back.words(), as_float), vectors.words(), values));
  save_word2vec_binary(folder.path / "v.bin", vectors);
  CHECK(same(load_word_vectors(folder.path / "v.bin"), vectors.words(), values));
}

TEST_CASE("word vector files: the bytes that are written") {
  const Folder folder;
  const WordVectors vectors(two, numbers);
  save_word2vec_text(folder.path / "v", vectors);
  CHECK(read_file(folder.path / "v") == "2 2\nking 1 -2.5\n차 0.15625 12\n");
  save_word2vec_binary(folder.path / "v", vectors);
  CHECK(read_file(folder.path / "v") == "2 2\nking " + one + minus + "\n차 " + small + twelve + "\n");
}

TEST_CASE("word vector files: what the formats cannot hold is not written") {
  const Folder folder;
  const auto refused = [&](const std::string& word, real number) {
    const WordVectors vectors({word}, full({1, 1}, number));
    const std::string text = test::error_of([&] { save_word2vec_text(folder.path / "v", vectors); });
    const std::string binary = test::error_of([&] { save_word2vec_binary(folder.path / "v", vectors); });
    return text.find("v: not written") != text.npos && binary == text && !std::filesystem::exists(folder.path / "v");
  };
  CHECK(refused("new york", 1));
  CHECK(refused("line\nbreak", 1));
  CHECK(refused("", 1));
  CHECK(refused("tea", std::numeric_limits<real>::quiet_NaN()));
  CHECK(refused("tea", std::numeric_limits<real>::infinity()));
}

TEST_CASE("word vector files: first lines that lie") {
  complains("", "is empty");
  complains("\xEF\xBB\xBF", "is empty");
  complains("\n\n", "line 1");
  complains("2 2", "line 1");
  complains("2 2\n", "line 1");
  complains("3 2\nking 1 2\n차 3 4\n", "line 1 says 3 words, the file has 2");
  complains("1 2\nking 1 2\n차 3 4\n", "line 3");
  complains("-2 2\nking 1 2\n", "line 1: '-2'");
  complains("2 -2\nking 1 2\n", "line 1: '-2'");
  complains("0 2\n", "line 1: '0'");
  complains("2 0\nking\n차\n", "line 1: '0'");
  complains("99999999999999999999999 2\nking 1 2\n", "line 1: '9999");
  // More than any file holds; also where their product overflows 64 bits.
  complains("9000000000000000000 2\nking 1 2\n", "line 1 says");
  complains("2 9000000000000000000\nking 1 2\n", "line 1 says");
  complains("4294967296 4294967296\nking 1 2\n", "line 1 says");
  complains("1 18446744073709551615\nking 1 2\n", "line 1 says");
  complains("4294967296 4294967295\nking " + one + one, "line 1 says");
  complains("2 3\nking 1 2\n차 3 4\n", "line 2");
  complains("2 1\nking 1 2\n차 3 4\n", "line 2");
  complains("king\n", "line 1");
  complains("2 2 king 1 2\n차 3 4\n", "line 1: 'king'");  // the newline after the first line is missing
}

TEST_CASE("word vector files: text that is damaged") {
  complains("2 2\nking 1 x\n차 3 4\n", "line 2: 'x'");
  complains("2 2\nking 1 2\n차 3 4,5\n", "line 3: '4,5'");
  complains("2 2\nking 1 2\n차 nan 4\n", "line 3: 'nan'");
  complains("2 2\nking 1 inf\n차 3 4\n", "line 2: 'inf'");
  complains("2 2\nking 1 1e999\n차 3 4\n", "line 2: '1e999'");
  complains("2 2\nking 1 +-2\n차 3 4\n", "line 2: '+-2'");
  complains("2 2\nking 1 0x2\n차 3 4\n", "line 2: '0x2'");
  complains("2 2\nking 1 2\nking 3 4\n", "line 3: the word 'king'");
  complains("king 1 2\nking 3 4\n", "line 2: the word 'king'");
  complains("2 2\nnew york 1 2\n차 3 4\n", "line 2");
  complains("king 1 2\nnew york 1 2\n", "line 2");
  complains("2 2\nking 1 2 queen 3 4\n", "line 2");  // the newline between two words is missing
  complains("2 2\nking 1 2\n차 3", "line 3");
  complains("2 2\n 1 2\n차 3 4\n", "line 2");
  complains("king 1 2\n\0\0\0 1 2\nking 3 4\n"s, "line 3");
  complains("king " + std::string(5000, 'x') + "\n", "line 1");
}

TEST_CASE("word vector files: binary that is damaged") {
  const std::string king = "king " + one + minus, cha = "차 " + small + twelve;
  complains("2 2\n" + king + "\n" + cha.substr(0, cha.size() - 1), "byte 22: the file ends within the vector of '차'");
  complains("2 2\n" + king + "\n차", "the file ends before a word does");
  complains("2 2\n" + king + "\n", "the file ends");
  complains("3 1\n" + king + "\n" + cha, "byte");
  complains("1 2\n" + king + "\n" + cha, "byte 18: the file goes on");
  complains("2 2\n" + king + "\n" + king, "the word 'king'");
  complains("1 2\nking " + one + "\0\0\xc0\x7f"s, "byte 13: number 2 of 'king' is nan");
  complains("1 2\nking \0\0\x80\xff"s + one, "byte 9: number 1 of 'king' is -inf");
  complains("1 2\n " + one + minus, "byte 4");
  complains("1 2\r\r" + king, "line 1");
  complains("1 3\n" + king, "byte 9");
  complains("4 1000\n" + king + cha, "line 1 says");
}

TEST_CASE("word vector files: cut anywhere, it is an error or a shorter last number, never a crash") {
  const std::string text = "2 2\nking 1 -2.5\n차 0.15625 12\n", binary = "2 2\nking " + one + minus + "\n차 " + small + twelve + "\n";
  for (std::size_t n = 0; n + 1 < binary.size(); ++n) CHECK_THROWS_AS(load(binary.substr(0, n)), Error);
  for (std::size_t n = 0; n + 2 < text.size(); ++n) CHECK_THROWS_AS(load(text.substr(0, n)), Error);
  CHECK(load(text.substr(0, text.size() - 2))["차"].data()[1] == 1);  // "12" cut to "1" cannot be told from a number
}

TEST_CASE("word vector files: any byte changed, an error or vectors, never a crash") {
  const std::string text = "2 2\nking 1 -2.5\n차 0.15625 12\n", binary = "2 2\nking " + one + minus + "\n차 " + small + twelve + "\n";
  int loaded = 0, refused = 0;
  for (const std::string& whole : {text, binary})
    for (std::size_t i = 0; i < whole.size(); ++i)
      for (const char byte : {'\0', '\n', ' ', '9', '-', 'n', '\x7f', '\xff'}) {
        std::string damaged = whole;
        damaged[i] = byte;
        try {
          const WordVectors v = load(damaged);
          CHECK(v.size() * v.width() <= damaged.size());
          ++loaded;
        } catch (const Error&) {
          ++refused;
        }
      }
  CHECK(loaded > 20);
  CHECK(refused > 20);
}

TEST_CASE("word vector files: a folder and a missing file") {
  CHECK(test::error_of([] { load_word_vectors(std::filesystem::temp_directory_path()); }).find("folder") != std::string::npos);
  CHECK(test::error_of([] { load_word_vectors("no/such/file"); }).find("no/such/file: no such file") == 0);
}
