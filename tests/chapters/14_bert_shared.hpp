#pragma once
/// @file
/// What the tests of chapter 14 share: files for one test case, three small texts, a small model.
#include <unistd.h>

#include <filesystem>

#include "chapters/14_bert/pretraining/pretraining.hpp"
#include "common/system/files.hpp"

namespace bert_tests {

/// A name of its own for each process: the tests run in float and double at the same time.
inline std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("byhand_14_bert_{}_{}", ::getpid(), name);
}

/// A file that is there for one test case.
struct TemporaryFile {
  TemporaryFile(const std::string& name, const std::string& text) : path(scratch(name)) { byhand::write_file(path, text); }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

/// A folder that is there for one test case.
struct TemporaryFolder {
  explicit TemporaryFolder(const std::string& name) : path(scratch(name)) { std::filesystem::create_directories(path); }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

inline const bert::Texts tea = {
    {"anna drinks tea", "she likes it", "the cup is empty"}, {"ben plays chess", "he wins"}, {"rain falls", "the road is wet"}};

/// A model small enough for a test, not trained.
struct Small {
  Small() : vocabulary(bert::train_vocabulary(tea, 200)), model(config(), generator) { model.eval(); }
  byhand::nn::BertConfig config() const {
    return bert::config_of({.size = 8, .layers = 1, .heads = 2, .feed_forward = 8, .max_length = 16}, vocabulary.size());
  }
  byhand::Generator generator{3};
  byhand::text::WordPiece vocabulary;
  byhand::nn::BertForPreTraining model;
};

}  // namespace bert_tests
