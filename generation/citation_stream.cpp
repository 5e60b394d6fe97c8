#include "generation/citation_stream.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "generation/citation_marks.h"
#include "generation/prompt.h"
#include "generation/rendering.h"
#include "retrieval/sentences.h"

namespace saseo {
namespace {

constexpr std::size_t kDeepestIndent = 8;
constexpr std::size_t kMaxBreaks = 2;
constexpr std::size_t kWordsToShow = 3;  // Before the beginning of a sentence is looked at.
constexpr int kMaxRepetitions = 4;       // Of a sentence; steps may say the same twice.
// Before something of it stands in a passage: nobody waits for what will not be shown.
constexpr std::size_t kMaxUnshownSentences = 5;
constexpr std::size_t kMaxUnshownBytes = 2000;
constexpr std::size_t kShortSentence = 12;  // Code points; such repeat in any text.

bool is_terminator(char32_t c) {
  return c == U'.' || c == U'!' || c == U'?' || c == U'…' || c == U'。' || c == U'！' || c == U'？';
}
// Closes what came before it: no space belongs in front.
bool is_closing(char32_t c) {
  constexpr std::u32string_view kClosing = U",;:)]}」』〉》”’，、；：）";
  return is_terminator(c) || kClosing.find(c) != std::u32string_view::npos;
}
bool is_comma(char32_t c) { return c == U',' || c == U'，' || c == U'、'; }

// "1.", "12)", "①", "•": the number of a step or a bullet.
bool is_marker(std::string_view text) {
  const std::u32string marker = to_utf32(text);
  if (marker.size() == 1) {
    constexpr std::u32string_view kBullets = U"-•·◦▪◆■○●※–*";
    return kBullets.find(marker[0]) != std::u32string_view::npos ||
           (marker[0] >= U'①' && marker[0] <= U'⑳');
  }
  if (marker.empty() || marker.size() > 4 || (marker.back() != U'.' && marker.back() != U')'))
    return false;
  return std::all_of(marker.begin(), marker.end() - 1,
                     [](char32_t c) { return c >= U'0' && c <= U'9'; });
}

// Korean statements end so; a citation without a full stop then ends the sentence.
bool ends_like_statement(std::string_view text) {
  constexpr std::array<std::string_view, 8> kEndings = {"요", "다", "까", "오",
                                                        "음", "함", "됨", "임"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return text.ends_with(ending); });
}

// The full stop at the end of the text ends a sentence, as split_sentences() has it.
bool is_whole(std::string_view text) {
  return split_sentences(std::string(text) + " x").size() > split_sentences(text).size();
}

std::size_t count_words(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

void append_new(std::vector<int>& numbers, const std::vector<int>& more) {
  for (const int number : more) {
    if (std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
  }
}

}  // namespace

CitationStream::CitationStream(CheckSentence check, TextSink sink)
    : check_(std::move(check)), sink_(std::move(sink)) {
  out_.by_chat_model = true;
}

void CitationStream::write(std::string_view bytes) {
  bytes_ += bytes;
  take_characters(false);
  process(false);
  flush();
}

void CitationStream::take_characters(bool final) {
  std::size_t i = 0;
  while (i < bytes_.size()) {
    const DecodedCodePoint c = decode_utf8(bytes_, i);
    constexpr std::size_t kLongest = 4;  // Bytes of a character.
    if (!final && !c.valid && bytes_.size() - i < kLongest &&
        static_cast<unsigned char>(bytes_[i]) >= 0xC2) {
      break;  // May become one.
    }
    // Control characters and direction marks go; line breaks stay.
    if (bytes_[i] == '\n') {
      in_ += '\n';
    } else if (c.valid) {
      in_ += printable(std::string_view(bytes_).substr(i, c.length));
    }
    i += c.length;
  }
  bytes_.erase(0, i);
}

void CitationStream::process(bool final) {
  while (next_ < in_.size()) {
    const DecodedCodePoint decoded = decode_utf8(in_, next_);
    const char32_t c = decoded.code_point;
    if (c == U'\n') {
      put_break();
    } else if (is_space(c)) {
      put_space();
    } else if (opens_citation(c)) {
      if (!process_bracket(final)) break;
      continue;
    } else if (c == U'*' || c == U'#') {
      if (!process_mark(c, final)) break;
      continue;
    } else if (is_comma(c) && cited_in_gap_) {
      if (!process_comma(final)) break;
      continue;
    } else {
      put(c);
    }
    next_ += decoded.length;
  }
  in_.erase(0, next_);
  next_ = 0;
}

bool CitationStream::process_bracket(bool final) {
  const CitationMark mark = read_citation_mark(std::string_view(in_).substr(next_));
  if (mark.kind == CitationMark::Kind::kPartial && !final) return false;
  if (mark.kind == CitationMark::Kind::kWhole) {
    next_ += mark.size;
    add_citations(mark.numbers);
    return true;
  }
  const DecodedCodePoint bracket = decode_utf8(in_, next_);
  put(bracket.code_point);
  next_ += bracket.length;
  return true;
}

// "**" goes; "* " at the beginning of a line is a bullet, "## " there a heading.
bool CitationStream::process_mark(char32_t c, bool final) {
  std::size_t end = next_;
  while (end < in_.size() && in_[end] == static_cast<char>(c)) ++end;
  if (end == in_.size() && !final) return false;
  const std::size_t run = end - next_;
  const bool before_space = end < in_.size() && in_[end] == ' ';
  if (c == U'*' && run >= 2) {
    next_ = end;
  } else if (c == U'*') {
    put(at_line_begin() && before_space ? U'•' : c);
    next_ = end;
  } else if (at_line_begin() && before_space) {
    next_ = end + 1;
  } else {
    for (std::size_t i = 0; i < run; ++i) put(c);
    next_ = end;
  }
  return true;
}

// The comma in "[1], [2]" goes with them.
bool CitationStream::process_comma(bool final) {
  const std::size_t size = decode_utf8(in_, next_).length;
  std::size_t after = next_ + size;
  while (after < in_.size() && in_[after] == ' ') ++after;
  CitationMark mark;
  if (after == in_.size()) {
    if (!final) return false;
  } else if (opens_citation(decode_utf8(in_, after).code_point)) {
    mark = read_citation_mark(std::string_view(in_).substr(after));
    if (mark.kind == CitationMark::Kind::kPartial && !final) return false;
  }
  if (mark.kind != CitationMark::Kind::kWhole) put(decode_utf8(in_, next_).code_point);
  next_ += size;
  return true;
}

void CitationStream::put_break() {
  spaces_.clear();
  if (!cited_next_line_.empty()) {  // A line of citations alone belongs to what stands before it.
    append_new(cited_, cited_next_line_);
    cited_next_line_.clear();
    return;
  }
  if (in_sentence_ || !out_.text.empty()) ++breaks_;
}

void CitationStream::put_space() {
  if (at_line_begin()) {
    const bool indents = !out_.text.empty() && cited_next_line_.empty();
    if (indents && spaces_.size() < kDeepestIndent) spaces_ += ' ';
    return;
  }
  if (!spaces_.empty()) return;
  spaces_ = " ";
  if (!shown_ && ending_ == Ending::kOpen) try_to_show();
}

void CitationStream::add_citations(const std::vector<int>& numbers) {
  if (in_sentence_ && breaks_ > 0) {
    append_new(cited_next_line_, numbers);
    return;
  }
  append_new(cited_, numbers);
  if (!in_sentence_) return;
  cited_in_gap_ = true;
  if (ending_ == Ending::kCited) return;
  const bool whole =
      ending_ == Ending::kStopped ? is_whole(sentence()) : ends_like_statement(sentence());
  ending_ = whole ? Ending::kCited : Ending::kOpen;
}

// Decides, by the character that follows, whether the sentence ended before it.
void CitationStream::settle_ending(char32_t next) {
  if (breaks_ > 0) return close_sentence();
  switch (ending_) {
    case Ending::kOpen:
      return;
    case Ending::kStopped:
      if (spaces_.empty()) {
        if (!is_closing(next)) ending_ = Ending::kOpen;
      } else if (is_whole(sentence())) {
        close_sentence();
      } else {
        ending_ = Ending::kOpen;
      }
      return;
    case Ending::kCited: {
      const std::u32string end =
          to_utf32(sentence().substr(floor_to_code_point(sentence(), sentence().size() - 1)));
      const bool stopped = !end.empty() && is_terminator(end.back());
      if (is_closing(next) && !stopped) return;
      if (!spaces_.empty() || stopped) return close_sentence();
      ending_ = Ending::kOpen;
      return;
    }
  }
}

void CitationStream::put(char32_t c) {
  if (in_sentence_) settle_ending(c);
  if (!in_sentence_) {
    begin_sentence();
  } else if (!spaces_.empty()) {
    const bool marker = is_marker(sentence());
    if (!cited_in_gap_ || !is_closing(c)) out_.text += spaces_;
    if (marker) sentence_begin_ = out_.text.size();
  }
  append_utf8(out_.text, c);
  spaces_.clear();
  cited_in_gap_ = false;
  if (is_terminator(c)) ending_ = Ending::kStopped;
}

void CitationStream::begin_sentence() {
  if (!out_.text.empty()) {
    out_.text += breaks_ > 0 ? std::string(std::min(breaks_, kMaxBreaks), '\n') + spaces_ : " ";
  }
  breaks_ = 0;
  sentence_begin_ = out_.text.size();
  in_sentence_ = true;
  ending_ = Ending::kOpen;
}

void CitationStream::close_sentence(bool cut) {
  const std::string written(sentence());
  in_sentence_ = false;
  ending_ = Ending::kOpen;
  cited_in_gap_ = false;
  const bool says = std::ranges::any_of(to_utf32(written), is_letter_or_digit);
  SentenceVerdict verdict;
  if (says && says_silent(written)) {
    silent_ = silent_ || !shown_;
  } else if (says) {
    verdict = check_(written, cited_);
  }
  cited_ = std::move(cited_next_line_);
  cited_next_line_.clear();
  if (cut && verdict.spans.empty()) verdict = {};
  out_.report.invented_citations += verdict.invented;

  CheckedSentence checked;
  checked.answer_span = {sentence_begin_, out_.text.size()};
  checked.basis = verdict.basis;
  checked.share = verdict.share;
  checked.unverified = std::move(verdict.unverified);
  for (const SupportSpan& span : verdict.spans) {
    append_new(checked.numbers, {span.number});
    Citation citation;
    citation.number = span.number;
    citation.answer_span = checked.answer_span;
    citation.document = span.document;
    citation.span = span.span;
    out_.citations.push_back(std::move(citation));
  }
  if (!checked.numbers.empty() || checked.doubtful()) out_.text += ' ';
  for (const int number : checked.numbers) out_.text += "[" + std::to_string(number) + "]";
  if (checked.doubtful()) out_.text += kUnverifiedMark;
  if (!silent_ && !hopeless_ && !verdict.spans.empty()) shown_ = true;
  if (!shown_ && verdict.basis == CitationBasis::kUnsupported)
    hopeless_ = hopeless_ || ++unshown_ >= kMaxUnshownSentences;
  if (says) {
    if (count_code_points(written) >= kShortSentence)
      repeats_ = repeats_ || ++times_written_[written] >= kMaxRepetitions;
    out_.sentences.push_back(std::move(checked));
  }
}

// Shows what is held back once the beginning of its sentence stands in a passage.
void CitationStream::try_to_show() {
  hopeless_ = hopeless_ || out_.text.size() >= kMaxUnshownBytes;
  if (silent_ || hopeless_ || count_words(sentence()) < kWordsToShow ||
      may_become_silent(sentence()))
    return;
  const SentenceVerdict verdict = check_(sentence(), {});
  shown_ = !verdict.spans.empty() && verdict.unverified.empty();
}

void CitationStream::flush() {
  if (!shown_ || given_ == out_.text.size()) return;
  if (sink_) sink_(std::string_view(out_.text).substr(given_));
  given_ = out_.text.size();
}

void CitationStream::finish(bool cut) {
  take_characters(true);
  process(true);
  if (in_sentence_) {
    append_new(cited_, cited_next_line_);
    cited_next_line_.clear();
    cut = cut && ending_ == Ending::kOpen;
    close_sentence(cut);
    if (cut) out_.text += " …";
  }
  out_.report.said_silent = silent_;
  if (!shown_) {
    out_.text.clear();
    out_.citations.clear();
    out_.sentences.clear();
    return;
  }
  out_.text += '\n';
  flush();
}

Generated CitationStream::take() { return std::move(out_); }

}  // namespace saseo
