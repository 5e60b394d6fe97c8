// A profile: how passages are searched and chosen, in a file of its own, so that what
// `saseo eval tune` found can be used and undone by name.
//
//   chunk_tokens = 320        # size of chunks, when manuals are ingested          16 to 10000
//   candidates = 300          # chunks of each stage of the search                 1 to 100000
//   reranked = 60             # of them put into the order in which they answer    0 to 1000
//   hits = 60                 # of them that passages are made from                1 to 1000
//   context_tokens = 2000     # room for passages                                  1 to 1000000
//   max_passages = 6          #                                                    1 to 100
//   whole_sections = true     # a hit brings its section where there is room
//   neighbours = 1            # else so many chunks before and after               0 to 100
//   threshold = 0.5           # confidence below which the answer is a refusal     0 to 1
//   [korean]                  # Korean questions; [other]: all others
//   k1 = 1.2                  # BM25: how much repetition counts                   0 to 10
//   body_b = 0.6              # BM25: how much the length counts                   0 to 1
//   dense_weight = 0.5        # share of the dense score in the fused one          0 to 1
//   dense_length_exponent = 0.0  # favours long chunks in the dense score         -2 to 2
//
// Every key may be absent: the default holds then. An unknown key or a value out of range is an
// error that names file and line.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "generation/answer_settings.h"

namespace saseo::app {

inline constexpr const char* kNoProfile = "none";  // --profile none: as if none were set.

struct Profile {
  std::string name;  // The file's, without ".toml".
  std::filesystem::path file;
  AnswerSettings settings;
  // Of each key that the file sets, "korean.k1" in a table: "/.../manuals.toml:3".
  std::map<std::string, std::string, std::less<>> sources;
  std::vector<std::string> comments;  // The lines before the first key, without '#'.

  bool sets(std::string_view key) const { return sources.find(key) != sources.end(); }
};

// kNotFound says which profiles there are beside it.
Result<Profile> read_profile(const std::filesystem::path& file);

// The file's text: the comments, then every key. read_profile() gives the same settings back.
std::string profile_text(const AnswerSettings& settings, const std::vector<std::string>& comments);

// Key and value as the file has them, in its order: "korean.k1", "1.2".
std::vector<std::pair<std::string, std::string>> profile_values(const AnswerSettings& settings);

// "manuals" -> folder/manuals.toml; what has a '/' or ends with ".toml" is a path and stays.
std::filesystem::path profile_file(const std::filesystem::path& folder, const std::string& name);

}  // namespace saseo::app
