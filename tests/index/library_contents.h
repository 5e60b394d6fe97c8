// What a library holds, as text that can be compared.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "index/library.h"
#include "index/sqlite.h"

namespace saseo {

// The first column of every row of a query, one a line.
inline std::string lines_of(const Database& database, const std::string& query) {
  Result<Statement> rows = database.prepare(query);
  EXPECT_TRUE(rows.ok()) << rows.error().message.english;
  std::string lines;
  while (true) {
    const Result<bool> row = rows->step();
    EXPECT_TRUE(row.ok()) << row.error().message.english;
    if (!row.ok() || !*row) return lines;
    lines.append(rows->text(0)).append("\n");
  }
}

// Every column of the rows that `which` selects, in the order of their text, without the columns
// that `left_out` names ("'id', 'ingested_at'").
inline std::string rows_of(const Database& database, const std::string& table,
                           const std::string& left_out = "''", const std::string& which = "1") {
  static std::map<std::string, std::string> columns_of;  // Asking takes longer than reading.
  std::string& columns = columns_of[table + left_out];
  if (columns.empty()) {
    columns = database
                  .text(
                      "SELECT group_concat('quote(' || name || ')', ' || '' | '' || ') "
                      "FROM pragma_table_info('" +
                      table + "') WHERE name NOT IN (" + left_out + ")")
                  .value();
  }
  return table + "\n" +
         lines_of(database,
                  "SELECT " + columns + " FROM " + table + " WHERE " + which + " ORDER BY 1");
}

// By path: all that the library holds of a document, ids, vectors and dates aside.
inline std::map<std::string, std::string> documents_of(const Database& database,
                                                       const std::vector<StoredDocument>& stored) {
  std::map<std::string, std::string> documents;
  for (const StoredDocument& document : stored) {
    const std::string id = std::to_string(static_cast<std::int64_t>(document.id));
    const std::string owned = "document_id = " + id;
    std::string text = rows_of(database, "documents", "'id', 'ingested_at'", "id = " + id);
    for (const char* table : {"pages", "blocks", "warnings", "chunks"})
      text += rows_of(database, table, "'id', 'document_id'", owned);
    text += rows_of(database, "chunk_terms", "''",
                    "rowid IN (SELECT id FROM chunks WHERE " + owned + ")");
    documents[document.path.string()] = std::move(text);
  }
  return documents;
}

// All that the library holds, but for dates and the numbers of its and its embedders' changes.
inline std::string contents_of(const Database& database) {
  std::string text = rows_of(database, "documents", "'ingested_at'");
  text += rows_of(database, "embedders", "'generation'");
  for (const char* table :
       {"pages", "blocks", "warnings", "chunks", "vectors", "lsa_terms", "word_lemmas"}) {
    text += rows_of(database, table);
  }
  return text + lines_of(database,
                         "SELECT rowid || ' ' || quote(bigrams) || quote(stems) || "
                         "quote(heading_bigrams) || quote(heading_stems) FROM chunk_terms "
                         "ORDER BY rowid");
}

// The first line in which two such texts differ; empty when they are the same.
inline std::string first_difference(const std::string& found, const std::string& expected) {
  std::istringstream found_lines(found), expected_lines(expected);
  std::string a, b, table;
  while (true) {
    const bool more = static_cast<bool>(std::getline(found_lines, a));
    if (!more) a = "the end";
    if (!std::getline(expected_lines, b)) {
      if (!more) return "";
      b = "the end";
    }
    if (a != b) return table + ": " + a + "\nwhere expected: " + b;
    if (a.find('\'') == std::string::npos) table = a;
  }
}

}  // namespace saseo
