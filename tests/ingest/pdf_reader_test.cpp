#include "ingest/pdf_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stop_token>

#include "base/utf8.h"
#include "ingest/block_pipe.h"
#include "tests/ingest/pdf_test_file.h"

namespace saseo {
namespace {

using PdfReader = PdfReaderTest;

std::string lines(float x, float top, int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += TinyPdf::text(x, top - 13.0f * i, 10, text);
  return out;
}

TEST_F(PdfReader, GivesBlocksWithExactSpansAndBoxes) {
  const auto document = read(TinyPdf()
                                 .page(TinyPdf::text(72, 740, 20, "Charging the phone") +
                                       TinyPdf::text(72, 700, 10, "Plug the cable in") +
                                       lines(72, 600, 3, "Other text of the page stands below it"))
                                 .bytes());
  ASSERT_TRUE(document.ok()) << document.error().message.english;
  ASSERT_GE(document->blocks.size(), 2u);
  EXPECT_EQ(document->blocks[0].kind, BlockKind::kHeading);
  EXPECT_EQ(document->text_of(document->blocks[0].span), "Charging the phone");
  EXPECT_EQ(document->text_of(document->blocks[1].span), "Plug the cable in");
  ASSERT_EQ(document->pages.size(), 1u);
  EXPECT_EQ(document->pages[0].label, "1");
  EXPECT_EQ(document->pages[0].width, 595);
  const auto line = std::ranges::find_if(document->lines, [&](const TextLine& l) {
    return document->text_of(l.span) == "Plug the cable in";
  });
  ASSERT_NE(line, document->lines.end());
  EXPECT_NEAR(line->box.x, 72, 2);
  EXPECT_NEAR(line->box.y + line->box.height, 842 - 700, 5);
  EXPECT_NEAR(line->box.width, 17 * 6, 4);
}

TEST_F(PdfReader, ReadsColumnsOneAfterTheOther) {
  const auto document =
      read(TinyPdf()
               .page(TinyPdf::text(150, 780, 18, "Over both of the columns") +
                     lines(50, 700, 12, "left column text fills it well here now") +
                     lines(310, 706, 12, "right column goes on with other words"))
               .bytes());
  ASSERT_TRUE(document.ok());
  const std::size_t heading = document->text.find("Over both");
  const std::size_t last_left = document->text.rfind("left column");
  const std::size_t first_right = document->text.find("right column");
  ASSERT_NE(first_right, std::string::npos);
  EXPECT_LT(heading, last_left);
  EXPECT_LT(last_left, first_right);
}

TEST_F(PdfReader, JoinsATableOverAPageBreakAndDropsTheRepeatedHeader) {
  const auto row = [](float y, const std::string& a, const std::string& b, const std::string& c) {
    return TinyPdf::text(72, y, 10, a) + TinyPdf::text(200, y, 10, b) +
           TinyPdf::text(330, y, 10, c);
  };
  std::string first = TinyPdf::text(72, 400, 16, "Table of parts"), second;
  first += row(300, "Name", "Count", "Remark") + row(275, "Cable", "one", "long") +
           row(250, "Case", "two", "clear");
  second += row(780, "Name", "Count", "Remark") + row(755, "Pin", "three", "steel") +
            TinyPdf::text(72, 600, 10, "A sentence that follows the table and is none of its rows");
  const auto document = read(TinyPdf().page(first).page(second).bytes());
  ASSERT_TRUE(document.ok());
  std::vector<std::string> rows;
  for (const Block& block : document->blocks) {
    if (block.table < 0) continue;
    EXPECT_EQ(block.table, 0);
    rows.emplace_back(document->text_of(block.span));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"Name | Count | Remark", "Cable | one | long",
                                            "Case | two | clear", "Pin | three | steel"}));
}

TEST_F(PdfReader, UsesLabelsAndOutlineOfTheFile) {
  const auto document = read(TinyPdf()
                                 .catalog("/PageLabels<</Nums[0<</S/r>>1<</S/D>>]>>/Outlines 5 0 R")
                                 .object("<</Type/Outlines/First 6 0 R/Last 6 0 R/Count 1>>")
                                 .object("<</Title(Safety notes)/Parent 5 0 R/Dest[9 0 R/Fit]>>")
                                 .page(TinyPdf::text(72, 700, 10, "A cover page"))
                                 .page(TinyPdf::text(72, 780, 10, "Some words on the page") +
                                       TinyPdf::text(72, 700, 10, "Safety notes") +
                                       TinyPdf::text(72, 650, 10, "More words of the page"))
                                 .bytes());
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->pages[0].label, "i");
  EXPECT_EQ(document->pages[1].label, "1");
  const auto heading = std::ranges::find(document->blocks, BlockKind::kHeading, &Block::kind);
  ASSERT_NE(heading, document->blocks.end());
  EXPECT_EQ(document->text_of(heading->span), "Safety notes");
}

TEST_F(PdfReader, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(error_of(""), ErrorCode::kBadInput);
  EXPECT_EQ(error_of("<html><body>Sign in to your proxy</body></html>"), ErrorCode::kBadInput);
  EXPECT_EQ(error_of("%PDF-1.4\nnothing of use\n"), ErrorCode::kBadInput);
  EXPECT_EQ(error_of(TinyPdf().bytes()), ErrorCode::kBadInput);  // No pages.
  EXPECT_EQ(read_pdf(folder_ / "missing.pdf", options_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_pdf(folder_.path(), options_).error().code, ErrorCode::kBadInput);
}

TEST_F(PdfReader, KeepsToItsLimits) {
  const auto path = write(TinyPdf().page(TinyPdf::text(72, 700, 10, "words")).bytes());
  options_.max_file_bytes = 100;
  EXPECT_EQ(read_pdf(path, options_).error().code, ErrorCode::kLimit);
}

TEST_F(PdfReader, ReportsAMissingHelper) {
  options_.pdf_helper = folder_ / "no-such-program";
  EXPECT_EQ(error_of(TinyPdf().page("").bytes()), ErrorCode::kNotFound);
}

TEST_F(PdfReader, AsksForThePasswordAndTellsAWrongOne) {
  const std::filesystem::path path = std::filesystem::path(SASEO_TEST_DATA) / "pdf_encrypted.pdf";
  EXPECT_EQ(read_pdf(path, options_).error().code, ErrorCode::kNeedsPassword);
  options_.password = "wrong";
  EXPECT_EQ(read_pdf(path, options_).error().code, ErrorCode::kWrongPassword);
  options_.password = "open sesame";
  const auto document = read_pdf(path, options_);
  ASSERT_TRUE(document.ok()) << document.error().message.english;
  EXPECT_NE(document->text.find("Secret words"), std::string::npos);
}

TEST_F(PdfReader, ReadsWhatADamagedFileStillHolds) {
  const std::string bytes = TinyPdf()
                                .page(TinyPdf::text(72, 700, 10, "first page words"))
                                .page(TinyPdf::text(72, 700, 10, "second page words"))
                                .bytes();
  // Without its table of objects, and without its second page.
  const std::size_t table = bytes.find("xref"), trailer = bytes.find("trailer");
  const std::size_t second = bytes.rfind("/Type/Page/");
  const auto document = read(bytes.substr(0, table) + bytes.substr(trailer));
  ASSERT_TRUE(document.ok()) << document.error().message.english;
  EXPECT_NE(document->text.find("second page words"), std::string::npos);
  const auto half = read(bytes.substr(0, second) + "\n" + bytes.substr(trailer));
  ASSERT_TRUE(half.ok()) << half.error().message.english;
  EXPECT_NE(half->text.find("first page words"), std::string::npos);
  // Cut off before the trailer nothing tells where to begin.
  EXPECT_EQ(error_of(bytes.substr(0, table)), ErrorCode::kBadInput);
}

TEST_F(PdfReader, DoesNotBelieveAClaimOfTwoBillionPages) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of(TinyPdf().claim_pages("2000000000").page("").bytes()), ErrorCode::kBadInput);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}

// A helper that a hostile file has taken over: it writes what it likes.
class HostilePdfHelper : public PdfReader {
 protected:
  // The helper writes the bytes and then runs the shell command.
  Result<Document> read_from(const std::string& stream, const std::string& then = "exit 0") {
    const auto bytes = write(stream, "stream");
    options_.pdf_helper =
        write("#!/bin/sh\ncat '" + bytes.string() + "'\n" + then + "\n", "helper");
    std::filesystem::permissions(options_.pdf_helper, std::filesystem::perms::owner_all);
    options_.page_timeout_seconds = 1;
    return read(TinyPdf().page("").bytes());
  }
  static std::string one_page_of(std::uint32_t claimed) {
    PdfHeader header;
    header.claimed_pages = claimed;
    PdfPage page;
    page.number = 1;
    page.width = page.height = 500;
    page.words.resize(1);
    page.words[0].text = "kept";
    page.words[0].width = page.words[0].height = page.words[0].font_size = 10;
    page.words[0].x = page.words[0].y = 100;
    return encode_pipe_start() + encode(header) + encode(page);
  }
};

TEST_F(HostilePdfHelper, CannotMakeTheParentBelieveItsPages) {
  const auto document = read_from(one_page_of(2'000'000'000) + encode(PipeEnd{}));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->pages.size(), 1u);
  EXPECT_TRUE(warns(*document, "truncated"));
}

TEST_F(HostilePdfHelper, LeavesThePagesThatCameWhenItDies) {
  for (const char* end : {"exit 0", "exit 1", "kill -SEGV $$"}) {
    const auto document = read_from(one_page_of(3), end);
    ASSERT_TRUE(document.ok()) << end;
    EXPECT_EQ(document->text, "kept\n");
    EXPECT_TRUE(warns(*document, std::string_view(end) == "exit 1" ? "memory-limit" : "crashed"));
  }
}

TEST_F(HostilePdfHelper, IsKilledWhenItHangs) {
  const auto began = std::chrono::steady_clock::now();
  const auto document = read_from(one_page_of(3), "exec sleep 600");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
  ASSERT_TRUE(document.ok());
  EXPECT_TRUE(warns(*document, "time-limit"));
}

TEST_F(HostilePdfHelper, GivesAnErrorForGarbage) {
  EXPECT_EQ(read_from("garbage").error().code, ErrorCode::kBadInput);
  EXPECT_EQ(read_from("").error().code, ErrorCode::kBadInput);
  EXPECT_EQ(read_from(encode_pipe_start() + "P\xFF\xFF\xFF\xFF").error().code,
            ErrorCode::kBadInput);
}

TEST(PdfHelper, TellsWhichWallsStand) {
  std::FILE* const helper =
      ::popen((std::string(SASEO_PDF_HELPER) + " --sandbox-status").c_str(), "r");
  ASSERT_NE(helper, nullptr);
  char line[256] = {};
  ASSERT_NE(std::fgets(line, sizeof(line), helper), nullptr);
  EXPECT_EQ(::pclose(helper), 0);
  const std::string_view status = line;
  for (const char* wall :
       {"\"limits\":true", "\"no_new_privileges\":true", "\"landlock\":", "\"seccomp\":"})
    EXPECT_NE(status.find(wall), std::string_view::npos) << wall;
}

TEST_F(PdfReader, SurvivesDeeplyNestedObjects) {
  const std::string deep(400'000, '[');
  const auto document =
      read(TinyPdf().object(deep).catalog("/Names 5 0 R").page(deep + " BT ET").bytes());
  if (!document.ok()) {
    EXPECT_FALSE(document.error().message.english.empty());
  }
}

TEST_F(PdfReader, StopsAFileThatTakesTooLong) {
  // Forms that each draw the next twelve times, nine levels deep.
  TinyPdf pdf;
  std::string draw;
  for (int i = 0; i < 12; ++i) draw += "/X Do ";
  for (int level = 0; level < 9; ++level)
    pdf.object(
        TinyPdf::form(draw, "/Resources<</XObject<</X " + std::to_string(6 + level) + " 0 R>>>>"));
  pdf.object(TinyPdf::form(TinyPdf::text(72, 700, 10, "slow")));
  const std::string bytes = pdf.resources("/XObject<</X 5 0 R>>").page("/X Do").bytes();

  options_.page_timeout_seconds = 1;
  const auto began = std::chrono::steady_clock::now();
  const auto document = read_pdf(write(bytes), options_);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().code, ErrorCode::kLimit);
}

// AddressSanitizer maps more than any limit on the address space allows.
#if !defined(SASEO_ADDRESS_SANITIZER)
TEST_F(PdfReader, StopsAFileThatTakesTooMuchMemory) {
  options_.helper_memory = std::size_t{70} << 20;  // Too little for poppler and its libraries.
  const auto document =
      read_pdf(std::filesystem::path(SASEO_CORPORA) / "phone" / "daon-phone-x1.pdf", options_);
  if (document.ok())
    EXPECT_TRUE(warns(*document, "memory-limit"));
  else
    EXPECT_EQ(document.error().code, ErrorCode::kLimit);
}
#endif

TEST_F(PdfReader, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  options_.stop = source.get_token();
  EXPECT_EQ(error_of(TinyPdf().page("").bytes()), ErrorCode::kCancelled);
}

TEST_F(PdfReader, TellsProgressAndPagesWithoutText) {
  std::vector<std::pair<int, int>> progress;
  options_.on_page = [&](int done, int all) { progress.emplace_back(done, all); };
  const auto document = read(TinyPdf().page("0 0 100 100 re f").page("0 0 100 100 re f").bytes());
  ASSERT_TRUE(document.ok());
  EXPECT_TRUE(document->blocks.empty());
  EXPECT_EQ(document->pages.size(), 2u);
  EXPECT_TRUE(warns(*document, "no-text"));
  EXPECT_EQ(progress, (std::vector<std::pair<int, int>>{{1, 2}, {2, 2}}));
}

TEST_F(PdfReader, RendersAndMarksAPage) {
  const auto path = write(TinyPdf().page("0 g 100 642 100 100 re f").bytes());
  auto image = render_pdf_page(path, 1, 72, options_);
  ASSERT_TRUE(image.ok()) << image.error().message.english;
  EXPECT_EQ(image->width, 595);
  EXPECT_EQ(image->height, 842);
  const auto pixel = [&](int x, int y) { return &image->rgb[(y * std::size_t{595} + x) * 3]; };
  EXPECT_EQ(pixel(150, 150)[0], 0);
  EXPECT_EQ(pixel(300, 150)[2], 255);
  highlight(*image, std::vector<Box>{{1, 50, 90, 300, 100}, {1, 50, 90, 300, 100}});
  EXPECT_EQ(pixel(150, 150)[0], 0);    // Black stays black,
  EXPECT_EQ(pixel(300, 150)[0], 255);  // white becomes yellow,
  EXPECT_LT(pixel(300, 150)[2], 100);
  EXPECT_EQ(pixel(400, 150)[2], 255);  // and what is outside is left.
  ASSERT_TRUE(write_png(*image, folder_ / "page.png").ok());
  EXPECT_GT(std::filesystem::file_size(folder_ / "page.png"), 100u);

  EXPECT_EQ(render_pdf_page(path, 2, 72, options_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(render_pdf_page(path, 0, 72, options_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(render_pdf_page(path, 1, 2400, options_).error().code, ErrorCode::kLimit);
}

TEST_F(PdfReader, ReadsAKoreanManual) {
  const auto document =
      read_pdf(std::filesystem::path(SASEO_CORPORA) / "phone" / "daon-phone-x1.pdf", options_);
  ASSERT_TRUE(document.ok()) << document.error().message.english;
  EXPECT_TRUE(document->warnings.empty());
  EXPECT_EQ(document->text, to_nfc(document->text));
  std::size_t end = 0;
  for (std::size_t i = 0; i < document->blocks.size(); ++i) {
    const Block& block = document->blocks[i];
    ASSERT_EQ(block.span.begin, end);
    ASSERT_LT(block.span.end, document->text.size());
    ASSERT_EQ(document->text[block.span.end], '\n');
    ASSERT_LT(block.parent, static_cast<int>(i));
    end = block.span.end + 1;
  }
  EXPECT_EQ(end, document->text.size());
  for (const TextLine& line : document->lines) ASSERT_LE(line.span.end, document->text.size());
  EXPECT_EQ(std::ranges::count_if(document->blocks,
                                  [&](const Block& block) {
                                    return document->text_of(block.span).find("DP-X100") == 0;
                                  }),
            0);  // The footer "다온폰 X1 DP-X100" is on every page.
}

}  // namespace
}  // namespace saseo
