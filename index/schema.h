// The library's tables and their migrations (PRAGMA user_version).
//
//   documents  one row a file: hash, what it is, its whole text
//   pages      number, label, size, and where each line of its text stands
//   blocks     what each stretch of a document's text is
//   chunks     the unit that is found: segments of the text, heading path, pages
//   chunk_terms  the terms of each chunk (analyzer.h), joined by spaces, in four columns; rowid =
//                chunk id (an FTS5 table in format 1)
//   embedders, vectors, lsa_terms   every vector, keyed by what made it, and that
//   word_lemmas  what the Korean dictionary said of each word of the chunks, so that a question
//                made of such words need not load the dictionary
//   warnings   what was noticed while reading, by page, in English and Korean (before format 3 in
//              the one language that the program spoke then)
//   meta       generation: counts committed changes of documents, chunks and terms; the postings'
//              file carries it
//              vector_generation: the last of the embedders' generations (embedder_store.h)
//              analyzer_version: what made the terms (analyzer.h)
//              embedder: whose vectors a query uses, where it is not LSA
#pragma once

#include "base/result.h"
#include "index/sqlite.h"

namespace saseo {

inline constexpr int kSchemaVersion = 3;

// Creates the tables, or brings an older library up to date, in one transaction. A newer library
// gives kTooNew and is left alone.
Status migrate(const Database& database);

// Checks that the file is a library that can be read, without writing: of this version or, as long
// as no writer brought it up to date, an older one.
Status check_schema(const Database& database);

}  // namespace saseo
