#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

void backward(const Weights& w) {
  app::heading(
      "9. Backward by hand: d loss / d encodings and weights, loss = sum of attention x R");
  const Array x = lecture_encodings();
  const Array R = array({3, 2}, {real(0.932), real(0.863),      // word 1
                                 real(0.141), real(-0.688),     // word 2
                                 real(-0.996), real(-0.551)});  // word 3
  for (const auto& [name, hidden] :
       {std::pair{"self", nothing_hidden(3, 3)}, {"masked", future_hidden(3)}}) {
    const Gradients hand = attend_backward(attend(x, x, w, hidden), x, x, w, R);
    const Gradients automatic = autograd_gradients(x, w, hidden, R);
    const Array dx = hand.x + hand.memory;  // x went in twice
    app::agree(fmt::format("{}: encodings, by hand = autograd", name), dx, automatic.x, same);
    app::agree(fmt::format("{}: query weights", name), hand.weights.query, automatic.weights.query,
               same);
    app::agree(fmt::format("{}: key weights", name), hand.weights.key, automatic.weights.key, same);
    app::agree(fmt::format("{}: value weights", name), hand.weights.value, automatic.weights.value,
               same);
  }
}

}  // namespace attention::parts
