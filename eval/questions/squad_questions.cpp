// SQuAD 1.1, SQuAD 2.0 and KorQuAD 1.0: articles of paragraphs, each with questions:
//
//   {"version": "...", "data": [{"title": "...", "paragraphs": [{"context": "...", "qas": [
//     {"id": "...", "question": "...", "answers": [{"text": "...", "answer_start": 0}],
//      "is_impossible": false}]}]}]}
//
// Source: Rajpurkar et al., "Know What You Don't Know: Unanswerable Questions for SQuAD", ACL 2018.
#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"
#include "ingest/document_builder.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;

class SquadReader {
 public:
  SquadReader(SetBuilder& builder, std::vector<PassageDocument>& documents)
      : builder_(builder), documents_(documents) {}

  void read(const Json& root) {
    for_each(root, "", "data", [&](const Json& article, const std::string& place) {
      JsonFields fields(article, untranslated(place), builder_.faults());
      std::string title = collapse_spaces(visible_text(fields.text("title")));
      std::ranges::replace(title, '_', ' ');
      if (title.empty()) title = "untitled";
      read_paragraphs(article, place, title);
    });
    if (astray_ > 0) {
      builder_.note(message("{} answers do not stand in their contexts",
                            "답 {}개가 지문에 없습니다", astray_));
    }
  }

 private:
  // Each object of an array that must be there, with its JSON pointer.
  template <typename Use>
  void for_each(const Json& object, const std::string& place, const char* name, const Use& use) {
    const std::string pointer = fmt::format("{}/{}", place, name);
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array()) {
      builder_.faults().add(
          untranslated(pointer), "expected an array, found {}", "배열이 아니라 {}",
          found == object.end() ? message("nothing", "없습니다") : describe(*found));
      return;
    }
    for (std::size_t i = 0; i < found->size(); ++i) {
      const std::string at = fmt::format("{}/{}", pointer, i);
      if ((*found)[i].is_object()) {
        use((*found)[i], at);
      } else {
        builder_.faults().add(untranslated(at), "expected an object, found {}", "객체가 아니라 {}",
                              describe((*found)[i]));
      }
    }
  }

  void read_paragraphs(const Json& article, const std::string& place, const std::string& title) {
    const auto all = article.find("paragraphs");
    const bool several = all != article.end() && all->is_array() && all->size() > 1;
    std::size_t number = 0;
    for_each(article, place, "paragraphs", [&](const Json& paragraph, const std::string& at) {
      JsonFields fields(paragraph, untranslated(at), builder_.faults());
      const std::string context = fields.required_text("context");
      ++number;
      std::string name = several ? fmt::format("{} ({})", title, number) : title;
      for (std::size_t i = 2; !names_.insert(name).second; ++i) {
        name = fmt::format("{} ({}) [{}]", title, number, i);
      }
      documents_.push_back({name, name, context});
      for_each(paragraph, at, "qas", [&](const Json& question, const std::string& pointer) {
        read_question(question, pointer, context, name);
      });
    });
  }

  void read_question(const Json& object, const std::string& place, const std::string& context,
                     const std::string& document) {
    JsonFields fields(object, untranslated(place), builder_.faults());
    Question question;
    question.id = fields.id("id");
    question.text = fields.required_text("question");
    question.unanswerable = fields.flag("is_impossible").value_or(false);
    if (fields.get("answers") != nullptr) {
      for_each(object, place, "answers", [&](const Json& answer, const std::string& at) {
        JsonFields inner(answer, untranslated(at), builder_.faults());
        const std::string text = inner.text("text");
        if (collapse_spaces(text).empty()) return;
        astray_ += context.find(text) == std::string::npos;
        if (std::ranges::find(question.references, text) == question.references.end()) {
          question.references.push_back(text);
        }
      });
    }
    if (!question.unanswerable) question.gold = {{document, {}, {}}};
    builder_.add(std::move(question), {.place = untranslated(place)});
  }

  SetBuilder& builder_;
  std::vector<PassageDocument>& documents_;
  std::set<std::string> names_;
  std::size_t astray_ = 0;
};

}  // namespace

void read_squad(const Json& root, SetBuilder& builder, std::vector<PassageDocument>& documents) {
  SquadReader(builder, documents).read(root);
}

}  // namespace saseo::eval
