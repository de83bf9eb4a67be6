// Running another program, held against what the shell's own tools do.
#include <doctest/doctest.h>

#include "common/core/error.hpp"
#include "common/system/program.hpp"

using namespace byhand;

TEST_CASE("run_program: input, output, errors and exit code arrive") {
  const ProgramRun run = run_program({"sh", "-c", "cat; echo wrong >&2; exit 3"}, "a line\n");
  CHECK(run.found);
  CHECK(run.output == "a line\n");
  CHECK(run.errors == "wrong\n");
  CHECK(run.exit_code == 3);
}

TEST_CASE("run_program: no shell reads the arguments") {
  CHECK(run_program({"printf", "%s", "$HOME; 'a b'"}, "").output == "$HOME; 'a b'");
}

TEST_CASE("run_program: much input and output, and a program that does not read") {
  const std::string text(3 << 20, 'x');
  CHECK(run_program({"cat"}, text).output == text);
  CHECK(run_program({"true"}, text).exit_code == 0);
}

TEST_CASE("run_program: a missing program, a killed one, none at all") {
  CHECK_FALSE(run_program({"there-is-no-such-program"}, "").found);
  CHECK(run_program({"sh", "-c", "kill -9 $$"}, "").exit_code == 128 + 9);
  CHECK_THROWS_AS(run_program({}, ""), Error);
}
