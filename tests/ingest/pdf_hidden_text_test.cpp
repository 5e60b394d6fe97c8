// The ways in which a PDF holds words that its readers do not see: they are left out and reported.
// Beside each stands the same page with the words to be seen, so that hiding too much fails too.
#include <gtest/gtest.h>

#include <string>

#include "tests/ingest/made_font.h"
#include "tests/ingest/pdf_test_file.h"

namespace saseo {
namespace {

class HiddenText : public PdfReaderTest {
 protected:
  // Each page that is given holds `plain_` besides.
  void expect_hidden(TinyPdf pdf, const std::string& page) const {
    const auto document = read(pdf.page(plain_ + page).bytes());
    ASSERT_TRUE(document.ok()) << document.error().message.english;
    EXPECT_EQ(document->text, "Visible words\n") << page;
    ASSERT_TRUE(warns(*document, "hidden-text")) << page;
    EXPECT_EQ(document->warnings[0].page, 1);
    EXPECT_NE(document->warnings[0].message.english.find("smuggled"), std::string::npos);
  }
  void expect_seen(TinyPdf pdf, const std::string& page) const {
    const auto document = read(pdf.page(plain_ + page).bytes());
    ASSERT_TRUE(document.ok()) << document.error().message.english;
    EXPECT_NE(document->text.find("smuggled"), std::string::npos) << page;
    EXPECT_TRUE(document->warnings.empty()) << page;
  }

  const std::string plain_ = "0 g " + TinyPdf::text(72, 700, 11, "Visible words");
  const std::string words_ = TinyPdf::text(72, 600, 11, "smuggled");
};

TEST_F(HiddenText, IsLeftOutWhereverItStandsOnThePage) {
  const auto document =
      read(TinyPdf()
               .page(TinyPdf::text(72, 700, 11, "Visible words") + "1 1 1 rg " +
                     TinyPdf::text(72, 600, 11, "white on white") + "0 g " +
                     TinyPdf::text(72, 550, 1, "tiny letters") + ".75 g " +
                     TinyPdf::text(72, 500, 8, "pale but real") + "0 g " +
                     TinyPdf::text(72, 400, 11, "under a box") + ".5 g 60 380 300 40 re f")
               .bytes());
  ASSERT_TRUE(document.ok());
  EXPECT_NE(document->text.find("Visible words"), std::string::npos);
  EXPECT_NE(document->text.find("pale but real"), std::string::npos);
  EXPECT_EQ(document->text.find("white"), std::string::npos);
  EXPECT_EQ(document->text.find("tiny"), std::string::npos);
  EXPECT_EQ(document->text.find("under"), std::string::npos);
  ASSERT_TRUE(warns(*document, "hidden-text"));
  EXPECT_EQ(document->warnings[0].page, 1);
  EXPECT_NE(document->warnings[0].message.english.find("white"), std::string::npos);
}

TEST_F(HiddenText, IsFoundInFormsWithinForms) {
  const std::string resources = "/Font<</F 3 0 R>>/XObject<</X 5 0 R>>";
  const auto with_form = [&](const std::string& content) {
    return TinyPdf()
        .object(TinyPdf::form("/Y Do", "/Resources<</XObject<</Y 6 0 R>>>>"))
        .object(TinyPdf::form(content))
        .resources(resources);
  };
  expect_seen(with_form(words_), "/X Do");
  expect_hidden(with_form("1 g " + words_), "/X Do");
  expect_hidden(with_form("3 Tr " + words_), "/X Do");
  expect_hidden(with_form(words_ + "1 g 60 590 200 30 re f"), "/X Do");
  // A form draws with the colour of the place that names it, and over what is there.
  expect_hidden(with_form(words_), "1 g /X Do");
  expect_hidden(with_form("1 g 60 590 200 30 re f"), words_ + "/X Do");
  // Moved off the page, it is not on it; shrunk, nobody can read it.
  expect_hidden(with_form(words_), "q .1 0 0 .1 60 500 cm /X Do Q");
}

TEST_F(HiddenText, IsWhatIsDrawnWithoutOpacity) {
  const auto with_opacity = [&](const std::string& opacity) {
    return TinyPdf()
        .object(TinyPdf::form(words_, "/Group<</S/Transparency>>/Resources<</Font<</F 3 0 R>>>>"))
        .resources("/Font<</F 3 0 R>>/XObject<</X 5 0 R>>/ExtGState<</G<</ca " + opacity + "/CA " +
                   opacity + ">>>>");
  };
  for (const std::string& page : {"/G gs " + words_, std::string("/G gs /X Do")}) {
    expect_seen(with_opacity("1"), page);
    expect_seen(with_opacity(".5"), page);
    expect_hidden(with_opacity("0"), page);
    expect_hidden(with_opacity(".01"), page);
  }
}

TEST_F(HiddenText, IsWhatASoftMaskTakesAway) {
  const auto with_mask = [&](const std::string& mask) {
    return TinyPdf()
        .object(TinyPdf::form(mask, "/Group<</S/Transparency/CS/DeviceGray>>"))
        .resources("/Font<</F 3 0 R>>/ExtGState<</G<</SMask<</S/Luminosity/G 5 0 R>>>>>>");
  };
  const std::string page = "q /G gs " + words_ + "Q";
  expect_seen(with_mask("1 g 0 0 595 842 re f"), page);
  expect_hidden(with_mask("0 g 0 0 595 842 re f"), page);
  expect_hidden(with_mask("1 g 0 650 595 192 re f"), page);  // Light elsewhere only.
}

TEST_F(HiddenText, IsWhatAFontHasNoGlyphsFor) {
  const auto with_font = [&](bool blank) {
    const std::string font = made_font(blank);
    std::string widths;
    for (int code = 'A'; code <= 'z'; ++code) widths += "600 ";
    return TinyPdf()
        .object(
            "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Made/FirstChar 65/LastChar 122"
            "/Encoding/WinAnsiEncoding/FontDescriptor 6 0 R/Widths[" +
            widths + "]>>")
        .object(
            "<</Type/FontDescriptor/FontName/ABCDEF+Made/Flags 32/FontBBox[0 0 600 700]"
            "/ItalicAngle 0/Ascent 700/Descent 0/CapHeight 700/StemV 80/FontFile2 7 0 R>>")
        .object(TinyPdf::stream(font, "/Length1 " + std::to_string(font.size())))
        .resources("/Font<</F 3 0 R/M 5 0 R>>");
  };
  const std::string page = "BT /M 11 Tf 72 600 Td (smuggled) Tj ET\n";
  expect_seen(with_font(false), page);
  expect_hidden(with_font(true), page);
}

TEST_F(HiddenText, IsWhatAFontOfEmptyProceduresDraws) {
  const auto with_procedure = [&](const std::string& procedure) {
    std::string differences, procedures, widths;
    for (char c = 'a'; c <= 'z'; ++c) {
      differences += "/" + std::string(1, c);
      procedures += "/" + std::string(1, c) + " 6 0 R";
      widths += "600 ";
    }
    return TinyPdf()
        .object(
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[.001 0 0 .001 0 0]"
            "/FirstChar 97/LastChar 122/Widths[" +
            widths + "]/Encoding<</Type/Encoding/Differences[97" + differences + "]>>/CharProcs<<" +
            procedures + ">>/Resources<<>>>>")
        .object(TinyPdf::stream("600 0 0 0 500 700 d1 " + procedure))
        .resources("/Font<</F 3 0 R/E 5 0 R>>");
  };
  const std::string page = "BT /E 11 Tf 72 600 Td (smuggled) Tj ET\n";
  expect_seen(with_procedure("50 0 450 650 re f"), page);
  expect_hidden(with_procedure(""), page);
}

}  // namespace
}  // namespace saseo
