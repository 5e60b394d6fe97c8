// What every command works with: what the user set, and where to write.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/config.h"
#include "cli/terminal.h"
#include "generation/answerer.h"
#include "ingest/reader.h"
#include "retrieval/query.h"

namespace saseo::cli {

struct Session {
  Config config;
  Console console;

  const std::filesystem::path& library() const { return config.library.value; }
  // How PDF files are read; the password may be empty.
  ReadOptions read_options(const std::string& password) const;

  // Says what went wrong (JSON on standard output, else words on standard error) and gives the exit
  // code that belongs to it.
  int fail(const Error& error, bool json);
  void warn(const std::string& message);
  // One JSON object, one line.
  void print_json(const std::string& line);
};

// The flag's value, else SASEO_PDF_PASSWORD, else empty.
std::string pdf_password(const std::string& flag);

// Words of the command line that the shell parted: joined by spaces.
std::string joined(const std::vector<std::string>& words);

Result<Searcher> open_searcher(const Session& session, const RankingOptions& options = {});
Result<Answerer> open_answerer(const Session& session, std::unique_ptr<LanguageModel> model,
                               std::size_t context_tokens);

}  // namespace saseo::cli
