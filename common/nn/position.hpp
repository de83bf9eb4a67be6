#pragma once
/// @file
/// Spine, nn. Attention does not know in which order its keys come; these layers add to each token
/// a vector that says where it stands.
#include "common/nn/layers.hpp"

namespace byhand::nn {

/// The table (length, size) of Vaswani et al. 2017: sin(position / 10000^(2i / size)) in column 2i,
/// the cosine in column 2i + 1.
/// Error when the size is odd or 0: sines and cosines come in pairs.
Array sinusoidal_encoding(std::size_t length, std::size_t size);

struct PositionOptions {
  double dropout = 0;             ///< of the sum, in training
  std::size_t max_length = 5000;  ///< longer inputs are an error
  /// the input is (batch, length, size) instead of (length, batch, size)
  bool batch_first = false;
};

/// x + sinusoidal_encoding: (length, batch, size), (batch, length, size) with batch_first, or
/// (length, size). It has no parameters, and nothing of it is saved. `first` is the position of the
/// first token, for one that continues a sequence. Error on an input that is too long.
struct PositionalEncoding : Module {
  PositionalEncoding(std::size_t size, const Generator& generator,
                     const PositionOptions& options = {});
  Tensor operator()(const Tensor& x, std::size_t first = 0) const;
  Tensor table;  ///< (max_length, size), a constant
  PositionOptions options;

 private:
  Dropout dropout_;
};

/// x + a vector for each position that is learned (GPT, BERT). Same shapes; starts from the
/// standard normal distribution like nn::Embedding.
struct LearnedPosition : Module {
  LearnedPosition(std::size_t size, Generator& generator, const PositionOptions& options = {});
  Tensor operator()(const Tensor& x, std::size_t first = 0) const;
  Parameter weight;  ///< (max_length, size)
  PositionOptions options;

 private:
  Dropout dropout_;
};

}  // namespace byhand::nn
