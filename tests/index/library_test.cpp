#include "index/library.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "index/caches.h"
#include "index/sqlite.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr std::string_view kPhone = R"(---
title: 시험폰 사용 설명서
product: 시험폰
---
# 충전
## 무선 충전
1. 충전 패드를 놓습니다.
2. 본체를 패드 가운데에 올립니다.
## 유선 충전
USB-C 케이블을 연결합니다.
# 지문 인식
손가락을 센서에 올립니다.
)";

class LibraryTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path() const { return folder_.path() / "library"; }
  LibraryWriter open_writer() {
    Result<LibraryWriter> writer = LibraryWriter::open(path());
    EXPECT_TRUE(writer.ok()) << (writer.ok() ? "" : writer.error().message.english);
    return std::move(writer).value();
  }
};

TEST_F(LibraryTest, WhatWasPutIsReadBack) {
  LibraryWriter writer = open_writer();
  const Result<PutReport> put = put_markdown(writer, "/m/phone.md", kPhone);
  ASSERT_TRUE(put.ok()) << put.error().message.english;
  const Result<Library> library = Library::open(path());
  ASSERT_TRUE(library.ok());
  const StoredDocument document = library->document(put->id).value();
  EXPECT_EQ(document.info.product, "시험폰");
  EXPECT_EQ(document.chunk_count, put->chunks);
  const std::string text = library->document_text(put->id).value();
  for (const StoredChunk& chunk : library->chunks_between(put->id, 0, 99).value()) {
    for (const ByteSpan& segment : chunk.chunk.segments) ASSERT_LE(segment.end, text.size());
    EXPECT_FALSE(chunk.chunk.heading_path.empty());
  }
}

TEST_F(LibraryTest, WarningsAreKeptInBothLanguages) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/bad.md", "# 제목\n\n\xFF\xFE 글\n")->id;
  const std::vector<ReadWarning> warnings = Library::open(path())->document(id)->warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].code, "bad-bytes");
  EXPECT_NE(warnings[0].message.english.find("some bytes fit no charset"), std::string::npos);
  EXPECT_NE(warnings[0].message.korean.find("문자 집합"), std::string::npos);
}

TEST_F(LibraryTest, BlocksComeWithTheirText) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/phone.md", kPhone)->id;
  const std::string text = writer.library().document_text(id).value();
  int steps = 0;
  for (const auto& stored : writer.library().blocks_in(id, {0, text.size()}).value()) {
    EXPECT_EQ(stored.text, text.substr(stored.block.span.begin, stored.block.span.size()));
    steps += stored.block.kind == BlockKind::kStep;
  }
  EXPECT_EQ(steps, 2);
}

TEST_F(LibraryTest, AChangedFileKeepsTheRowsOfUnchangedChunks) {
  LibraryWriter writer = open_writer();
  const PutReport first = put_markdown(writer, "/m/phone.md", kPhone).value();
  const std::vector<StoredChunk> before = writer.library().chunks_between(first.id, 0, 99).value();
  std::string changed(kPhone);
  changed.replace(changed.find("USB-C 케이블을"), std::string("USB-C 케이블을").size(),
                  "동봉된 케이블을");
  const PutReport second = put_markdown(writer, "/m/phone.md", changed).value();
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.kept_chunks, second.chunks - 1);
  const std::vector<StoredChunk> after = writer.library().chunks_between(first.id, 0, 99).value();
  ASSERT_EQ(after.size(), before.size());
  int same = 0;
  for (std::size_t i = 0; i < after.size(); ++i) same += after[i].id == before[i].id;
  EXPECT_EQ(same, static_cast<int>(before.size()) - 1);
}

TEST_F(LibraryTest, AChangedTitleIndexesEveryChunkAnew) {
  LibraryWriter writer = open_writer();
  ASSERT_TRUE(put_markdown(writer, "/m/phone.md", kPhone).ok());
  std::string changed(kPhone);
  changed.replace(changed.find("시험폰 사용"), std::string("시험폰 사용").size(), "견본폰 사용");
  EXPECT_EQ(put_markdown(writer, "/m/phone.md", changed)->kept_chunks, 0u);
}

TEST_F(LibraryTest, ACorrectedFieldSurvivesReadingAgain) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/phone.md", kPhone)->id;
  ASSERT_TRUE(writer.set_info(id, InfoField::kProduct, "고친폰").ok());
  std::string changed(kPhone);
  changed += "\n끝.\n";
  ASSERT_TRUE(put_markdown(writer, "/m/phone.md", changed).ok());
  EXPECT_EQ(writer.library().document(id)->info.product, "고친폰");
}

TEST_F(LibraryTest, RemovingADocumentLeavesNothingOfIt) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/phone.md", kPhone)->id;
  ASSERT_TRUE(writer.update_embeddings().ok());
  ASSERT_TRUE(writer.remove_document(id).ok());
  for (const char* table :
       {"documents", "pages", "blocks", "chunks", "chunk_terms", "vectors", "warnings"}) {
    EXPECT_EQ(
        writer.library().database().integer("SELECT count(*) FROM " + std::string(table)).value(),
        0)
        << table;
  }
  EXPECT_EQ(writer.remove_document(id).error().code, ErrorCode::kNotFound);
}

TEST_F(LibraryTest, ASecondWriterIsToldWhoHoldsTheLibrary) {
  const LibraryWriter writer = open_writer();
  const Result<LibraryWriter> second = LibraryWriter::open(path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
  EXPECT_NE(second.error().message.english.find(std::to_string(::getpid())), std::string::npos);
}

TEST_F(LibraryTest, ReadersGoOnWhileAWriterIsInATransaction) {
  LibraryWriter writer = open_writer();
  ASSERT_TRUE(put_markdown(writer, "/m/phone.md", kPhone).ok());
  const Result<Transaction> transaction = Transaction::begin(writer.library().database());
  const Result<Library> reader = Library::open(path());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->documents()->size(), 1u);
}

TEST_F(LibraryTest, ALibraryOfANewerFormatIsLeftAlone) {
  { const LibraryWriter writer = open_writer(); }
  {
    const Result<Database> database = Database::open(database_file(path()), Database::Mode::kWrite);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 99").ok());
  }
  EXPECT_EQ(Library::open(path()).error().code, ErrorCode::kTooNew);
  EXPECT_EQ(LibraryWriter::open(path()).error().code, ErrorCode::kTooNew);
}

TEST_F(LibraryTest, AnotherProgramsDatabaseIsNotTakenOver) {
  std::filesystem::create_directories(path());
  {
    const Result<Database> database = Database::open(database_file(path()), Database::Mode::kWrite);
    ASSERT_TRUE(database->execute("CREATE TABLE mine(x); PRAGMA user_version = 0").ok());
  }
  EXPECT_EQ(LibraryWriter::open(path()).error().code, ErrorCode::kDamaged);
}

TEST_F(LibraryTest, AnotherProgramsDatabaseOfOurVersionIsNotTakenOver) {
  { const LibraryWriter writer = open_writer(); }
  {
    const Result<Database> database = Database::open(database_file(path()), Database::Mode::kWrite);
    ASSERT_TRUE(database->execute("PRAGMA application_id = 1").ok());
  }
  EXPECT_EQ(Library::open(path()).error().code, ErrorCode::kDamaged);
  EXPECT_EQ(LibraryWriter::open(path()).error().code, ErrorCode::kDamaged);
}

TEST_F(LibraryTest, ALibraryThatWasOnlyBegunIsEmptyToReadersAndGoesOnWhenWritten) {
  std::filesystem::create_directories(path());
  { ASSERT_TRUE(Database::open(database_file(path()), Database::Mode::kWrite).ok()); }
  EXPECT_EQ(Library::open(path()).error().code, ErrorCode::kNotFound);
  LibraryWriter writer = open_writer();
  EXPECT_TRUE(put_markdown(writer, "/m/phone.md", kPhone).ok());
}

TEST_F(LibraryTest, EveryFieldOfADocumentCanBeCorrected) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/phone.md", kPhone)->id;
  ASSERT_TRUE(writer.set_info(id, InfoField::kTitle, "고친 제목").ok());
  ASSERT_TRUE(writer.set_info(id, InfoField::kModelNumber, "TP-1").ok());
  ASSERT_TRUE(writer.set_info(id, InfoField::kEdition, "제9판").ok());
  ASSERT_TRUE(writer.set_info(id, InfoField::kLanguage, "en").ok());
  const DocumentInfo info = writer.library().document(id)->info;
  EXPECT_EQ(info.title, "고친 제목");
  EXPECT_EQ(info.model_number, "TP-1");
  EXPECT_EQ(info.edition, "제9판");
  EXPECT_EQ(info.language, Language::kEnglish);
  EXPECT_EQ(info.product, "시험폰");
  // The title is searched with every chunk.
  const Database& database = writer.library().database();
  EXPECT_EQ(database.integer("SELECT count(*) FROM chunk_terms WHERE heading_bigrams LIKE '%고친%'")
                .value(),
            database.integer("SELECT count(*) FROM chunks").value());
  EXPECT_EQ(writer.set_info(DocumentId{99}, InfoField::kTitle, "x").error().code,
            ErrorCode::kNotFound);
}

TEST_F(LibraryTest, AWriterInTheMiddleOfATransactionIsToldApartFromDamage) {
  { const LibraryWriter writer = open_writer(); }
  const Result<Database> holder = Database::open(database_file(path()), Database::Mode::kWrite);
  const Result<Transaction> transaction = Transaction::begin(*holder);
  const Result<Database> other = Database::open(database_file(path()), Database::Mode::kWrite);
  ASSERT_TRUE(other->execute("PRAGMA busy_timeout = 0").ok());
  EXPECT_EQ(other->execute("BEGIN IMMEDIATE").error().code, ErrorCode::kLocked);
  EXPECT_EQ(other->execute("SELECT no_such_function()").error().code, ErrorCode::kDamaged);
}

TEST_F(LibraryTest, AFolderThatCannotBeMadeIsTold) {
  std::ofstream(folder_ / "file") << "no folder";
  EXPECT_EQ(LibraryWriter::open(folder_ / "file").error().code, ErrorCode::kIo);
  std::filesystem::create_directories(database_file(folder_ / "other"));  // In the file's place.
  EXPECT_EQ(LibraryWriter::open(folder_ / "other").error().code, ErrorCode::kIo);
}

TEST_F(LibraryTest, ADamagedFileGivesAClearError) {
  { const LibraryWriter writer = open_writer(); }
  std::ofstream(database_file(path()), std::ios::trunc)
      << "this is not a database, but it is long enough to be read";
  const Result<Library> library = Library::open(path());
  ASSERT_FALSE(library.ok());
  EXPECT_EQ(library.error().code, ErrorCode::kDamaged);
}

TEST_F(LibraryTest, AMissingLibraryIsNotFound) {
  EXPECT_EQ(Library::open(path()).error().code, ErrorCode::kNotFound);
}

TEST_F(LibraryTest, DocumentsAreFoundByNumberNameOrProduct) {
  LibraryWriter writer = open_writer();
  const DocumentId id = put_markdown(writer, "/m/phone.md", kPhone)->id;
  for (const std::string& name :
       {std::to_string(static_cast<std::int64_t>(id)), std::string("phone.md"),
        std::string("phone"), std::string("시험폰"), std::string("시험폰 사용 설명서")}) {
    const Result<DocumentId> found = writer.library().find_document(name);
    ASSERT_TRUE(found.ok()) << name;
    EXPECT_EQ(*found, id);
  }
  EXPECT_EQ(writer.library().find_document("없는 것").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(put_markdown(writer, "/n/phone.md", kPhone).ok());
  EXPECT_EQ(writer.library().find_document("phone.md").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace saseo
