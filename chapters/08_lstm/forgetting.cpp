#include "chapters/08_lstm/forgetting.hpp"

namespace lstm {
using namespace byhand;

double influence_by_hand(double feedback_weight, int days) {
  double influence = 1;
  for (int day = 0; day < days; ++day) influence *= feedback_weight;
  return influence;
}

double influence_by_autograd(double feedback_weight, int days) {
  const Tensor first_input(real(1), true);
  Tensor memory = first_input;
  for (int day = 0; day < days; ++day) memory = memory * real(feedback_weight);
  memory.backward();
  return first_input.grad().data()[0];
}

}  // namespace lstm
