// A conversation as Markdown: what was asked, what was answered, where it stands.
#pragma once

#include <span>
#include <string>

#include "generation/answer.h"

namespace saseo::cli {

std::string transcript_of(std::span<const Answer> answers);

}  // namespace saseo::cli
