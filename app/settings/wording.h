// How a door speaks to one reader: in which language, and with which words it gives advice. Made for
// each request; the application itself has no language.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace saseo::app {

struct Wording {
  Language language = Language::kKorean;
  // The door's clause for a piece of advice, in English with a small letter in front: "run `saseo
  // ingest PATH...` first". Null: advice is left out.
  Message (*advice)(const Advice&) = nullptr;

  // The message with the advice behind it.
  std::string tell(const Message& message, std::span<const Advice> advice = {}) const;
  std::string tell(const Error& error) const { return tell(error.message, error.advice); }
  std::string tell(const Notice& notice) const { return tell(notice.message, notice.advice); }
  std::vector<std::string> tell(std::span<const Notice> notices) const;
};

}  // namespace saseo::app
