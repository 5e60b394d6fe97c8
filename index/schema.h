// The library's tables and their migrations (PRAGMA user_version).
//
//   documents  one row a file: hash, what it is, its whole text
//   pages      number, label, size, and where each line of its text stands
//   blocks     what each stretch of a document's text is
//   chunks     the unit that is found: segments of the text, heading path, pages
//   chunk_terms  FTS5 over four pre-tokenised columns; rowid = chunk id (analyzer.h)
//   embedders, vectors, lsa_terms   every vector, and what made it
//   word_lemmas  what the Korean dictionary said of each word of the chunks, so that a question
//                made of such words need not load the dictionary
//   warnings   what was noticed while reading, by page
//   meta       generation: counts committed changes; caches are stamped with it
#pragma once

#include "base/result.h"
#include "index/sqlite.h"

namespace saseo {

inline constexpr int kSchemaVersion = 1;

// Creates the tables, or brings an older library up to date, in one transaction. A newer library
// gives kTooNew and is left alone.
Status migrate(const Database& database);

// Checks that the file is a library of this version, without writing.
Status check_schema(const Database& database);

}  // namespace saseo
