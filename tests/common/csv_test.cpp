#include "common/io/csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "common/core/error.hpp"

using namespace byhand;
using io::parse_csv;
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

TEST_CASE("csv: names, texts and numbers") {
  const io::Table t = parse_csv("date,close\n2004-08-19,100.34\n2004-08-20, +1.0831e2 \n", "goog.csv");
  CHECK(t.names == Texts{"date", "close"});
  CHECK(t.rows() == 2);
  CHECK(t.has("close"));
  CHECK_FALSE(t.has("clos"));
  CHECK(t.text("date") == Texts{"2004-08-19", "2004-08-20"});
  CHECK(t.numbers("close") == Numbers{100.34, 108.31});  // exact: both are the double nearest to the decimals
}

TEST_CASE("csv: RFC 4180 quoting, the examples of its section 2") {
  CHECK(parse_csv("a,b\n\"aaa\",\"b \r\nbb\"\r\n", "t").text("b") == Texts{"b \r\nbb"});  // rule 6: line breaks in quotes
  CHECK(parse_csv("a,b\n\"aaa\",\"b\"\"bb\"", "t").text("b") == Texts{"b\"bb"});  // rule 7: quotes in quotes; rule 2: no last line break
  CHECK(parse_csv("\"a\",\"b,c\"\r\n1,2\r\n", "t").names == Texts{"a", "b,c"});   // rule 6: commas in quotes
  CHECK(parse_csv("a,b\n,\n", "t").text("b") == Texts{""});
  CHECK(parse_csv("a,b\nx y,5\" pipe\n", "t").text("b") == Texts{"5\" pipe"});  // a quote inside a bare cell stands for itself
}

TEST_CASE("csv: byte order mark, line ends, empty lines, another delimiter, spaces around names") {
  const Numbers expected{1, 2};
  CHECK(parse_csv("\xEF\xBB\xBF"
                  "a,b\r\n1,3\r\n\r\n2,4\r\n\r\n",
                  "t")
            .numbers("a") == expected);
  CHECK(parse_csv("a,b\r1,3\r2,4", "t").numbers("a") == expected);
  CHECK(parse_csv("\n\na,b\n1,3\n2,4\n", "t").numbers("a") == expected);
  CHECK(parse_csv("x, a \n3,1\n4,2\n", "t").numbers("a") == expected);
  CHECK(parse_csv("x;a\n3,5;1\n4;2\n", "t", {.delimiter = ';'}).numbers("a") == expected);
}

TEST_CASE("csv: a header is detected or stated") {
  CHECK(parse_csv("1,2\n3,4\n", "t").names == Texts{"1", "2"});
  CHECK(parse_csv("1,2\n3,4\n", "t").numbers("2") == Numbers{2, 4});
  CHECK(parse_csv("x,4\n3,4\n", "t").rows() == 2);  // one number in the first line: no header
  CHECK(parse_csv("5,6\n3,4\n", "t", {.header = io::Header::yes}).numbers("6") == Numbers{4});
  CHECK(parse_csv("a,b\n3,4\n", "t", {.header = io::Header::no}).text("1") == Texts{"a", "3"});
  CHECK(parse_csv("a,b\n", "t").numbers("a").empty());
}

TEST_CASE("csv: numbers at the edges") {
  const Numbers x = parse_csv("x\ninf\n-inf\n1.7976931348623157e308\n5e-324\n-0\n", "t").numbers("x");
  CHECK(x[0] == std::numeric_limits<double>::infinity());
  CHECK(x[1] == -std::numeric_limits<double>::infinity());
  CHECK(x[2] == std::numeric_limits<double>::max());
  CHECK(x[3] == std::numeric_limits<double>::denorm_min());
  CHECK(std::signbit(x[4]));
  CHECK(std::isnan(parse_csv("x\nnan\n", "t").numbers("x")[0]));
}

TEST_CASE("csv: bad input is named by file, line and column") {
  const auto numbers = [](const std::string& text) { parse_csv(text, "goog.csv").numbers("close"); };
  const auto parse = [](const std::string& text) { parse_csv(text, "goog.csv"); };
  CHECK_THROWS_WITH_AS(numbers("date,close\nx,1\ny,abc\n"), "goog.csv: line 3, column 'close': 'abc' is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("note,close\n\"two\nlines\",1\n\ny,2x\n"), "goog.csv: line 5, column 'close': '2x' is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("date,close\nx, \n"), "goog.csv: line 2, column 'close': an empty cell is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("close\n\"1,5\"\n"), "goog.csv: line 2, column 'close': '1,5' is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("close\n1e999\n"), "goog.csv: line 2, column 'close': '1e999' is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("close\n\"a\nb\"\n"), "goog.csv: line 2, column 'close': 'a?b' is not a number", Error);
  CHECK_THROWS_WITH_AS(numbers("open,high\n1,2\n"), "goog.csv: no column 'close'; there are: open, high", Error);
  CHECK_THROWS_WITH_AS(numbers("close,close\n1,2\n"), "goog.csv: two columns are named 'close'", Error);
  CHECK_THROWS_WITH_AS(parse("a,b,c\n1,2,3\n4,5\n"), "goog.csv: line 3: 2 cells, line 1 has 3", Error);
  CHECK_THROWS_WITH_AS(parse("a,b\n1,2\n4,5,\n"), "goog.csv: line 3: 3 cells, line 1 has 2", Error);
  CHECK_THROWS_WITH_AS(parse("a,b\n1,2\n3,\"four\n5,6\n"), "goog.csv: line 3: a quote begins here that has no end", Error);
  CHECK_THROWS_WITH_AS(parse("a,b\n\"1\" ,2\n"), "goog.csv: line 2: text after a closing quote: a quote inside quotes is written twice",
                       Error);
  CHECK_THROWS_WITH_AS(parse(""), "goog.csv: is empty", Error);
  CHECK_THROWS_WITH_AS(parse("\xEF\xBB\xBF\r\n\n"), "goog.csv: is empty", Error);
  CHECK_THROWS_WITH_AS(parse("\xFF\xFE"
                             "a"),
                       "goog.csv: is UTF-16 text; save it as UTF-8", Error);
  CHECK_THROWS_WITH_AS(parse_csv("a\n", "t", {.delimiter = '"'}), "t: a quote or a line break cannot separate cells", Error);
  CHECK_THROWS_WITH_AS(io::read_csv("no/such.csv"), "no/such.csv: no such file", Error);
}

TEST_CASE("csv: numbers to the last bit, text as it stands") {
  const io::Table t = parse_csv(
      "x,my note\n0.1,plain\n-2.5,\"with, comma\"\n1e+300,\"with \"\"quotes\"\"\"\n5e-324,\"two\r\nlines\"\ninf,\"\"\n"
      "0.3333333333333333, spaces \n",
      "t");
  CHECK(t.numbers("x") == Numbers{0.1, -2.5, 1e300, 5e-324, std::numeric_limits<double>::infinity(), 1.0 / 3});
  CHECK(t.text("my note") == Texts{"plain", "with, comma", "with \"quotes\"", "two\r\nlines", "", " spaces "});
  CHECK(parse_csv("only\n\"\"\na\n", "t").text("only") == Texts{"", "a"});  // an empty line is skipped, an empty cell in quotes is not
  for (const std::string mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"})   // a name that begins as a mark of UTF-8 or UTF-16 does
    CHECK(parse_csv("\"" + mark + "x\"\na\n", "t").text(mark + "x") == Texts{"a"});
}

TEST_CASE("csv: damaged files are read or refused, nothing else") {
  const std::string good = "date,\"close, \"\"adjusted\"\"\",volume\r\n2004-08-19,100.34,\"22351900\"\r\n2004-08-20,108.31,-1e5\r\n";
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    if (round % 4 == 0) bytes.resize(random() % bytes.size());
    for (unsigned flips = random() % 4; flips > 0 && !bytes.empty(); --flips) {
      bytes[random() % bytes.size()] = round % 2 ? "\",\n\r;"[random() % 5] : char(random());
    }
    try {
      const io::Table t = parse_csv(bytes, "damaged.csv");
      for (const std::string& name : t.names) {
        const std::size_t size = t.numbers(name).size();
        CHECK(size == t.rows());
      }
    } catch (const Error& e) {
      ++refused;
      CHECK(std::string(e.what()).find_first_of("\r\n") == std::string::npos);
    }
  }
  CHECK(refused > 1000);
}
