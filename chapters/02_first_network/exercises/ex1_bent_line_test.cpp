#include <ex1_bent_line.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include "chapters/02_first_network/dosage.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// Where the output comes back to 0 above 0.5: the interval is halved until nothing is left of it.
double where_the_output_ends(const dosage::Network& n) {
  double on = 0.5, off = 1;
  for (int i = 0; i < 40; ++i) {
    const double middle = (on + off) / 2;
    (dosage::forward(n, real(middle)).output > 0 ? on : off) = middle;
  }
  return on;
}

}  // namespace

TEST_CASE("the trained network between the doses it was shown") {
  const dosage::Network n;
  verdict::predicted("output at dose 0.48", dosage::forward(n, real(0.48)).output,
                     ex::output_at_048, 0.01);
  verdict::predicted("output at dose 0.51", dosage::forward(n, real(0.51)).output,
                     ex::output_at_051, 0.01);
  verdict::predicted("dose at which the output is 0 again", where_the_output_ends(n),
                     ex::dose_of_return, 0.001);
}
