#include "eval/report/answer_text.h"

#include <algorithm>
#include <set>

#include "eval/report/markup.h"
#include "eval/report/view.h"
#include "eval/report/word_diff.h"

namespace saseo::eval {
namespace {

// Above this share of marked words the marks say nothing.
constexpr double kMaxMarkedShare = 0.6;

std::vector<std::string_view> words_of(const RecordedAnswer* answer) {
  std::vector<std::string_view> words;
  if (answer == nullptr || answer->refused) return words;
  for (const AnswerPiece& piece : pieces_of(answer->text)) {
    if (piece.citation == 0) {
      words.push_back(std::string_view(answer->text).substr(piece.span.begin, piece.span.size()));
    }
  }
  return words;
}

const RecordedPassage* passage_of(const RecordedAnswer& answer, int number) {
  const auto found = std::ranges::find(answer.passages, number, &RecordedPassage::number);
  return found == answer.passages.end() ? nullptr : &*found;
}

// The citation that the mark at `at` stands for: the last of that number that ends before it.
const RecordedCitation* citation_before(const RecordedAnswer& answer, int number, std::size_t at) {
  const RecordedCitation* last = nullptr;
  for (const RecordedCitation& citation : answer.citations) {
    if (citation.number == number && citation.answer_span.end <= at &&
        (last == nullptr || citation.answer_span.end >= last->answer_span.end)) {
      last = &citation;
    }
  }
  return last;
}

std::string link(const RecordedAnswer& answer, const AnswerPiece& piece, PassageShelf& shelf) {
  std::string mark = fmt::format("[{}]", piece.citation);
  const RecordedPassage* passage = passage_of(answer, piece.citation);
  if (passage == nullptr) return mark;
  const std::size_t number = shelf.put_cited(*passage);
  std::string part;
  if (const auto* citation = citation_before(answer, piece.citation, piece.span.begin)) {
    if (const auto found = shelf.find(number, citation->text)) {
      part = fmt::format(" data-at=\"{}-{}\"", found->begin, found->end);
    }
  }
  return fmt::format("<a class=\"cite\" href=\"#p{}\"{}>{}</a>", number, part, mark);
}

bool is_doubtful(const RecordedAnswer& answer, const ByteSpan& span) {
  return std::ranges::any_of(answer.sentences, [&](const RecordedSentence& sentence) {
    return sentence.doubtful && sentence.answer_span.overlaps(span);
  });
}

}  // namespace

std::vector<std::vector<bool>> marked_words(const std::vector<const RecordedAnswer*>& answers) {
  std::vector<std::vector<std::string_view>> words;
  words.reserve(answers.size());
  for (const RecordedAnswer* answer : answers) words.push_back(words_of(answer));

  std::vector<std::vector<bool>> marked(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    marked[i].assign(words[i].size(), true);
    bool compared = false;
    for (std::size_t j = 0; j < answers.size(); ++j) {
      if (i == j || words[j].empty() || (i > 0 && j > 0)) continue;
      compared = true;
      const std::vector<bool> lacking = words_lacking(words[i], words[j]);
      for (std::size_t k = 0; k < lacking.size(); ++k) marked[i][k] = marked[i][k] && lacking[k];
    }
    const auto count = static_cast<double>(std::ranges::count(marked[i], true));
    if (!compared || count > kMaxMarkedShare * static_cast<double>(words[i].size())) {
      marked[i].assign(words[i].size(), false);
    }
  }
  return marked;
}

std::string answer_text(const RecordedAnswer& answer, const std::vector<bool>& marked,
                        PassageShelf& shelf) {
  const std::string_view text = answer.text;
  std::string html;
  std::size_t at = 0, word = 0;
  bool in_mark = false, in_doubt = false;
  const auto close = [&] {
    if (in_mark) html += "</mark>";
    if (in_doubt) html += "</span>";
    in_mark = in_doubt = false;
  };
  for (const AnswerPiece& piece : pieces_of(text)) {
    const bool is_word = piece.citation == 0;
    const bool mark = is_word && word < marked.size() && marked[word];
    const bool doubt = is_word && is_doubtful(answer, piece.span);
    const std::string between = escape(text.substr(at, piece.span.begin - at));
    if (mark != in_mark || doubt != in_doubt) {
      close();
      html += between;
      if (doubt) html += "<span class=\"doubt\">";
      if (mark) html += "<mark>";
      in_mark = mark;
      in_doubt = doubt;
    } else {
      html += between;
    }
    html += is_word ? escape(text.substr(piece.span.begin, piece.span.size()))
                    : link(answer, piece, shelf);
    if (is_word) ++word;
    at = piece.span.end;
  }
  close();
  return html + escape(text.substr(at));
}

std::string source_list(const RecordedAnswer& answer, const Words& words, PassageShelf& shelf) {
  std::set<int> numbers;
  for (const RecordedCitation& citation : answer.citations) numbers.insert(citation.number);
  for (const AnswerPiece& piece : pieces_of(answer.text)) {
    if (piece.citation > 0) numbers.insert(piece.citation);
  }
  std::string html;
  for (const int number : numbers) {
    const RecordedPassage* passage = passage_of(answer, number);
    if (passage == nullptr) continue;
    html += fmt::format("<li><a class=\"cite\" href=\"#p{}\">[{}] {}</a></li>",
                        shelf.put_cited(*passage), number,
                        escape(place(words, passage->document, passage->heading_path,
                                     passage->first_page, passage->last_page)));
  }
  return html.empty() ? "" : fmt::format("<ul class=\"sources\">{}</ul>", html);
}

}  // namespace saseo::eval
