#pragma once
/// @file
/// Appliance, text. BERT's tokenizer: a text is split into words, each word into pieces of a vocabulary. Schuster and Nakajima 2012,
/// "Japanese and Korean voice search"; Devlin et al. 2018, "BERT".
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/text/words.hpp"

namespace byhand::text {

/// Both on: BERT's uncased models. Both off: the cased ones.
struct BasicOptions {
  bool lower_case = true;
  /// é becomes e. As in Google's program this takes Korean syllables apart (한 becomes ᄒ, ᅡ, ᆫ), and BERT's English vocabulary was made
  /// so. A vocabulary for Korean text is better made and used with this off; nfc() first if a text may come decomposed.
  bool strip_accents = true;
};

/// BERT's first step, from a text to words: control and format characters and U+FFFD fall out, bytes that are not UTF-8 with them; white
/// space separates; each Chinese character and each punctuation mark is a word of its own. All printable ASCII characters but letters and
/// digits are punctuation, also $ and ^.
Words basic_tokens(std::string_view text, const BasicOptions& options = {});

/// The numbers a model reads for one text or a pair: [CLS] a [SEP], or [CLS] a [SEP] b [SEP].
struct Encoded {
  std::vector<std::int64_t> ids;
  /// 0 for [CLS], the first text and its [SEP], 1 for the second text and its [SEP].
  std::vector<std::int64_t> segments;
};

/// [CLS] a [SEP] b [SEP] from the numbers of each text; of any number of texts, all of each.
Encoded with_specials(const std::vector<std::vector<std::int64_t>>& texts, std::int64_t cls, std::int64_t sep);

struct WordPieceOptions {
  BasicOptions basic = {};
  /// Words with more code points than this become [UNK].
  std::size_t longest_word = 100;
};

/// Whether the name of a special token written in a text, such as [MASK], stands for that token. as_text is right for texts of others.
enum class Specials { as_text, as_tokens };

/// A vocabulary of pieces, numbered from 0, and how it is applied. A piece within a word begins with ##: "unaffable" is un ##aff ##able.
class WordPiece {
 public:
  /// Error that names the piece: one that is empty, holds white space, is not UTF-8 or stands there twice; and when there is no [UNK].
  explicit WordPiece(Words pieces, const WordPieceOptions& options = {});
  /// From a file with one piece a line, in the order of the numbers; blanks around a piece do not count. Errors name file and line.
  static WordPiece load(const std::filesystem::path& file, const WordPieceOptions& options = {});
  /// Writes such a file.
  void save(const std::filesystem::path& file) const;

  std::size_t size() const { return pieces_.size(); }
  const Words& pieces() const { return pieces_; }
  const WordPieceOptions& options() const { return options_; }
  /// The piece with this number. Error when there is none.
  const std::string& piece(std::int64_t id) const;
  /// The number of a piece, or -1.
  std::int64_t find(std::string_view piece) const;
  /// The number of a piece. Error that names an unknown one.
  std::int64_t id(std::string_view piece) const;
  /// The numbers of [PAD] [UNK] [CLS] [SEP] [MASK]. Error when the vocabulary has no such piece.
  std::int64_t pad() const { return id("[PAD]"); }
  std::int64_t unk() const { return unk_; }
  std::int64_t cls() const { return id("[CLS]"); }
  std::int64_t sep() const { return id("[SEP]"); }
  std::int64_t mask() const { return id("[MASK]"); }

  /// The pieces of one word as it is: at each place the longest that fits. [UNK] for the whole word when at one place none fits.
  Words split_word(std::string_view word) const;
  /// The pieces of a text, and their numbers.
  Words tokens(std::string_view text, Specials specials = Specials::as_text) const;
  std::vector<std::int64_t> ids(std::string_view text, Specials specials = Specials::as_text) const;

  /// A text as [CLS] a [SEP]. With more than `longest` numbers the end of the text is left out. Error when longest < 2.
  Encoded encode(std::string_view text, std::size_t longest = 512, Specials specials = Specials::as_text) const;
  /// A pair as [CLS] a [SEP] b [SEP]; too long, the longer text loses its last piece until it fits, the second when both are as long
  /// (Google's _truncate_seq_pair). Error when longest < 3.
  Encoded encode_pair(std::string_view a, std::string_view b, std::size_t longest = 512, Specials specials = Specials::as_text) const;

  /// A readable text: pieces joined, Korean put together, no blank before , and after (. [PAD], [CLS] and [SEP] are left out. Capitals,
  /// accents and where blanks stood around punctuation are lost: it is a guess at the text, not the text. Error on an unknown number.
  std::string decode(const std::vector<std::int64_t>& ids) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  WordPiece(Words pieces, const WordPieceOptions& options, const std::string& where, std::string_view unit);

  Words named(const std::vector<std::int64_t>& ids) const;
  void append_word(std::vector<std::int64_t>& out, std::string_view word) const;
  void append_text(std::vector<std::int64_t>& out, std::string_view text) const;

  Words pieces_;
  WordPieceOptions options_;
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> ids_;
  std::size_t longest_piece_ = 0;  // in bytes
  std::int64_t unk_ = -1;
};

/// Which pair of neighbouring pieces becomes one piece next.
enum class Merge {
  /// The pair seen most often, as in byte-pair encoding (Sennrich et al. 2016) and in Hugging Face's trainer of WordPiece.
  most_frequent,
  /// The pair with the highest count(ab) / (count(a) count(b)): the one that raises the likelihood of the text under a unigram model of
  /// pieces most for each time it is seen, the WordPiece of Schuster and Nakajima. It prefers rare letters that always stand together.
  highest_score
};

struct WordPieceTraining {
  /// Measured on the King James Bible with 500 pieces: a word has 1.56 pieces by frequency, 3.19 by score. Hence frequency.
  Merge merge = Merge::most_frequent;
  /// Pairs seen less often stay apart.
  std::int64_t min_count = 2;
  /// So many letters are taken, the most frequent ones; words with others become [UNK].
  std::size_t letters = 1000;
  /// How texts are split into words, and how the vocabulary will be applied.
  WordPieceOptions tokenizer = {};
};

/// Words, already split and in small letters, and how often each was seen.
using WordCounts = std::map<std::string, std::int64_t>;

/// A vocabulary of at most `size` pieces: [PAD] [UNK] [CLS] [SEP] [MASK], the letters as they begin a word, as they go on (both forms of
/// each letter of a longer word, so that words never seen can be spelt), then merged pieces in the order they were made. It is smaller
/// when no pair is left that was seen min_count times. Of two equal pairs the one whose pieces are older wins: the same counts always give
/// the same vocabulary. Error when `size` has no room for the letters, or a count is below 1.
WordPiece train_wordpiece(const WordCounts& counts, std::size_t size, const WordPieceTraining& options = {});
WordPiece train_wordpiece(const std::vector<std::string>& texts, std::size_t size, const WordPieceTraining& options = {});

}  // namespace byhand::text
