// A small PDF, written by hand. Its font is part of it (Type 3, each letter a black block), so that
// what is drawn does not depend on the machine's fonts.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/pdf_reader.h"
#include "tests/temporary_folder.h"

namespace saseo {

class TinyPdf {
 public:
  // Content operators; the font is /F, its letters 0.6 of its size wide.
  TinyPdf& page(std::string content) {
    pages_.push_back(std::move(content));
    return *this;
  }
  // "BT /F size Tf x y Td (text) Tj ET": y counts from the bottom, as PDF does.
  static std::string text(float x, float y, float size, const std::string& words) {
    return "BT /F " + std::to_string(size) + " Tf " + std::to_string(x) + " " + std::to_string(y) +
           " Td (" + words + ") Tj ET\n";
  }
  TinyPdf& claim_pages(const std::string& count) {
    claimed_ = count;
    return *this;
  }
  TinyPdf& catalog(std::string entries) {
    catalog_ = std::move(entries);
    return *this;
  }
  TinyPdf& object(std::string body) {
    extra_.push_back(std::move(body));
    return *this;
  }
  // What all pages draw with, in place of the font alone.
  TinyPdf& resources(std::string entries) {
    resources_ = std::move(entries);
    return *this;
  }
  // A Form XObject over the page: a piece of a page that is drawn by name. `entries` go into its
  // dictionary.
  static std::string form(const std::string& content,
                          const std::string& entries = "/Resources<</Font<</F 3 0 R>>>>") {
    return stream(content, "/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + entries);
  }
  static std::string stream(const std::string& content, const std::string& entries = "") {
    return "<<" + entries + "/Length " + std::to_string(content.size()) + ">>stream\n" + content +
           "\nendstream";
  }

  // Objects: 1 catalog, 2 pages, 3 font, 4 glyph, then `object`s, then page and content in turn.
  std::string bytes() const {
    const std::size_t first_page = 5 + extra_.size();
    std::string kids, differences, widths, procedures;
    for (std::size_t i = 0; i < pages_.size(); ++i)
      kids += std::to_string(first_page + 2 * i) + " 0 R ";
    for (char c = ' '; c <= 'z'; ++c) {
      const bool letter = (c >= 'A' && c <= 'Z') || c >= 'a';
      widths += "600 ";
      differences += c == ' ' ? "/space " : letter ? "/" + std::string(1, c) + " " : "/.notdef ";
      if (letter) procedures += "/" + std::string(1, c) + " 4 0 R";
    }
    const std::string glyph = "600 0 0 0 500 700 d1 50 0 450 650 re f";
    std::vector<std::string> objects = {
        "<</Type/Catalog/Pages 2 0 R " + catalog_ + ">>",
        "<</Type/Pages/Kids[" + kids + "]/Count " +
            (claimed_.empty() ? std::to_string(pages_.size()) : claimed_) + ">>",
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 600 700]/FontMatrix[.001 0 0 .001 0 0]"
        "/FirstChar 32/LastChar 122/Widths[" +
            widths + "]/Encoding<</Type/Encoding/Differences[32 " + differences +
            "]>>/CharProcs<<" + procedures + ">>/Resources<<>>>>",
        stream(glyph)};
    objects.insert(objects.end(), extra_.begin(), extra_.end());
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      objects.push_back("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents " +
                        std::to_string(first_page + 2 * i + 1) + " 0 R/Resources<<" + resources_ +
                        ">>>>");
      objects.push_back(stream(pages_[i]));
    }
    std::string out = "%PDF-1.4\n", table;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      char entry[32];
      std::snprintf(entry, sizeof(entry), "%010zu 00000 n \n", out.size());
      table += entry;
      out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t start = out.size();
    const std::string size = std::to_string(objects.size() + 1);
    return out + "xref\n0 " + size + "\n0000000000 65535 f \n" + table +
           "trailer<</Root 1 0 R/Size " + size + ">>\nstartxref\n" + std::to_string(start) +
           "\n%%EOF\n";
  }

 private:
  std::vector<std::string> pages_, extra_;
  std::string claimed_, catalog_, resources_ = "/Font<</F 3 0 R>>";
};

class PdfFileTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes,
                              const std::string& name = "test.pdf") const {
    return folder_.write(name, bytes);
  }

  TemporaryFolder folder_;
};

// Reads such files.
class PdfReaderTest : public PdfFileTest {
 protected:
  PdfReaderTest() { options_.pdf_helper = SASEO_PDF_HELPER; }

  Result<Document> read(const std::string& bytes) const { return read_pdf(write(bytes), options_); }
  ErrorCode error_of(const std::string& bytes) const {
    const auto document = read(bytes);
    EXPECT_FALSE(document.ok());
    if (document.ok()) return ErrorCode::kCancelled;
    EXPECT_FALSE(document.error().message.english.empty());
    return document.error().code;
  }
  static bool warns(const Document& document, std::string_view code) {
    return std::ranges::any_of(document.warnings,
                               [&](const ReadWarning& warning) { return warning.code == code; });
  }

  ReadOptions options_;
};

}  // namespace saseo
