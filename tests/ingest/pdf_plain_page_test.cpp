// A page that is called plain is not drawn: the words found hidden must be the same as when every
// page is drawn.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

#include "ingest/block_pipe.h"
#include "tests/ingest/pdf_test_file.h"

namespace saseo {
namespace {

class PlainPages : public PdfFileTest {
 protected:
  // What saseo-pdf writes to `output`, for the file given last.
  std::string run(const std::filesystem::path& file, const std::string& output) const {
    const std::string command =
        std::string(SASEO_PDF_HELPER) + " text " + output + " '" + file.string() + "' 2>&1 | cat";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return "no pipe";
    std::string out;
    char bytes[4096];
    for (std::size_t got; (got = std::fread(bytes, 1, sizeof(bytes), pipe)) > 0;)
      out.append(bytes, got);
    ::pclose(pipe);
    return out;
  }
  static int hidden_words(const std::string& stream) {
    PipeDecoder decoder;
    decoder.feed(stream);
    int hidden = 0;
    PipeRecord record;
    for (auto more = decoder.next(record); more.ok() && *more; more = decoder.next(record))
      if (const auto* page = std::get_if<PdfPage>(&record))
        for (const PdfWord& word : page->words) hidden += word.hidden ? 1 : 0;
    return hidden;
  }
  // A page in a font that the machine has to have: /F is Helvetica.
  std::string in_helvetica(const std::string& content) const {
    return TinyPdf()
        .object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        .resources("/Font<</F 5 0 R>>")
        .page(content)
        .bytes();
  }
};

TEST_F(PlainPages, HideTheSameWordsAsPagesThatAreDrawn) {
  const std::string black = "0 g " + TinyPdf::text(72, 700, 11, "Plain black words");
  const std::string words = TinyPdf::text(72, 600, 11, "smuggled");
  for (const std::string& page : {
           black,
           black + "1 g " + words,                     // White,
           "1 g " + words,                             // and nothing else.
           black + words + "1 g 60 590 200 30 re f",   // A white box over it,
           black + words + ".5 g 60 590 200 30 re f",  // a grey one,
           black + words + "q 200 0 0 30 60 590 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q",
           black + "3 Tr " + words,                          // invisible,
           black + "0 g 60 590 200 30 re f " + words,        // black on black,
           black + "q 300 300 20 20 re W n " + words + "Q",  // clipped away,
           black + words + "1 G 30 w 60 604 m 260 604 l S",  // under a thick line.
           black + TinyPdf::text(72, 600, 1, "tiny"),
       }) {
    for (const std::string& bytes : {TinyPdf().page(page).bytes(), in_helvetica(page)}) {
      const auto file = write(bytes);
      const std::string drawn = run(file, "--draw-all");
      EXPECT_EQ(drawn, run(file, "")) << page;
    }
    // Blocks of a font that comes along are found on every machine.
    if (page != black) {
      EXPECT_GE(hidden_words(run(write(TinyPdf().page(page).bytes()), "")), 1) << page;
    }
  }
}

TEST_F(PlainPages, AreNotCalledSoWhenTheyHideWords) {
  const std::string black = "0 g " + TinyPdf::text(72, 700, 11, "Plain black words");
  const auto drawn = [&](const std::string& content) {
    const std::string said = run(write(in_helvetica(content)), "--tell-drawn");
    return said.find("drawn 1 of 1 pages") != std::string::npos;
  };
  ASSERT_FALSE(drawn(black)) << "no font for Helvetica: install what cmake/packages.sh names";
  EXPECT_FALSE(drawn(black + "0 g 60 690 200 .5 re f"));  // A thin rule.
  // A frame is not what it surrounds, unless its inside is filled too.
  EXPECT_FALSE(drawn(black + "60 690 300 30 re 62 692 296 26 re f*"));
  EXPECT_TRUE(drawn(black + "60 690 300 30 re 62 692 296 26 re f"));
  EXPECT_TRUE(drawn(black + "60 690 300 30 re 62 600 296 26 re f*"));
  // What only touches a letter leaves it to be seen.
  EXPECT_FALSE(drawn(black + "60 712 300 30 re f"));
  EXPECT_TRUE(drawn(black + "60 703 300 30 re f"));
  EXPECT_TRUE(drawn(black + "1 g " + TinyPdf::text(72, 600, 11, "white")));
  EXPECT_TRUE(drawn(black + "1 g 60 690 200 30 re f"));
  EXPECT_TRUE(drawn("0 g 60 690 200 30 re f " + black));
  EXPECT_TRUE(drawn("3 Tr " + black));
  EXPECT_TRUE(drawn("7 Tr " + black));
  EXPECT_TRUE(drawn("q 300 300 20 20 re W n " + black + "Q"));
  EXPECT_TRUE(drawn("q 0 0 m 595 0 l 0 842 l h W n " + black + "Q"));
  EXPECT_TRUE(drawn(black + black));  // One on the other.
}

}  // namespace
}  // namespace saseo
