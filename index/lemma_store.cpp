#include "index/lemma_store.h"

#include <memory>

#include "index/sqlite.h"

namespace saseo {
namespace {

// Lemmas hold no spaces: they are stored joined by one.
std::vector<std::string> split_words(std::string_view joined) {
  std::vector<std::string> words;
  while (!joined.empty()) {
    const std::size_t space = std::min(joined.find(' '), joined.size());
    if (space > 0) words.emplace_back(joined.substr(0, space));
    joined.remove_prefix(std::min(space + 1, joined.size()));
  }
  return words;
}

}  // namespace

Analyzer::LemmaLookup stored_lemmas(const Database& database) {
  Result<Statement> prepared = database.prepare("SELECT lemmas FROM word_lemmas WHERE word = ?");
  if (!prepared.ok()) return {};
  // A std::function must be copyable; the statement is not.
  return [rows = std::make_shared<Statement>(std::move(prepared).value())](
             const std::string& word) -> std::optional<std::vector<std::string>> {
    rows->bind(1, word);
    const Result<bool> row = rows->step();
    if (!row.ok() || !*row) return std::nullopt;
    std::vector<std::string> lemmas = split_words(rows->text(0));
    rows->reset();
    return lemmas;
  };
}

Status store_lemmas(const Database& database, Analyzer& analyzer) {
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT OR IGNORE INTO word_lemmas(word, lemmas) VALUES(?, ?)"));
  for (const auto& [word, lemmas] : analyzer.take_looked_up()) {
    insert.bind(1, word).bind(2, join_terms(lemmas));
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return {};
}

}  // namespace saseo
