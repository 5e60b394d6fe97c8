#include "index/library_check.h"

#include <gtest/gtest.h>

#include <fstream>

#include "index/library_writer.h"
#include "index/sqlite.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

class LibraryCheckTest : public ::testing::Test {
 protected:
  LibraryCheckTest() {
    LibraryWriter writer = LibraryWriter::open(path()).value();
    for (int i = 0; i < 8; ++i) {
      const std::string number = std::to_string(i);
      const std::string markdown =
          "# 충전 " + number + "\n\n배터리를 " + number +
          (i % 2 == 0 ? "번 무선 패드에 올리세요.\n" : "번 케이블로 이으세요.\n") + "\n# 보증 " +
          number + "\n\n보증 기간은 2년입니다.\n";
      EXPECT_TRUE(put_markdown(writer, "/m/" + number + ".md", markdown).ok());
    }
    EXPECT_TRUE(writer.update_embeddings().ok());
    EXPECT_TRUE(writer.write_caches().ok());
  }
  std::filesystem::path path() const { return folder_.path() / "library"; }
  void change(const std::string& sql) {
    const Database database = Database::open(database_file(path()), Database::Mode::kWrite).value();
    ASSERT_TRUE(database.execute("PRAGMA foreign_keys = OFF").ok());
    const Status changed = database.execute(sql);
    ASSERT_TRUE(changed.ok()) << changed.error().message.english;
  }
  // Adds a document of two pages with a line of text on each, where a reader puts it.
  void put_paged() {
    Document document;
    document.kind = DocumentKind::kPdf;
    document.text = "첫 줄\n둘째 줄\n";
    const std::size_t first = document.text.find('\n'), second = document.text.size() - 1;
    for (const auto& [page, span] : {std::pair(1, ByteSpan{0, first}), {2, {first + 1, second}}}) {
      document.pages.push_back({page, std::to_string(page), 595, 842, 4});
      document.lines.push_back({span, {page, 72, 100, 40, 12}});
      Block block;
      block.span = span;
      block.first_page = block.last_page = page;
      document.blocks.push_back(block);
    }
    LibraryWriter writer = LibraryWriter::open(path()).value();
    ASSERT_TRUE(
        writer.put_document({"/m/paged.pdf", "h", "s", 9}, document, make_chunks(document)).ok());
    ASSERT_TRUE(writer.update_embeddings().ok());
    ASSERT_TRUE(writer.write_caches().ok());
  }
  // Exactly the named check finds a fault.
  void expect_fault_in(std::string_view name) {
    const Result<CheckReport> report = verify_library(path());
    ASSERT_TRUE(report.ok()) << report.error().message.english;
    EXPECT_FALSE(report->healthy());
    for (const Check& check : report->checks) {
      EXPECT_EQ(check.fault_count > 0, check.name == name)
          << check.name
          << (check.faults.empty() ? "" : ": " + check.faults.front().message.english);
    }
  }
  TemporaryFolder folder_;
};

TEST_F(LibraryCheckTest, AFreshLibraryIsWholeAndEveryCheckLooksAtSomething) {
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  for (const char* name :
       {"sqlite", "foreign-keys", "terms", "documents", "blocks", "chunks", "vectors", "caches"}) {
    ASSERT_NE(report.find(name), nullptr) << name;
    EXPECT_GT(report.find(name)->checked, 0u) << name;
    EXPECT_TRUE(report.find(name)->notes.empty())
        << report.find(name)->notes.front().message.english;
  }
}

TEST_F(LibraryCheckTest, FindsAChunkThatIsNotWhatWasStored) {
  change("UPDATE chunks SET heading_path = '[\"다른 제목\"]' WHERE id = 1");
  expect_fault_in("chunks");
}

TEST_F(LibraryCheckTest, FindsSegmentsOutsideTheText) {
  change("UPDATE chunks SET segments = x'00000000000000000000010000000000' WHERE id = 1");
  expect_fault_in("chunks");
}

TEST_F(LibraryCheckTest, FindsSegmentsThatSplitACharacter) {
  change("UPDATE chunks SET segments = x'00000000000000000100000000000000' WHERE id = 1");
  expect_fault_in("chunks");
}

TEST_F(LibraryCheckTest, FindsAGapInTheOrderOfChunks) {
  change("UPDATE chunks SET ordinal = 7 WHERE id = 2");
  expect_fault_in("chunks");
}

TEST_F(LibraryCheckTest, FindsAPageThatTheDocumentLacks) {
  change("UPDATE chunks SET first_page = 3, last_page = 3 WHERE id = 2");
  expect_fault_in("chunks");
}

TEST_F(LibraryCheckTest, FindsATextOfAnotherLength) {
  change("UPDATE documents SET characters = characters + 1 WHERE id = 1");
  expect_fault_in("documents");
}

TEST_F(LibraryCheckTest, FindsPagesThatAreMissing) {
  change("UPDATE documents SET page_count = 2 WHERE id = 1");
  const CheckReport report = verify_library(path()).value();
  EXPECT_GT(report.find("documents")->fault_count, 0u);
}

TEST_F(LibraryCheckTest, FindsLinesThatCannotBeReadOrLieOutsideTextOrPage) {
  put_paged();
  ASSERT_TRUE(verify_library(path())->healthy());
  EXPECT_EQ(verify_library(path())->find("lines")->checked, 2u);
  const auto with_lines = [&](const std::string& lines) {
    change("UPDATE pages SET lines = " + lines + " WHERE number = 2");
    expect_fault_in("lines");
  };
  const std::string box = "0000000000000000000000000000803F";  // 0, 0, 0, 1
  with_lines("x'00'");
  with_lines("x'0000000000000000FF00000000000000" + box + "'");
  with_lines("x'00000000000000000100000000000000" + box + "'");  // Within a character.
  with_lines("x'000000000000000000000000000000000000000000000000000000000000C0FF'");  // NaN.
  with_lines("x'000000000000000000000000000000000000000000000000000000000000803F00'");
}

TEST_F(LibraryCheckTest, FindsPagesAndBlocksThatAreOutOfPlace) {
  put_paged();
  change("UPDATE pages SET number = 3 WHERE number = 2");
  expect_fault_in("documents");
  change("UPDATE pages SET number = 2 WHERE number = 3");
  change("UPDATE blocks SET last_page = 3 WHERE first_page = 2");
  expect_fault_in("blocks");
  change("UPDATE blocks SET last_page = 2, parent = 7 WHERE first_page = 2");
  expect_fault_in("blocks");
  change("UPDATE blocks SET parent = -1, kind = 99 WHERE first_page = 2");
  expect_fault_in("blocks");
}

TEST_F(LibraryCheckTest, FindsATextThatIsNotUtf8) {
  change("UPDATE documents SET text = CAST(x'FF' || text AS TEXT) WHERE id = 1");
  const CheckReport report = verify_library(path()).value();
  EXPECT_GT(report.find("documents")->fault_count, 0u);
}

TEST_F(LibraryCheckTest, FindsTermsOfTheEmbeddingOfAnotherSize) {
  change(
      "UPDATE lsa_terms SET vector = zeroblob(3) WHERE term = (SELECT min(term) FROM lsa_terms)");
  expect_fault_in("vectors");
}

TEST_F(LibraryCheckTest, StemsOfAnotherDictionaryAreANote) {
  change("UPDATE chunk_terms SET stems = 'otherwise' WHERE rowid = 1");
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("terms")->notes.size(), 1u);
}

TEST_F(LibraryCheckTest, WithoutAnEmbeddingOrCachesOnlyNotesAreGiven) {
  change("DELETE FROM vectors; DELETE FROM lsa_terms; DELETE FROM embedders");
  std::filesystem::remove_all(cache_folder(path()));
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("vectors")->notes.size(), 1u);
  EXPECT_EQ(report.find("caches")->notes.size(), 1u);
}

TEST_F(LibraryCheckTest, AQuickCheckFindsPagesOfTheFileThatAreOverwritten) {
  ASSERT_TRUE(quick_check(Library::open(path()).value()).ok());
  // The first page stays, or there would be no library to open.
  std::string bytes = read_file(database_file(path())).value();
  for (std::size_t i = 4096 * 2; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  const std::filesystem::path copy = folder_.path() / "copy";
  std::filesystem::create_directories(copy);
  ASSERT_TRUE(write_file_atomically(database_file(copy), bytes).ok());
  const Result<Library> library = Library::open(copy);
  ASSERT_TRUE(library.ok()) << library.error().message.english;
  const Status checked = quick_check(*library);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::kDamaged);
}

TEST_F(LibraryCheckTest, FindsABlockOutsideTheText) {
  change("UPDATE blocks SET span_end = 100000 WHERE document_id = 2 AND ordinal = 1");
  expect_fault_in("blocks");
}

TEST_F(LibraryCheckTest, FindsTermsThatAreMissingLeftOverOrOther) {
  change("DELETE FROM chunk_terms WHERE rowid = 1");
  expect_fault_in("terms");
  ASSERT_TRUE(rebuild_library(path()).ok());
  change("INSERT INTO chunk_terms VALUES(900, 'x', '', '', '')");
  expect_fault_in("foreign-keys");
  ASSERT_TRUE(rebuild_library(path()).ok());
  change("UPDATE chunk_terms SET bigrams = '무선' WHERE rowid = 1");
  expect_fault_in("terms");
}

TEST_F(LibraryCheckTest, FindsARowWhoseOwnerIsGone) {
  change("INSERT INTO warnings VALUES(99, 0, 'x', 'x', 'x')");
  expect_fault_in("foreign-keys");
}

TEST_F(LibraryCheckTest, FindsVectorsOfAnotherSizeOrLength) {
  change("UPDATE vectors SET vector = zeroblob(4) WHERE chunk_id = 1");
  expect_fault_in("vectors");
  ASSERT_TRUE(rebuild_library(path()).ok());
  change("UPDATE vectors SET vector = x'0000A040' || substr(vector, 5) WHERE chunk_id = 1");
  expect_fault_in("vectors");
}

TEST_F(LibraryCheckTest, AMissingVectorIsANoteAsTheNextIngestWritesIt) {
  change("DELETE FROM vectors WHERE chunk_id = 1");
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("vectors")->notes.size(), 1u);
}

TEST_F(LibraryCheckTest, ADamagedOrStaleCacheIsANote) {
  for (const auto& entry : std::filesystem::directory_iterator(cache_folder(path())))
    std::ofstream(entry.path(), std::ios::binary) << "damaged";
  CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("caches")->notes.size(), 2u);
  change("UPDATE meta SET value = value + 1 WHERE key = 'generation'");
  change("UPDATE embedders SET generation = generation + 1");
  report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_EQ(report.find("caches")->notes.size(), 2u);
}

TEST_F(LibraryCheckTest, RebuildGivesTheSameLibraryAndFreshCaches) {
  std::filesystem::remove_all(cache_folder(path()));
  const RebuildReport rebuilt = rebuild_library(path()).value();
  EXPECT_EQ(rebuilt.chunks, 16u);
  EXPECT_EQ(rebuilt.vectors, 16u);
  const CheckReport report = verify_library(path()).value();
  EXPECT_TRUE(report.healthy());
  EXPECT_TRUE(report.find("caches")->notes.empty());
}

TEST_F(LibraryCheckTest, RebuildWaitsForNoOtherWriterAndMakesNoLibrary) {
  const Result<LibraryWriter> holder = LibraryWriter::open(path());
  ASSERT_TRUE(holder.ok());
  EXPECT_EQ(rebuild_library(path()).error().code, ErrorCode::kLocked);
  EXPECT_EQ(rebuild_library(folder_.path() / "none").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "none"));
}

TEST_F(LibraryCheckTest, ADatabaseThatIsDamagedIsAnErrorOrAFaultAndNeverACrash) {
  const std::string whole = read_file(database_file(path())).value();
  for (std::size_t at = 100; at < whole.size(); at += whole.size() / 23) {
    std::string bytes = whole;
    for (std::size_t i = at; i < std::min(at + 300, bytes.size()); ++i)
      bytes[i] = static_cast<char>(bytes[i] ^ 0x5A);
    const std::filesystem::path copy = folder_.path() / "copy";
    std::filesystem::remove_all(copy);
    std::filesystem::create_directories(copy);
    ASSERT_TRUE(write_file_atomically(database_file(copy), bytes).ok());
    const Result<CheckReport> report = verify_library(copy);
    if (report.ok()) continue;
    EXPECT_EQ(report.error().code, ErrorCode::kDamaged) << at << report.error().message.english;
  }
}

}  // namespace
}  // namespace saseo
