// The hash of a list of fields.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"

namespace saseo::eval {

// Fields one after another, each ended so that no two lists of fields are the same bytes.
class HashInput {
 public:
  HashInput& add(std::string_view field) {
    bytes_ += std::to_string(field.size());
    bytes_ += ':';
    bytes_ += field;
    return *this;
  }
  std::string hash() const { return content_hash(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace saseo::eval
