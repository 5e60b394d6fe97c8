// CitationStream: what a model writes, checked and cited while it comes.
//
// In:  any bytes, in any pieces.
// Out: printable text; each sentence, step or line followed by the passages it rests on, " [1][2]",
//      or by " [?]" when no passage holds it or when it has a number or a name that none has.
//
//   - Citations are taken out wherever the model writes them and stand after the sentence once they
//     were checked; a number that no passage has is dropped.
//   - Step numbers and bullets stay; emphasis (**) and heading marks (#) go.
//   - Held back is only what may still become a citation or a mark, the space before it, and all of
//     the beginning until something of it is known to stand in a passage: so a made-up answer is
//     never shown and then taken back.
//
// The pieces given to the sink together are text(), however the input was cut into pieces.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generation/answer.h"
#include "generation/language_model.h"
#include "generation/sentence_checker.h"

namespace saseo {

inline constexpr std::string_view kUnverifiedMark = "[?]";

// Checks a sentence, or the beginning of one, with the numbers cited beside it.
using CheckSentence =
    std::function<SentenceVerdict(std::string_view sentence, std::span<const int> cited)>;

class CitationStream {
 public:
  // `sink` may be empty.
  CitationStream(CheckSentence check, TextSink sink);

  void write(std::string_view bytes);
  // The model is done. `cut`: in the middle of a sentence, so that its last one is no claim yet.
  void finish(bool cut);

  // False once nothing more is of use: the model says that the manuals are silent, repeats itself,
  // or goes on with what stands in no passage.
  bool wants_more() const { return !silent_ && !repeats_ && !hopeless_; }
  // The model says that the manuals are silent, or nothing that it wrote stands in them: nothing
  // was given to the sink. After finish().
  bool found_nothing() const { return !shown_; }

  // What was given to the sink. After finish().
  Generated take();

 private:
  enum class Ending {
    kOpen,     // In the sentence.
    kStopped,  // After a full stop or the like, which may yet be one within a number.
    kCited,    // After a citation that follows a whole statement.
  };

  void take_characters(bool final);
  void process(bool final);
  bool process_bracket(bool final);
  bool process_comma(bool final);
  void put(char32_t c);
  void put_break();
  void put_space();
  void add_citations(const std::vector<int>& numbers);
  bool process_mark(char32_t c, bool final);
  void settle_ending(char32_t next);
  void begin_sentence();
  void close_sentence(bool cut = false);
  bool at_line_begin() const { return !in_sentence_ || breaks_ > 0; }
  std::string_view sentence() const { return std::string_view(out_.text).substr(sentence_begin_); }
  void try_to_show();
  void flush();

  CheckSentence check_;
  TextSink sink_;
  std::string bytes_;     // Of a character that is not whole yet.
  std::string in_;        // Whole characters ...
  std::size_t next_ = 0;  // ... processed until here.
  Generated out_;
  std::size_t given_ = 0;  // Bytes of the text that the sink has.

  bool in_sentence_ = false;
  std::size_t sentence_begin_ = 0;  // In out_.text, after the step's number.
  Ending ending_ = Ending::kOpen;
  std::string spaces_;                // Before the next character.
  bool cited_in_gap_ = false;         // A citation stood where `spaces_` are.
  std::size_t breaks_ = 0;            // Line breaks before the next character.
  std::vector<int> cited_;            // Beside the sentence.
  std::vector<int> cited_next_line_;  // On the line after it, before any other character.

  bool shown_ = false;       // Something stands in a passage.
  std::size_t unshown_ = 0;  // Sentences that stand in none, before any that does.
  bool silent_ = false, repeats_ = false, hopeless_ = false;
  std::map<std::string, int> times_written_;  // Of each sentence.
};

}  // namespace saseo
