#include "chapters/14_bert/finetuning/show.hpp"

#include "chapters/14_bert/pictures.hpp"
#include "common/app/chapter.hpp"

namespace bert {
using namespace byhand;

namespace {

void show_comparisons(const std::vector<Comparison>& comparisons) {
  app::Table table(
      {"labels a class", "TF-IDF + logistic regression", "BERT from scratch", "BERT, pre-trained"});
  const auto cell = [](const std::vector<double>& values) {
    const MeanSpread m = mean_spread(values);
    return values.size() > 1 ? fmt::format("{:.3f} +- {:.3f}", m.mean, m.spread)
                             : fmt::format("{:.3f}", m.mean);
  };
  for (const Comparison& c : comparisons)
    table.add_row({c.labels, cell(c.tfidf), cell(c.from_scratch), cell(c.pretrained)});
  table.print();
}

}  // namespace

void fine_tuning(const Settings& settings, const Material& m, const Pretrained& trained) {
  const bool toy = settings.classify.empty();
  const std::string what = toy ? "the topic of a sentence" : settings.classify.filename().string();
  app::numbered_heading(fmt::format("Fine-tuning: {}, {} classes, {} sentences to test", what,
                                    m.classes.size(), m.test.size()));
  std::vector<Comparison> comparisons;
  for (const std::size_t labels : label_counts(settings))
    comparisons.push_back(compare(trained.model, trained.vocabulary, m.pool, m.test,
                                  m.classes.size(), labels, std::size_t(settings.runs),
                                  m.fine_tuning));
  show_comparisons(comparisons);
  app::save_figure(fine_tuning_figure(comparisons, what), "fine_tuning", settings);
}

}  // namespace bert
