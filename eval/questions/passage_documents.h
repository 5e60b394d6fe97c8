// Documents that come with a question set (the contexts of SQuAD, the corpus of BEIR), as files to
// ingest.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace saseo::eval {

struct PassageDocument {
  std::string name;   // Unique: by which Question::relevant_documents, or gold, names it.
  std::string title;  // May be empty.
  std::string text;   // Plain text, not Markdown.
};

// A file's name for each document's name: letters, digits, '-' and '_' of the name, at most 80
// bytes, never of a device or hidden, unique without regard to case; ends in ".md". The same list
// gives the same names.
std::map<std::string, std::string> document_file_names(
    const std::vector<PassageDocument>& documents);

// The document as Markdown whose reader gives back title and text: signs of Markdown are escaped.
std::string markdown_of(const PassageDocument& document);

// Writes each document into the folder, which is made; files of the same names are replaced. Names
// must be unique (kInvalidArgument).
Status write_documents(const std::vector<PassageDocument>& documents,
                       const std::filesystem::path& folder);

}  // namespace saseo::eval
