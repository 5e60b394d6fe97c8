// A document's blocks as lines, for golden files: "kind level parent table [marker] text".
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/utf8.h"
#include "ingest/document.h"

namespace saseo {

inline std::string dump_blocks(const Document& document) {
  std::string out;
  const DocumentInfo& info = document.info;
  out += fmt::format("title={} product={} model={} edition={} language={}\n", info.title,
                     info.product, info.model_number, info.edition, language_code(info.language));
  for (const Block& block : document.blocks) {
    std::string text(document.text_of(block.span));
    for (std::size_t at; (at = text.find('\n')) != std::string::npos;) text.replace(at, 1, "\\n");
    out += fmt::format("{} {} {} {} [{}] {}\n", name_of(block.kind), block.level, block.parent,
                       block.table, block.marker, text);
  }
  return out;
}

inline std::string read_test_file(const std::filesystem::path& name) {
  std::ifstream file(std::filesystem::path(SASEO_TEST_DATA) / name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// For hostile texts.
inline std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

// What every reader promises (document.h).
inline void expect_sound(const Document& document) {
  EXPECT_TRUE(is_valid_utf8(document.text));
  EXPECT_EQ(to_nfc(document.text), document.text);
  std::size_t at = 0;
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    const Block& block = document.blocks[i];
    ASSERT_EQ(block.span.begin, at) << "block " << i;
    ASSERT_GT(block.span.end, block.span.begin) << "block " << i;
    ASSERT_LT(block.span.end, document.text.size()) << "block " << i;
    ASSERT_EQ(document.text[block.span.end], '\n') << "block " << i;
    ASSERT_GE(block.level, 1) << "block " << i;
    ASSERT_LT(block.parent, static_cast<int>(i)) << "block " << i;
    if (block.parent >= 0) {
      const BlockKind parent = document.blocks[static_cast<std::size_t>(block.parent)].kind;
      ASSERT_TRUE(parent == BlockKind::kStep || parent == BlockKind::kListItem) << "block " << i;
    }
    if (block.kind != BlockKind::kCode) {
      ASSERT_EQ(document.text_of(block.span).find('\n'), std::string_view::npos) << "block " << i;
    }
    at = block.span.end + 1;
  }
  EXPECT_EQ(at, document.text.size());
}

}  // namespace saseo
