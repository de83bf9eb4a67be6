#include "chapters/02_first_network/iris.hpp"

#include <algorithm>
#include <cmath>

#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/io/csv.hpp"
#include "common/optim/optimizers.hpp"

namespace iris {
using namespace byhand;

namespace {
Weights weights(const std::vector<double>& W1, const std::vector<double>& b1,
                const std::vector<double>& W2, const std::vector<double>& b2) {
  const auto of = [](const Shape& shape, const std::vector<double>& v) {
    return array(shape, std::vector<real>(v.begin(), v.end()));
  };
  return {of({2, 2}, W1), of({2}, b1), of({3, 2}, W2), of({3}, b2)};
}
}  // namespace

Weights video_network() {
  return weights({-2.5, 0.6, -1.5, 0.4}, {1.6, 0.7}, {-0.1, 1.5, 2.4, -5.2, -2.2, 3.7}, {0, 0, 1});
}
Weights book_chapter_3() {
  return weights({4.2, 0.3, -2.6, 1.2}, {-0.7, 1.7}, {-10.1, 6.3, -0.5, 2.0, 2.5, -5.3},
                 {0.4, 1.3, -1.0});
}
Weights book_chapter_4() {
  return weights({3.6, 0.3, -2.0, 1.5}, {-0.3, 1.2}, {-4.2, 3.2, 0.2, 0.3, 1.9, -3.3},
                 {0.5, 1.0, -0.6});
}

Examples video_irises() {
  return {array({3, 2}, {real(0.04), real(0.42), 1, real(0.54), real(0.5), real(0.37)}),
          ids({0, 2, 1})};
}

Forward forward_by_hand(const Weights& w, real petal_width, real sepal_width) {
  Forward f;
  for (std::size_t unit = 0; unit < 2; ++unit)
    f.hidden.push_back(
        relu(w.W1(unit, 0) * petal_width + w.W1(unit, 1) * sepal_width + w.b1(unit)));
  real sum = 0;
  for (std::size_t species = 0; species < 3; ++species) {
    f.logits.push_back(w.W2(species, 0) * f.hidden[0] + w.W2(species, 1) * f.hidden[1] +
                       w.b2(species));
    sum += std::exp(f.logits.back());
  }
  for (const real logit : f.logits) f.softmax.push_back(std::exp(logit) / sum);
  return f;
}

real cross_entropy_by_hand(const Weights& w, const Examples& e) {
  real total = 0;
  for (std::size_t i = 0; i < e.species.size(); ++i)
    total -= std::log(
        forward_by_hand(w, e.inputs(i, 0), e.inputs(i, 1)).softmax[std::size_t(e.species(i))]);
  return total;
}

Weights gradients_by_hand(const Weights& w, const Examples& e) {
  Weights d{zeros({2, 2}), zeros({2}), zeros({3, 2}), zeros({3})};
  for (std::size_t i = 0; i < e.species.size(); ++i) {
    const Forward f = forward_by_hand(w, e.inputs(i, 0), e.inputs(i, 1));
    real d_hidden[2] = {0, 0};
    for (std::size_t species = 0; species < 3; ++species) {
      const real one_hot = real(species == std::size_t(e.species(i)));
      const real d_logit = f.softmax[species] - one_hot;
      d.b2(species) += d_logit;
      for (std::size_t unit = 0; unit < 2; ++unit) {
        d.W2(species, unit) += d_logit * f.hidden[unit];
        d_hidden[unit] += d_logit * w.W2(species, unit);
      }
    }
    for (std::size_t unit = 0; unit < 2; ++unit) {
      const real d_sum = f.hidden[unit] > 0 ? d_hidden[unit] : real(0);  // relu'
      d.b1(unit) += d_sum;
      for (std::size_t input = 0; input < 2; ++input)
        d.W1(unit, input) += d_sum * e.inputs(i, input);
    }
  }
  return d;
}

Network::Network(Generator& g)
    : hidden(child("hidden", nn::Linear(2, 2, g))), output(child("output", nn::Linear(2, 3, g))) {}

namespace {
Generator unused{0};
}
Network::Network(const Weights& w) : Network(unused) {
  load_state_dict({{"hidden.weight", w.W1},
                   {"hidden.bias", w.b1},
                   {"output.weight", w.W2},
                   {"output.bias", w.b2}});
}

Dataset read_irises(const std::filesystem::path& file) {
  const io::Table table = io::read_csv(file);
  const std::vector<double> petal = table.numbers("petal_width"),
                            sepal = table.numbers("sepal_width"),
                            position = table.numbers("position");
  const std::vector<std::string> species = table.text("species"), part = table.text("part");
  const std::vector<std::string> names = {"setosa", "versicolor", "virginica"};
  const auto rows_of = [&](const char* wanted) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < part.size(); ++i)
      if (part[i] == wanted) rows.push_back(i);
    check(!rows.empty(), "{}: no row of the part '{}'", file.string(), wanted);
    std::sort(rows.begin(), rows.end(),
              [&](std::size_t a, std::size_t b) { return position[a] < position[b]; });
    return rows;
  };
  const std::vector<std::size_t> train = rows_of("train"), test = rows_of("test");
  check(
      train.size() == 112 && test.size() == 38,
      "{}: {} irises to train on, {} to test; 112 and 38 belong there: the file is cut or changed",
      file.string(), train.size(), test.size());
  Dataset data;
  for (const std::vector<double>* column : {&petal, &sepal}) {
    const auto less = [&](std::size_t a, std::size_t b) { return (*column)[a] < (*column)[b]; };
    data.smallest.push_back((*column)[*std::min_element(train.begin(), train.end(), less)]);
    data.largest.push_back((*column)[*std::max_element(train.begin(), train.end(), less)]);
  }
  const auto scaled = [&](const std::vector<std::size_t>& rows) {
    Examples e{empty({rows.size(), 2}), Ids::from_shape({rows.size()})};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      e.inputs(i, 0) =
          real((petal[rows[i]] - data.smallest[0]) / (data.largest[0] - data.smallest[0]));
      e.inputs(i, 1) =
          real((sepal[rows[i]] - data.smallest[1]) / (data.largest[1] - data.smallest[1]));
      const auto name = std::find(names.begin(), names.end(), species[rows[i]]);
      check(name != names.end(), "{}: '{}' is not one of the three species", file.string(),
            species[rows[i]]);
      e.species(i) = name - names.begin();
    }
    return e;
  };
  data.train = scaled(train);
  data.test = scaled(test);
  return data;
}

void train(const Network& network, const Examples& e, Loss kind, double learning_rate, int epochs) {
  optim::Adam adam(network.parameters(), {.lr = learning_rate});
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = 0; i < e.species.size(); ++i) {
      const Array widths = array({1, 2}, {e.inputs(i, 0), e.inputs(i, 1)});
      const Tensor logits = network(Tensor(widths));  // (1, 3)
      Array one_hot = zeros({1, 3});
      one_hot(0, std::size_t(e.species(i))) = 1;
      adam.zero_grad();
      (kind == Loss::cross_entropy ? cross_entropy(logits, ids({e.species(i)}))
                                   : mse_loss(logits, Tensor(one_hot), Reduction::sum))
          .backward();
      adam.step();
    }
  }
}

double accuracy(const Network& network, const Examples& e) {
  const NoGrad no_grad;
  const Ids guess = argmax(network(Tensor(e.inputs)).value());
  std::size_t right = 0;
  for (std::size_t i = 0; i < guess.size(); ++i) right += guess(i) == e.species(i);
  return double(right) / double(guess.size());
}

}  // namespace iris
