#include "chapters/02_first_network/bent_line.hpp"
#include "chapters/02_first_network/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace first_network {
using namespace byhand;
namespace {

void derivatives_by_chain_rule_and_autograd(const bent::Data& data) {
  for (const auto& [name, n] : {std::pair{"two ReLUs", bent::book_chapter_2()},
                                {"two softpluses", bent::softplus_part_2(0)}}) {
    std::vector<real> by_hand, autograd;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto a = bent::gradients_by_hand(n, data.doses[i], data.observed[i]);
      const auto b = bent::gradients_by_autograd(n, data.doses[i], data.observed[i]);
      by_hand.insert(by_hand.end(), a.begin(), a.end());
      autograd.insert(autograd.end(), b.begin(), b.end());
    }
    app::agree(fmt::format("{}: chain rule = autograd", name), array(by_hand), array(autograd),
               1e-4);
  }
}

void outputs_at_the_doses(const bent::Data& data) {
  app::Table outputs({"outputs at the doses", "0", "0.5", "1", "source"});
  const auto row = [&](const char* name, const bent::Network& n, const char* source) {
    const auto at = [&](std::size_t i) {
      return app::number(bent::forward(n, data.doses[i]).output, 4);
    };
    outputs.add_row({name, at(0), at(1), at(2), source});
  };
  row("two ReLUs, trained", bent::book_chapter_1(), "book: 0, 1.0023, -0.0038");
  row("two ReLUs, before training", bent::book_chapter_2(), "");
  row("two softpluses, trained", bent::softplus_part_1(), "");
  outputs.print();
}

void all_six_trained(const bent::Data& data) {
  bent::Network n = bent::book_chapter_2();
  bent::train_one_by_one(n, data, real(0.01), 500);
  app::Table table({"", "w1", "b1", "w2", "b2", "w3", "w4"}, 3);
  table.add_row({"all six trained, 500 epochs", n.w1, n.b1, n.w2, n.b2, n.w3, n.w4});
  table.add_row({"the book", "1.479", "-0.568", "2.698", "-0.258", "-4.240", "1.583"});
  table.print();
}

void descent_of_b3(const bent::Data& data) {
  app::Table table({"b3 of the softplus network", "SSR", "slope", "step", "video"});
  const char* video[] = {"SSR 20.4, slope -15.7", "1.57, slope -6.26", "2.19", "", ""};
  const auto rows = bent::descend_b3(bent::softplus_part_2(0), data, real(0.1), 12);
  const auto add = [&](const bent::Row& r, const char* says) {
    table.add_row({r.b3, r.ssr, r.slope, r.step, says});
  };
  for (std::size_t i = 0; i < 5; ++i) add(rows[i], video[i]);
  add(rows.back(), "2.61");
  table.print();
}

}  // namespace

void bent_lines() {
  app::heading("3. Back-propagation by hand = autograd: seven derivatives of a bent line");
  const bent::Data data;
  derivatives_by_chain_rule_and_autograd(data);
  outputs_at_the_doses(data);
  all_six_trained(data);
  descent_of_b3(data);
}

}  // namespace first_network
