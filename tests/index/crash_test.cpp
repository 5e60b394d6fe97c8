// A failure at every write of an ingest, one after the other: whatever fails, the library is whole,
// holds every document that was reported, and is completed by the next run. tests/crash_test.sh
// shows the same of the program, with a few real kills and full disks.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/hash.h"
#include "index/analyzer.h"
#include "index/ingest_run.h"
#include "index/library_check.h"
#include "tests/failing_disk.h"
#include "tests/failing_vfs.h"
#include "tests/index/library_contents.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

// Every operation fails once, and with every one the power is lost; of the other failures, which
// show little more, every third. Sanitized programs take ten times as long: less of all.
std::uint64_t stride_of(DiskFailure failure) {
#if defined(SASEO_ADDRESS_SANITIZER) || defined(SASEO_THREAD_SANITIZER)
  constexpr std::uint64_t kShare = 7;
#else
  constexpr std::uint64_t kShare = 1;
#endif
  const bool all = failure == DiskFailure::kOnce || failure == DiskFailure::kPowerLost;
  return all ? kShare : 3 * kShare;
}

constexpr std::string_view kPhone =
    "---\ntitle: Phone manual\nproduct: Phone\n---\n# Charging\nConnect the cable to the phone.\n"
    "# Fingerprint\nPut a finger on the sensor.\n";
constexpr std::string_view kChangedPhone =
    "---\ntitle: Phone manual\nproduct: Phone\n---\n# Charging\nPut the phone on the pad.\n"
    "# Fingerprint\nPut a finger on the sensor.\n";
constexpr std::string_view kVacuum =
    "---\ntitle: Vacuum manual\nproduct: Vacuum\n---\n# Charging\nPut the robot on the dock.\n"
    "# Cleaning\nEmpty the box and wash the filter of the vacuum.\n";
constexpr std::string_view kKorean = "# 충전\n케이블을 연결합니다.\n";
constexpr std::string_view kFridge = "# Ice\nFill the box with water.\n# Door\nClose the door.\n";
constexpr std::string_view kLamp = "# Light\nTouch the lamp to dim the light.\n";

// Path -> hash of the content that an ingest reported as being in the library.
using Reported = std::map<std::string, std::string>;

class CrashTest : public ::testing::TestWithParam<DiskFailure> {
 protected:
  // Work on a library, as one command does it. Done again, it completes what is not done yet.
  using Work = std::function<Status(Reported& reported)>;

  static void SetUpTestSuite() {
    put_sqlite_on_failing_disk();
    Analyzer::preload();
  }

  std::filesystem::path library() const { return folder_ / "library"; }
  std::filesystem::path write(const std::filesystem::path& name, std::string_view text) const {
    return folder_.write("manuals" / name, text);
  }

  // A file that could not be ingested fails the work.
  static Status ingest(LibraryWriter& writer, const std::vector<std::filesystem::path>& files,
                       Reported& reported) {
    IngestObserver observer;
    observer.on_file = [&](const FileReport& file) {
      if (file.outcome == FileOutcome::kAdded || file.outcome == FileOutcome::kUpdated)
        reported[file.path.string()] = content_hash_of_file(file.path).value();
    };
    SASEO_ASSIGN_OR_RETURN(const IngestReport report,
                           ingest_files(writer, files, {}, observer, {}));
    if (report.failed > 0) return Error{ErrorCode::kIo, untranslated("a file failed")};
    return {};
  }
  Status ingest(const std::vector<std::filesystem::path>& files, Reported& reported) const {
    SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library()));
    return ingest(writer, files, reported);
  }

  void expect_every_failure_is_survived(const Work& work);

 private:
  // What the library holds; nothing when there is none.
  struct Contents {
    bool is_library = false;
    std::map<std::string, std::string> documents;  // By path.
    Reported hashes;
  };
  Contents contents() const {
    const Result<Library> opened = Library::open(library());
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().code, ErrorCode::kNotFound) << opened.error().message.english;
      return {};
    }
    Contents contents{true, {}, {}};
    const std::vector<StoredDocument> stored = opened->documents().value();
    for (const StoredDocument& document : stored)
      contents.hashes[document.path.string()] = document.content_hash;
    contents.documents = documents_of(opened->database(), stored);
    return contents;
  }
  std::string all_contents() const { return contents_of(Library::open(library())->database()); }
  void reset() const {
    std::filesystem::remove_all(library());
    if (std::filesystem::exists(before_))
      std::filesystem::copy(before_, library(), std::filesystem::copy_options::recursive);
  }
  void expect_whole(const Reported& reported);

  TemporaryFolder folder_;
  std::filesystem::path before_ = folder_ / "before";
  Contents at_first_, at_last_;
};

// After a failure: nothing is damaged, nothing that was there or reported is gone, and each
// document is wholly the old or wholly the new one.
void CrashTest::expect_whole(const Reported& reported) {
  const Contents now = contents();
  if (!now.is_library) {
    EXPECT_TRUE(reported.empty() && !at_first_.is_library);
    return;
  }
  const CheckReport report = verify_library(library()).value();
  for (const Check& check : report.checks)
    EXPECT_EQ(check.fault_count, 0u) << check.name << ": " << check.faults.front().message.english;
  for (const auto& [path, hash] : reported) {
    ASSERT_TRUE(now.hashes.contains(path)) << path << " was reported and is gone";
    EXPECT_EQ(now.hashes.at(path), hash) << path;
  }
  for (const auto& [path, text] : at_first_.documents) {
    if (at_last_.documents.contains(path)) {
      EXPECT_TRUE(now.documents.contains(path)) << path;
    }
  }
  for (const auto& [path, text] : now.documents) {
    const auto is_whole_in = [&, path = path, text = text](const Contents& contents) {
      const auto document = contents.documents.find(path);
      return document != contents.documents.end() && document->second == text;
    };
    EXPECT_TRUE(is_whole_in(at_first_) || is_whole_in(at_last_)) << path << " is in by halves";
  }
}

void CrashTest::expect_every_failure_is_survived(const Work& work) {
  if (std::filesystem::exists(library())) std::filesystem::rename(library(), before_);
  reset();
  at_first_ = contents();
  {
    Reported reported;
    const Status done = work(reported);
    ASSERT_TRUE(done.ok()) << done.error().message.english;
    at_last_ = contents();
  }
  const std::string expected = all_contents();
  bool failed = true;
  std::uint64_t failures = 0;
  for (std::uint64_t operation = 1; failed; operation += stride_of(GetParam())) {
    SCOPED_TRACE("operation " + std::to_string(operation) + " fails");
    reset();
    Reported reported;
    Status done;
    {
      FailingDisk disk(GetParam(), operation);
      done = work(reported);
      failed = disk.failed();
    }
    failures += failed;
    ASSERT_TRUE(failed || done.ok()) << done.error().message.english;
    if (!done.ok() && GetParam() == DiskFailure::kFull) {
      EXPECT_EQ(done.error().code, ErrorCode::kDiskFull) << done.error().message.english;
    }
    const FailingDisk healthy(DiskFailure::kOnce, 0);  // Without waiting for the real disk.
    expect_whole(reported);
    // What is told as done is done.
    if (done.ok()) {
      EXPECT_EQ(first_difference(all_contents(), expected), "");
    }
    done = work(reported);
    ASSERT_TRUE(done.ok()) << "the next run: " << done.error().message.english;
    EXPECT_EQ(first_difference(all_contents(), expected), "");
    if (HasFailure()) return;  // One is enough to look at.
  }
  RecordProperty("failures", std::to_string(failures));
  EXPECT_GT(failures, 50 / stride_of(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(, CrashTest,
                         ::testing::Values(DiskFailure::kOnce, DiskFailure::kFull,
                                           DiskFailure::kGone, DiskFailure::kPowerLost,
                                           DiskFailure::kPowerLostInTheMiddle),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST_P(CrashTest, AFirstIngestIsCompletedWhateverWriteFailed) {
  const std::vector files = {write("phone.md", kPhone), write("vacuum.md", kVacuum),
                             write("korean.md", kKorean)};
  expect_every_failure_is_survived([&](Reported& reported) { return ingest(files, reported); });
}

TEST_P(CrashTest, AChangeOfAFilledLibraryIsCompletedWhateverWriteFailed) {
  std::vector files = {write("phone.md", kPhone), write("vacuum.md", kVacuum),
                       write("korean.md", kKorean), write("fridge.md", kFridge)};
  Reported at_first;
  ASSERT_TRUE(ingest(files, at_first).ok());
  files = {write("phone.md", kChangedPhone), files[1], files[2], write("lamp.md", kLamp)};
  expect_every_failure_is_survived([&](Reported& reported) -> Status {
    SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library()));
    SASEO_RETURN_IF_ERROR(ingest(writer, files, reported));
    SASEO_RETURN_IF_ERROR(writer.set_info(writer.library().find_document("vacuum.md").value(),
                                          InfoField::kTitle, "The robot"));
    if (const Result<DocumentId> fridge = writer.library().find_document("fridge.md"); fridge.ok())
      SASEO_RETURN_IF_ERROR(writer.remove_document(*fridge));
    return writer.write_caches();
  });
}

}  // namespace
}  // namespace saseo
