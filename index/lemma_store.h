// The table word_lemmas: what the Korean dictionary said of the words of a library.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/analyzer.h"

namespace saseo {

class Database;

// For Analyzer::set_lemma_lookup; borrows the database. An unreadable table knows no word.
Analyzer::LemmaLookup stored_lemmas(const Database& database);
// Adds what the analyzer looked up. Part of the caller's transaction.
Status store_lemmas(const Database& database, Analyzer& analyzer);

}  // namespace saseo
