// Extracts -> lines of the answer with a citation after each.
#pragma once

#include <string>
#include <string_view>

#include "generation/language_model.h"
#include "generation/selection.h"

namespace saseo {

// Without control characters (C0, C1, DEL) and direction marks; line breaks and tabs become spaces.
std::string printable(std::string_view text);

// "a | b" under "x | y" -> "x: a | y: b"; in a table of two columns "a: b", for its first column
// names what its second tells. Without a header, or with another number of cells, the row as it is.
std::string render_row(std::string_view row, std::string_view header);

// Prints extracts one by one into `generated` and to the sink.
class Renderer {
 public:
  Renderer(Generated& generated, const TextSink& sink) : generated_(generated), sink_(sink) {}

  // A line above what is printed next: whose manual it is from.
  void name_product(std::string_view product);
  void print(const Extract& extract);
  void finish();  // Ends the last line.

 private:
  void put(std::string_view text) { pending_ += text; }
  void flush();

  Generated& generated_;
  const TextSink& sink_;
  std::string pending_;
  bool named_product_ = false;  // The line above names the product.
  int last_block_ = -1;
  DocumentId last_document_{};
};

}  // namespace saseo
