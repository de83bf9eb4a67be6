#include "chapters/02_first_network/dosage.hpp"
#include "chapters/02_first_network/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace first_network {
using namespace byhand;

std::vector<dosage::Step> train_final_bias(const app::Settings& settings) {
  app::heading("2. Training final_bias from 0: gradient descent, learning rate 0.1");
  const dosage::Data data;
  dosage::Network n;
  n.final_bias = 0;
  const dosage::BuiltIn built_in(n);
  const auto by_hand = dosage::train_by_hand(n, data, real(0.1), settings.epochs);
  const auto autograd = dosage::train_built_in(built_in, data, 0.1, settings.epochs);

  app::Table table({"epoch", "final_bias", "loss", "derivative", "notes"});
  const char* first[] = {"derivative 32.02", "-3.2020", "-5.7636", "-7.8129"};
  for (std::size_t epoch = 0; epoch < by_hand.size(); ++epoch) {
    if (epoch >= 4 && epoch + 1 < by_hand.size()) continue;
    const dosage::Step& step = by_hand[epoch];
    const char* notes = epoch < 4 ? first[epoch] : epoch == 34 ? "-16.00188" : "";
    table.add_row({epoch, app::number(step.final_bias, 5), step.loss, step.derivative, notes});
  }
  table.print();

  const auto column = [](const std::vector<dosage::Step>& steps, real dosage::Step::*field) {
    std::vector<real> values;
    for (const dosage::Step& s : steps) values.push_back(s.*field);
    return array(values);
  };
  app::agree("chain rule = autograd: every derivative", column(by_hand, &dosage::Step::derivative),
             column(autograd, &dosage::Step::derivative), 1e-4);
  app::agree("by hand = SGD: every final_bias", column(by_hand, &dosage::Step::final_bias),
             column(autograd, &dosage::Step::final_bias), 1e-4);
  return by_hand;
}

}  // namespace first_network
