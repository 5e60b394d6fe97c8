#include "cli/chat/chat_transcript.h"

#include <set>

#include "base/message.h"
#include "cli/terminal/say.h"
#include "cli/views/answer_view.h"
#include "index/stored_form.h"

namespace saseo::cli {

std::string transcript_of(std::span<const Answer> answers) {
  std::string text = "# " + say("Conversation with Saseo", "사서와 나눈 대화") + "\n";
  for (const Answer& answer : answers) {
    text += "\n## " + answer.question + "\n\n" + answer.text;
    if (!answer.text.ends_with('\n')) text += '\n';
    std::set<std::pair<int, int>> told;  // Passage and page.
    for (const Citation& citation : answer.citations) {
      if (!told.emplace(citation.number, citation.page).second) continue;
      if (told.size() == 1) text += "\n" + say("Sources:", "출처:") + "\n\n";
      text +=
          fmt::format("- [{}] {}", citation.number, document_words(citation.path, citation.info));
      if (citation.page > 0) text += ", " + page_words(citation.page, citation.page_label);
      if (!citation.heading_path.empty()) text += ", " + join_heading_path(citation.heading_path);
      text += "\n";
    }
  }
  return text;
}

}  // namespace saseo::cli
