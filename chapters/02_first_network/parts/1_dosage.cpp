#include "chapters/02_first_network/dosage.hpp"
#include "chapters/02_first_network/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace first_network {
using namespace byhand;

void dosage_three_ways() {
  app::heading("1. The dosage network: by hand, as matrices, built in");
  const dosage::Network n;
  const dosage::Data data;
  app::Table table({"dose", "to top ReLU", "scaled", "to bottom ReLU", "scaled", "to final ReLU",
                    "output", "notes"});
  const char* notes[] = {"0", "1.01", "0"};
  for (std::size_t i = 0; i < 3; ++i) {
    const dosage::Steps s = dosage::forward(n, data.inputs[i]);
    table.add_row({app::number(data.inputs[i], 1), s.input_to_top_relu, s.scaled_top_relu_output,
                   s.input_to_bottom_relu, s.scaled_bottom_relu_output, s.input_to_final_relu,
                   s.output, notes[i]});
  }
  table.print();

  const Array doses = linspace(0, 1, 11), column = reshape(doses, {11, 1});
  std::vector<real> by_hand;
  for (const real dose : doses) by_hand.push_back(dosage::forward(n, dose).output);
  const Array matrices = dosage::forward(dosage::as_matrices(n), column);  // (11, 1)
  const Array built_in = dosage::BuiltIn(n)(Tensor(column)).value();       // (11, 1)
  app::agree("by hand = matrices: 11 doses", array({11, 1}, by_hand), matrices, 1e-5);
  app::agree("matrices = built-in: 11 doses", matrices, built_in, 1e-5);
}

}  // namespace first_network
