// BEIR folders: retrieval alone, judged by document.
//
//   corpus.jsonl    {"_id": "d1", "title": "...", "text": "..."}
//   queries.jsonl   {"_id": "q1", "text": "..."}
//   qrels/test.tsv  query-id <tab> corpus-id <tab> score, under a line of these names
//
// Source: Thakur et al., "BEIR: A Heterogenous Benchmark for Zero-shot Evaluation of Information
// Retrieval Models", NeurIPS 2021. Queries without a relevant document are no questions there.
#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/files.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"

namespace saseo::eval {
namespace {

using Json = nlohmann::json;

struct BeirQuery {
  std::string id, text;
  Message place;
  std::map<std::string, int> relevant;
  bool judged = false;
};

class BeirReader {
 public:
  BeirReader(const std::filesystem::path& folder, SetBuilder& builder,
             std::vector<PassageDocument>& documents)
      : folder_(folder), builder_(builder), documents_(documents) {}

  Result<std::string> read() {
    SASEO_RETURN_IF_ERROR(
        read_lines("corpus.jsonl", kMaxCorpusBytes,
                   [&](JsonFields& fields, const Message& place) { add_document(fields, place); }));
    SASEO_RETURN_IF_ERROR(
        read_lines("queries.jsonl", kMaxSetBytes,
                   [&](JsonFields& fields, const Message& place) { add_query(fields, place); }));
    SASEO_RETURN_IF_ERROR(read_judgements());
    add_questions();
    return content_hash(hashes_);
  }

 private:
  Result<std::string> read_text(const std::filesystem::path& name, std::uint64_t most) {
    SASEO_ASSIGN_OR_RETURN(const std::string bytes, read_file(folder_ / name, most));
    hashes_ += content_hash(bytes);
    SASEO_ASSIGN_OR_RETURN(SetText text, decode_set(bytes, folder_ / name));
    builder_.note_charset(text.charset);
    return std::move(text.text);
  }

  template <typename Use>
  Status read_lines(const char* name, std::uint64_t most, const Use& use) {
    SASEO_ASSIGN_OR_RETURN(const std::string text, read_text(name, most));
    for_each_line(text, builder_.faults(), [&](std::string_view line, std::size_t number) {
      const Message place = message("{}, {}", "{}, {}", name, place_of_line(number));
      const auto json = parse_json(line, place, builder_.faults());
      if (!json) return;
      if (!json->is_object()) {
        builder_.faults().add(place, "expected an object a line, found {}",
                              "한 행에 객체 하나가 있어야 하는데 {}입니다", describe(*json));
        return;
      }
      JsonFields fields(*json, place, builder_.faults());
      use(fields, place);
    });
    return {};
  }

  // "_id", or "id" as some write it.
  static std::string id_of(JsonFields& fields) {
    return fields.get("_id") == nullptr && fields.get("id") != nullptr ? fields.id("id")
                                                                       : fields.id("_id");
  }

  bool is_new(std::unordered_map<std::string, Message>& places, const std::string& id,
              const Message& place) {
    const auto [other, added] = places.emplace(id, place);
    if (!added) {
      builder_.faults().add(place_of_field(place, "_id"), "\"{}\" is the id at {}, too",
                            "\"{}\"은(는) {}에도 있습니다", clipped(id), other->second);
    }
    return added;
  }

  void add_document(JsonFields& fields, const Message& place) {
    PassageDocument document{id_of(fields), fields.text("title"), fields.text("text")};
    if (is_new(document_places_, document.name, place)) documents_.push_back(std::move(document));
  }

  void add_query(JsonFields& fields, const Message& place) {
    BeirQuery query{id_of(fields), fields.required_text("text"), place, {}};
    if (!is_new(query_places_, query.id, place)) return;
    query_index_.emplace(query.id, queries_.size());
    queries_.push_back(std::move(query));
  }

  // Of the test split, else of the first there is.
  Status read_judgements() {
    std::string name;
    for (const char* split : {"test", "dev", "train"}) {
      const std::string file = fmt::format("qrels/{}.tsv", split);
      if (!name.empty() || !std::filesystem::exists(folder_ / file)) continue;
      name = file;
    }
    if (name.empty()) return io_error(folder_ / "qrels/test.tsv", ENOENT);
    if (name != "qrels/test.tsv") {
      builder_.note(message("there is no qrels/test.tsv; {} is read",
                            "qrels/test.tsv가 없어 {}을(를) 읽었습니다", name));
    }
    SASEO_ASSIGN_OR_RETURN(const std::string text, read_text(name, kMaxCorpusBytes));
    for_each_line(text, builder_.faults(), [&](std::string_view line, std::size_t number) {
      add_judgement(line, number, message("{}, {}", "{}, {}", name, place_of_line(number)));
    });
    if (lost_documents_ + lost_queries_ > 0) {
      builder_.note(
          message("{} judgements name documents, and {} queries, that are not there",
                  "없는 문서를 가리키는 판정이 {}개, 없는 질의를 가리키는 판정이 {}개입니다",
                  lost_documents_, lost_queries_));
    }
    return {};
  }

  void add_judgement(std::string_view line, std::size_t number, const Message& place) {
    const std::vector<std::string> fields = split_on(line, "\t");
    if (fields.size() != 3) {
      builder_.faults().add(
          place, "expected query-id, corpus-id and score between tabs, found {} fields",
          "탭으로 나눈 query-id, corpus-id, score가 아니라 {}칸입니다", fields.size());
      return;
    }
    int score = 0;
    const char* const end = fields[2].data() + fields[2].size();
    const auto read = std::from_chars(fields[2].data(), end, score);
    if (read.ec != std::errc() || read.ptr != end) {
      if (number == 1) return;  // The names.
      builder_.faults().add(place_of_field(place, "score"), "expected a whole number, found \"{}\"",
                            "정수가 아니라 \"{}\"입니다", clipped(fields[2]));
      return;
    }
    const auto query = query_index_.find(fields[0]);
    if (query == query_index_.end()) {
      ++lost_queries_;
      return;
    }
    BeirQuery& judged = queries_[query->second];
    judged.judged = judged.judged || score > 0;
    if (!document_places_.contains(fields[1])) ++lost_documents_;
    judged.relevant[fields[1]] = std::max(score, 0);
  }

  void add_questions() {
    std::size_t unjudged = 0;
    for (BeirQuery& query : queries_) {
      if (!query.judged) {
        ++unjudged;
        continue;
      }
      Question question;
      question.id = std::move(query.id);
      question.text = std::move(query.text);
      question.relevant_documents = std::move(query.relevant);
      builder_.add(std::move(question), {.place = query.place});
    }
    if (unjudged > 0) {
      builder_.note(message("{} queries have no relevant document and are left out",
                            "관련 문서가 없는 질의 {}개는 뺐습니다", unjudged));
    }
  }

  std::filesystem::path folder_;
  SetBuilder& builder_;
  std::vector<PassageDocument>& documents_;
  std::vector<BeirQuery> queries_;
  std::unordered_map<std::string, std::size_t> query_index_;
  std::unordered_map<std::string, Message> document_places_, query_places_;
  std::size_t lost_documents_ = 0, lost_queries_ = 0;
  std::string hashes_;
};

}  // namespace

Result<std::string> read_beir(const std::filesystem::path& folder, SetBuilder& builder,
                              std::vector<PassageDocument>& documents) {
  return BeirReader(folder, builder, documents).read();
}

}  // namespace saseo::eval
