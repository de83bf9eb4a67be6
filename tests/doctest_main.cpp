// Every test program starts as every chapter does. BYHAND_TEST_THREADS=2 lets all of them compute on two threads, for the thread sanitizer.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>

#include "common/core/parallel.hpp"

int main(int argc, char** argv) {
  if (const char* threads = std::getenv("BYHAND_TEST_THREADS")) byhand::set_threads(std::atoi(threads));
  return doctest::Context(argc, argv).run();
}
