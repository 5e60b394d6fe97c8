#include "eval/questions/passage_documents.h"

#include <gtest/gtest.h>

#include <set>

#include "base/files.h"
#include "base/utf8.h"
#include "ingest/text_readers.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

TEST(PassageDocuments, HostileNamesBecomeSafeAndUniqueFiles) {
  const std::vector<std::string> names = {"plain-1",
                                          "../../etc/passwd",
                                          "/absolute",
                                          std::string("a\0b", 3),
                                          "..",
                                          "",
                                          ".hidden",
                                          "CON",
                                          "con",
                                          "질문 1번",
                                          "a b",
                                          "a?b",
                                          std::string(5000, 'x'),
                                          std::string(5000, 'x') + "y",
                                          "\xFF\xFE",
                                          "-rf"};
  std::vector<PassageDocument> documents;
  for (const std::string& name : names) documents.push_back({name, "", "text"});
  const auto files = document_file_names(documents);
  EXPECT_EQ(files.size(), names.size());
  EXPECT_EQ(files.at("plain-1"), "plain-1.md");
  EXPECT_NE(files.at("CON"), "CON.md");
  std::set<std::string> unique;
  for (const auto& [name, file] : files) {
    EXPECT_TRUE(is_valid_utf8(file));
    EXPECT_LE(file.size(), 110u);
    EXPECT_EQ(file.find_first_of(std::string_view("/\\ \0?:", 6)), std::string::npos) << file;
    EXPECT_FALSE(file.starts_with(".") || file.starts_with("-")) << file;
    EXPECT_TRUE(file.ends_with(".md")) << file;
    EXPECT_TRUE(unique.insert(fold_for_matching(file)).second) << file;
  }
  EXPECT_EQ(document_file_names(documents), files);
}

TEST(PassageDocuments, WrittenAndReadAgainTitleAndTextAreTheSame) {
  const TemporaryFolder folder;
  const std::string text =
      "# no heading | 1. no step *no* _stress_ <b>no tag</b> &amp; `code` [a](b)\n"
      "- no item\n\n    3) 코드 아님: \"25 W\" ~ 30 %";
  const std::vector<PassageDocument> documents = {{"d/1", "A \"quoted\": title # 1", text},
                                                  {"d/2", "", "Second."}};
  ASSERT_TRUE(write_documents(documents, folder / "out/deep").ok());
  const auto files = document_file_names(documents);
  const auto bytes = read_file(folder / "out/deep" / files.at("d/1"));
  ASSERT_TRUE(bytes.ok()) << bytes.error().message.english;
  const Document document = read_markdown(*bytes);
  EXPECT_EQ(document.info.title, "A \"quoted\": title # 1");
  EXPECT_EQ(collapse_spaces(document.text), collapse_spaces(text));
  for (const Block& block : document.blocks) EXPECT_EQ(block.kind, BlockKind::kParagraph);
  EXPECT_TRUE(std::filesystem::exists(folder / "out/deep" / files.at("d/2")));
}

TEST(PassageDocuments, TwoOfOneNameAreRefused) {
  const TemporaryFolder folder;
  const Status status = write_documents({{"d", "", "a"}, {"d", "", "b"}}, folder / "out");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

}  // namespace
}  // namespace saseo::eval
