#include "ingest/reader.h"

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace saseo {
namespace {

using namespace std::literals;

class ReadDocument : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    return folder_.write(name, bytes);
  }

  TemporaryFolder folder_;
};

TEST(DetectKind, GoesByContentBeforeTheName) {
  EXPECT_EQ(detect_kind("a.txt", "%PDF-1.7\n"), DocumentKind::kPdf);
  EXPECT_EQ(detect_kind("a", "junk\n%PDF-1.4"), DocumentKind::kPdf);
  EXPECT_EQ(detect_kind("a", std::string(2000, ' ') + "%PDF-1.4"), DocumentKind::kText);
  EXPECT_EQ(detect_kind("a.txt", "<!DOCTYPE html><p>"), DocumentKind::kHtml);
  EXPECT_EQ(detect_kind("a", "\xEF\xBB\xBF <!-- x --> <HTML>"), DocumentKind::kHtml);
}

TEST(DetectKind, GoesByExtensionForText) {
  EXPECT_EQ(detect_kind("a.MD", "# 제목"), DocumentKind::kMarkdown);
  EXPECT_EQ(detect_kind("a.markdown", "<html>"), DocumentKind::kMarkdown);
  EXPECT_EQ(detect_kind("a.htm", "글"), DocumentKind::kHtml);
  EXPECT_EQ(detect_kind("a.txt", "글"), DocumentKind::kText);
  EXPECT_EQ(detect_kind("README", "글"), DocumentKind::kText);
  EXPECT_EQ(detect_kind("a.txt", "\xFF\xFEg\0"sv), DocumentKind::kText);
  EXPECT_EQ(detect_kind("a.txt", "\xC3\xE6\xC0\xFC"), DocumentKind::kText);
}

TEST(DetectKind, RefusesBinariesAndTextThatIsNoDocument) {
  EXPECT_EQ(detect_kind("a.txt", "PK\x03\x04..."), std::nullopt);
  EXPECT_EQ(detect_kind("a.md", "\x89PNG\r\n"), std::nullopt);
  EXPECT_EQ(detect_kind("a",
                        "\x7F"
                        "ELF\x02"),
            std::nullopt);
  EXPECT_EQ(detect_kind("a.doc", "\xD0\xCF\x11\xE0"), std::nullopt);
  EXPECT_EQ(detect_kind("a.txt", "\x01\x02\x03\x04\x05 text"), std::nullopt);
  EXPECT_EQ(detect_kind("a.pdf", "<html>"), std::nullopt);
  EXPECT_EQ(detect_kind("a.json", "{}"), std::nullopt);
}

TEST_F(ReadDocument, ReadsEachTextKindAndInfersItsInfo) {
  const auto markdown =
      read_document(write("a.md", "# 다온폰 X1 사용 설명서\n\n글입니다. 글입니다. 글입니다.\n"));
  ASSERT_TRUE(markdown.ok());
  EXPECT_EQ(markdown->kind, DocumentKind::kMarkdown);
  EXPECT_EQ(markdown->info.product, "다온폰 X1");
  EXPECT_EQ(markdown->info.language, Language::kKorean);
  EXPECT_EQ(read_document(write("a.html", "<p>글"))->kind, DocumentKind::kHtml);
  EXPECT_EQ(read_document(write("notes", "글"))->info.title, "notes");
}

TEST_F(ReadDocument, SaysThatAFileIsEmpty) {
  const auto result = read_document(write("a.md", ""));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kBadInput);
  EXPECT_NE(result.error().message.english.find("empty"), std::string::npos);
}

TEST_F(ReadDocument, SaysWhatAFileNamedPdfIsInstead) {
  const auto page = read_document(write("a.pdf", "<!DOCTYPE html><title>Sign in</title>"));
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, ErrorCode::kBadInput);
  EXPECT_NE(page.error().message.english.find("an HTML page"), std::string::npos);
  EXPECT_NE(read_document(write("b.pdf", "PK\x03\x04")).error().message.english.find("ZIP"),
            std::string::npos);
}

TEST_F(ReadDocument, RefusesOtherKindsMissingFilesAndFolders) {
  EXPECT_EQ(read_document(write("a.docx", "PK\x03\x04")).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(read_document(folder_ / "none.md").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(read_document(folder_.path()).ok());
}

TEST_F(ReadDocument, KeepsToTheSizeLimit) {
  const auto path = write("a.txt", "0123456789");
  EXPECT_TRUE(read_document(path, {.max_file_bytes = 10}).ok());
  EXPECT_EQ(read_document(path, {.max_file_bytes = 9}).error().code, ErrorCode::kLimit);
}

TEST_F(ReadDocument, WarnsWhenAFileHoldsNoText) {
  const auto result = read_document(write("a.html", "<script>x</script>"));
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0].code, "no-text");
}

}  // namespace
}  // namespace saseo
