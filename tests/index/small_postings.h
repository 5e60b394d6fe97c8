// Postings of a few chunks whose terms are written out, for tests that compute by hand.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "index/postings.h"
#include "index/schema.h"
#include "index/sqlite.h"
#include "tests/temporary_folder.h"

namespace saseo {

// Terms of one chunk, joined by spaces.
struct TermRow {
  std::string bigrams, stems, heading_bigrams, heading_stems;
};

// One document; chunk i + 1 has the terms of rows[i] and the ordinal i.
inline Postings postings_of(const std::vector<TermRow>& rows) {
  const TemporaryFolder folder;
  const Database database = Database::open(folder / "library.db", Database::Mode::kWrite).value();
  EXPECT_TRUE(migrate(database).ok());
  EXPECT_TRUE(database
                  .execute("INSERT INTO documents VALUES(1, '/m', 'text', '', '', 0, '', '', '', "
                           "'', '', 0, 0, 0, 0, '')")
                  .ok());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Statement chunk = database
                          .prepare(
                              "INSERT INTO chunks VALUES(?1 + 1, 1, ?1, 0, x'', '[]', '', 0, "
                              "0, 0, '')")
                          .value();
    EXPECT_TRUE(chunk.bind(1, static_cast<std::int64_t>(i)).run().ok());
    Statement terms = database.prepare("INSERT INTO chunk_terms VALUES(?, ?, ?, ?, ?)").value();
    terms.bind(1, static_cast<std::int64_t>(i + 1))
        .bind(2, rows[i].bigrams)
        .bind(3, rows[i].stems)
        .bind(4, rows[i].heading_bigrams)
        .bind(5, rows[i].heading_stems);
    EXPECT_TRUE(terms.run().ok());
  }
  return Postings::build(database, 1).value();
}

}  // namespace saseo
