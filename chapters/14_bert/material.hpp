#pragma once
/// @file
/// What a run reads: the toy stories or texts of the reader's own, and sentences with classes.
#include "chapters/14_bert/finetuning/classify.hpp"
#include "chapters/14_bert/settings.hpp"

namespace bert {

struct Material {
  Texts training, validation;
  std::vector<Story> stories;  ///< of the toy world, to look at; none with files
  Labelled pool, test;         ///< to fine-tune on; empty when there are no classes
  std::vector<std::string> classes;
  std::size_t pieces = 600;  ///< of the vocabulary, at most
  Plan plan;
  FineTuning fine_tuning;
};

/// 3000 stories to pre-train on, 60 to validate on, 300 to look at; sentences with their topics, of
/// each topic 50 to test on and 500 to draw from. No sentence to validate or test on stands in a
/// story that is pre-trained on.
Material toy_material(Generator& generator);

/// Texts from `data` and labelled sentences from `classify`; either may be empty, not both. A fifth
/// of the labelled sentences is to test on.
/// Without `data` the others are also what is pre-trained on, without their labels; they stand in
/// no order, so there is no next sentence.
/// Every 20th document (of two sentences or more, with `data`) is held out. Error when a file is no
/// good (read_texts, read_labelled) or has too few documents.
Material real_material(const std::filesystem::path& data, const std::filesystem::path& classify,
                       Generator& generator);

/// Puts what the settings say into the plans: how long, where to write, whether to resume.
void apply(const Settings& settings, Material& material);

/// So many documents of the training texts as token ids, to look at; with two sentences or more
/// each when there are pairs.
std::vector<byhand::text::Document> first_documents(const Material& material,
                                                    const byhand::text::WordPiece& vocabulary,
                                                    std::size_t count);

/// Error that names the file, the class and --labels when a class has fewer sentences to draw
/// labelled ones from.
void check_labels(const Material& material, const std::string& where, std::size_t labels);

}  // namespace bert
