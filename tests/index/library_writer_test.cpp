#include "index/library_writer.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/index/library_contents.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr std::string_view kPhone =
    "---\ntitle: Phone manual\nproduct: Phone\n---\n# Charging\nConnect the cable to the phone.\n"
    "# Fingerprint\nPut a finger on the sensor.\n# 통화\n전화를 겁니다.\n";
constexpr std::string_view kVacuum =
    "---\ntitle: Vacuum manual\nproduct: Vacuum\n---\n# Charging\nPut the robot on the dock.\n"
    "# Cleaning\nEmpty the box and wash the filter.\n";

// The text with `from` replaced where it first occurs.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string changed(text);
  return changed.replace(changed.find(from), from.size(), to);
}

class LibraryWriterTest : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_ / "library"; }
  DocumentId put(std::string_view name, std::string_view markdown) {
    const Result<PutReport> put = put_markdown(writer_, "/m/" + std::string(name), markdown);
    EXPECT_TRUE(put.ok()) << put.error().message.english;
    last_ = *put;
    return put->id;
  }
  const Database& database() const { return writer_.library().database(); }
  std::string contents() const { return contents_of(database()); }
  // Text -> id and vector of the chunks of a document.
  std::map<std::string, std::string> chunks_of(DocumentId id) const {
    std::map<std::string, std::string> chunks;
    for (const StoredChunk& stored : writer_.library().chunks_between(id, 0, 99).value()) {
      const std::string number = std::to_string(static_cast<std::int64_t>(stored.id));
      chunks[stored.chunk.text] =
          number + " " +
          database().text("SELECT quote(vector) FROM vectors WHERE chunk_id = " + number).value();
    }
    return chunks;
  }

  TemporaryFolder folder_;
  LibraryWriter writer_ = LibraryWriter::open(path()).value();
  PutReport last_;
};

TEST_F(LibraryWriterTest, UnchangedChunksKeepTheirIdAndVectorAndOthersGetBothAnew) {
  const DocumentId phone = put("phone.md", kPhone);
  put("vacuum.md", kVacuum);
  ASSERT_TRUE(writer_.update_embeddings().ok());
  const std::map<std::string, std::string> before = chunks_of(phone);
  ASSERT_EQ(before.size(), 3u);
  put("phone.md", replaced(kPhone, "the sensor", "the display"));
  EXPECT_EQ(last_.kept_chunks, 2u);
  EXPECT_EQ(writer_.update_embeddings().value(), 1u);
  const std::map<std::string, std::string> after = chunks_of(phone);
  ASSERT_EQ(after.size(), 3u);
  for (const auto& [text, id_and_vector] : after) {
    EXPECT_NE(id_and_vector.find("X'"), std::string::npos) << text << " has no vector";
    EXPECT_EQ(before.contains(text), text.find("display") == std::string::npos) << text;
    if (before.contains(text)) {
      EXPECT_EQ(id_and_vector, before.at(text));
    }
  }
}

TEST_F(LibraryWriterTest, AChunkThatMovedKeepsItsIdAtItsNewPlace) {
  const DocumentId phone = put("phone.md", kPhone);
  const std::map<std::string, std::string> before = chunks_of(phone);
  const std::string charging = "# Charging\nConnect the cable to the phone.\n";
  put("phone.md", replaced(kPhone, charging, "") + charging);
  EXPECT_EQ(last_.kept_chunks, 3u);
  EXPECT_EQ(chunks_of(phone), before);
  const std::vector<StoredChunk> chunks = writer_.library().chunks_between(phone, 0, 99).value();
  EXPECT_EQ(chunks.back().chunk.heading_path.back(), "Charging");
  const std::string text = writer_.library().document_text(phone).value();
  const ByteSpan span = chunks.back().chunk.segments.back();
  EXPECT_NE(text.substr(span.begin, span.size()).find("the cable"), std::string::npos);
}

TEST_F(LibraryWriterTest, OfChunksWithTheSameTextOnlyAsManyStayAsAreThere) {
  const std::string section = "# Note\nKeep it dry.\n";
  const DocumentId id = put("notes.md", section + section + section);
  ASSERT_EQ(last_.chunks, 3u);
  put("notes.md", section + section);
  EXPECT_EQ(last_.kept_chunks, 2u);
  EXPECT_EQ(writer_.library().document(id)->chunk_count, 2u);
  EXPECT_EQ(database().integer("SELECT count(*) FROM chunk_terms").value(), 2);
}

TEST_F(LibraryWriterTest, PuttingTheSameAgainChangesNothing) {
  put("phone.md", kPhone);
  put("vacuum.md", kVacuum);
  ASSERT_TRUE(writer_.update_embeddings().ok());
  const std::string before = contents();
  put("phone.md", kPhone);
  EXPECT_EQ(last_.kept_chunks, last_.chunks);
  EXPECT_EQ(writer_.update_embeddings().value(), 0u);
  EXPECT_EQ(first_difference(contents(), before), "");
}

TEST_F(LibraryWriterTest, EveryFieldSetByHandSurvivesReadingAgain) {
  const DocumentId phone = put("phone.md", kPhone);
  for (const auto& [field, value] : {std::pair(InfoField::kTitle, "My phone"),
                                     {InfoField::kProduct, "P"},
                                     {InfoField::kModelNumber, "M-1"},
                                     {InfoField::kEdition, "9"},
                                     {InfoField::kLanguage, "ko"}}) {
    ASSERT_TRUE(writer_.set_info(phone, field, value).ok());
  }
  // Read anew with everything else in the file.
  put("phone.md", replaced(kPhone, "Phone manual\nproduct: Phone", "Manual\nproduct: Other"));
  const DocumentInfo info = writer_.library().document(phone)->info;
  EXPECT_EQ(info.title, "My phone");
  EXPECT_EQ(info.product, "P");
  EXPECT_EQ(info.model_number, "M-1");
  EXPECT_EQ(info.edition, "9");
  EXPECT_EQ(info.language, Language::kKorean);
  // Fields that nobody set follow the file.
  const DocumentId vacuum = put("vacuum.md", kVacuum);
  put("vacuum.md", replaced(kVacuum, "product: Vacuum", "product: Robot"));
  EXPECT_EQ(writer_.library().document(vacuum)->info.product, "Robot");
}

TEST_F(LibraryWriterTest, RemovingADocumentLeavesTheOthersAsTheyWere) {
  put("phone.md", kPhone);
  const std::string before = contents();
  const DocumentId vacuum = put("vacuum.md", kVacuum);
  ASSERT_NE(contents(), before);
  ASSERT_TRUE(writer_.remove_document(vacuum).ok());
  EXPECT_EQ(first_difference(contents(), before), "");
}

TEST_F(LibraryWriterTest, AChangeThatFailsLeavesTheGenerationAlone) {
  put("phone.md", kPhone);
  const std::int64_t before = writer_.library().generation().value();
  EXPECT_EQ(writer_.remove_document(DocumentId{99}).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(writer_.set_info(DocumentId{99}, InfoField::kEdition, "1").ok());
  EXPECT_EQ(writer_.library().generation().value(), before);
  put("phone.md", kPhone);
  EXPECT_EQ(writer_.library().generation().value(), before + 1);
}

TEST_F(LibraryWriterTest, TermsThatAreRebuiltAreTheSameAndSoAreTheVectorsFittedOnThem) {
  const DocumentId phone = put("phone.md", kPhone);
  put("vacuum.md", kVacuum);
  ASSERT_TRUE(writer_.set_info(phone, InfoField::kTitle, "My phone").ok());
  ASSERT_TRUE(writer_.refit_embeddings().ok());
  const auto all_but_fits = [&] {
    std::string text;
    for (const char* table : {"chunks", "chunk_terms", "vectors", "lsa_terms", "word_lemmas"})
      text += rows_of(database(), table);
    return text;
  };
  const std::string before = all_but_fits();
  // As a command does it: a writer that has looked no word up yet.
  { const LibraryWriter closed = std::move(writer_); }
  writer_ = LibraryWriter::open(path()).value();
  ASSERT_TRUE(writer_.rebuild_terms().ok());
  EXPECT_EQ(writer_.refit_embeddings().value(), 5u);
  EXPECT_EQ(first_difference(all_but_fits(), before), "");
}

TEST_F(LibraryWriterTest, TheEmbeddingIsFittedAnewWhenTheLibraryOutgrewIt) {
  put("phone.md", kPhone);
  put("vacuum.md", kVacuum);
  EXPECT_EQ(writer_.update_embeddings().value(), 5u);
  EXPECT_EQ(writer_.update_embeddings().value(), 0u);
  // One more of five is within what the fit serves: it alone gets a vector.
  put("lamp.md", "# Light\nTouch the lamp.\n");
  EXPECT_EQ(writer_.update_embeddings().value(), 1u);
  EXPECT_EQ(database().integer("SELECT count(*) FROM vectors").value(), 6);
  put("fridge.md", "# Ice\nFill the box with water.\n");
  EXPECT_EQ(writer_.update_embeddings().value(), 7u);
}

TEST_F(LibraryWriterTest, TheLockGoesWithItsHolderAndNotWithAnObjectItWasMovedFrom) {
  const auto code_of_second = [&] { return LibraryWriter::open(path()).error().code; };
  {
    const LibraryWriter holder = std::move(writer_);
    EXPECT_EQ(code_of_second(), ErrorCode::kLocked);
  }
  Result<LibraryWriter> next = LibraryWriter::open(path());
  ASSERT_TRUE(next.ok()) << next.error().message.english;
  writer_ = std::move(next).value();
  EXPECT_EQ(code_of_second(), ErrorCode::kLocked);
}

}  // namespace
}  // namespace saseo
