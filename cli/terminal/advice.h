// What to do next, in the words of the command line: the commands and options that follow the
// advice of an error.
#pragma once

#include <string>

#include "app/settings/wording.h"
#include "base/error.h"

namespace saseo::cli {

// One clause, in English with a small letter in front: "run `saseo ingest PATH...` first".
Message words_of(const Advice& advice);

// How this process speaks: its language, the advice in commands.
app::Wording wording();
std::string told(const Error& error);
std::string told(const Notice& notice);

}  // namespace saseo::cli
