#pragma once
/// @file
/// Parts 6 to 8 of what the program prints: what a pre-trained BERT knows.
#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/settings.hpp"

namespace bert {

/// Texts with gaps, and the words that fit best.
void fill_the_gaps(const Settings& settings, const Material& material, const Pretrained& trained);

/// One word in two senses: cosines before and after pre-training; draws the vectors.
void one_word_two_senses(const Settings& settings, const Material& material,
                         const Pretrained& trained);

/// Sentences as vectors: whether those of one topic gather; draws them.
void sentences_as_vectors(const Settings& settings, const Material& material,
                          const Pretrained& trained, Generator& generator);

/// A text and the best words of each gap.
void show_fill(const byhand::nn::BertForPreTraining& model,
               const byhand::text::WordPiece& vocabulary, const std::string& text);

}  // namespace bert
