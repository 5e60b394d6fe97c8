// What is searched for, and where.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "base/result.h"
#include "index/ids.h"

namespace saseo {

struct Filter {
  std::vector<DocumentId> documents;  // Empty: all.
  std::string product;  // Product or model number, compared without case and spaces; empty: all.
  Language language = Language::kUnknown;  // kUnknown: all.
  int first_page = 0, last_page = 0;       // 1-based, both included; 0: open end.

  bool empty() const {
    return documents.empty() && product.empty() && language == Language::kUnknown &&
           first_page == 0 && last_page == 0;
  }
};

struct Query {
  std::string text;  // UTF-8; a stretch in double quotes must occur literally.
  Filter filter;
  std::size_t limit = 10;
  std::string talked_about;  // Product of the conversation: chosen where several fit equally.
};

inline constexpr std::size_t kMaxQuestionBytes = 16 * 1024;

// Trims and checks the question: empty, too long or not UTF-8 gives kInvalidArgument.
Result<std::string> checked_question(std::string_view text);

}  // namespace saseo
