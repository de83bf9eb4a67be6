#include "tests/fuzz/stores.hpp"

#include <cmath>

#include "chapters/15_rag/ask/store.hpp"
#include "common/system/files.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace fuzz {
using namespace byhand;

namespace {

/// Two numbers a text.
struct Lengths : rag::Encoder {
  std::string name() const override { return "lengths"; }
  std::size_t width() const override { return 2; }
  std::string fingerprint() const override { return "1"; }
  Array encode(const std::vector<std::string>& texts) const override {
    Array all = zeros({texts.size(), 2});
    for (std::size_t i = 0; i < texts.size(); ++i) all.data()[2 * i] = real(texts[i].size()), all.data()[2 * i + 1] = 1;
    return all;
  }
};

const rag::Document tea{"tea.md", "en", "# Tea\n\nA drink.\n\n## Green\n\nGreen tea is not black tea.\n"};
const rag::Document coffee{"coffee.txt", "", "Coffee wakes.\nTea calms.\n"};

}  // namespace

const std::string& good_store() {
  static const std::string bytes = [] {
    const auto path = file("good");
    remove_store(path);
    {
      rag::Store store(path);
      store.update({tea});
      store.vectors(Lengths());
    }
    rag::Database(path).run("PRAGMA page_size = 512; VACUUM");
    return read_file(path);
  }();
  return bytes;
}

void use_store(const std::filesystem::path& path) {
  accepts([&] {
    rag::Store store(path);
    const std::size_t passages = store.passages().size();
    accepts([&] {
      for (const text::Match& match : store.matches({"tea", "green"}, 3)) require(match.row < passages, "a match that is no passage");
    });
    accepts([&] {
      const Array vectors = store.vectors(Lengths());
      require(vectors.shape() == Shape{passages, 2}, "the vectors have another shape");
      for (const real x : vectors) require(std::isfinite(x), "a vector is not finite");
    });
    store.update({tea, coffee});
    accepts([&] { store.matches({"coffee"}, 3); });
    store.update({});
    require(store.passages().empty(), "an empty store has passages");
  });
}

void remove_store(const std::filesystem::path& path) {
  std::error_code none;
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(path.string() + ending, none);
}

}  // namespace fuzz
