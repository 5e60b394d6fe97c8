// What to do next, in the words of the command line: the commands and options that follow the
// advice of an error.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace saseo::cli {

// One clause, in English with a small letter in front: "run `saseo ingest PATH...` first".
Message words_of(const Advice& advice);

// The message with its advice behind it, in one language.
std::string told(const Message& message, std::span<const Advice> advice, Language language);

// In the language of this process.
std::string told(const Error& error);
std::string told(const Notice& notice);
std::vector<std::string> told(std::span<const Notice> notices);

}  // namespace saseo::cli
