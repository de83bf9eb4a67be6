#include "chapters/02_first_network/iris.hpp"
#include "chapters/02_first_network/parts/parts.hpp"
#include "common/app/chapter.hpp"
#include "common/system/files.hpp"

namespace first_network {
using namespace byhand;

void train_on_all_irises(const app::Settings& settings) {
  app::heading("5. The same network trained on 112 irises, tested on 38");
  const iris::Dataset data = iris::read_irises(dataset("iris.csv"));
  app::Table table({"loss", "epochs", "right on the test irises", "book"});
  const auto row = [&](const char* name, iris::Loss loss, int epochs, const char* book) {
    Generator generator{settings.seed};
    const iris::Network network(generator);
    iris::train(network, data.train, loss, 0.001, epochs);
    table.add_row({name, epochs, iris::accuracy(network, data.test), book});
  };
  row("squared residuals", iris::Loss::squared_residuals, 10, "0.7368");
  if (!settings.quick) row("squared residuals", iris::Loss::squared_residuals, 100, "0.9211");
  row("cross-entropy", iris::Loss::cross_entropy, 10, "0.6579");
  if (!settings.quick) row("cross-entropy", iris::Loss::cross_entropy, 100, "0.9474");
  table.print();
}

}  // namespace first_network
