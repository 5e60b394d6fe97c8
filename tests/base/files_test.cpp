#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <set>
#include <string>
#include <utility>

#include "tests/failing_disk.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// The rights of a file, as chmod takes them; -1 when there is none.
int rights_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 0777) : -1;
}

// So that one piece may be there without the other.
Status write_in_two_pieces(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  SASEO_RETURN_IF_ERROR(file.append(bytes_of("what is ")));
  SASEO_RETURN_IF_ERROR(file.append(bytes_of("new")));
  return file.commit();
}

class FilesTest : public ::testing::Test {
 protected:
  std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      names.insert(entry.path().filename().string());
    return names;
  }
  std::string content() const { return read_file(path_).value(); }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "file";
};

TEST_F(FilesTest, AFileIsReadWholeAndAnEmptyOneIsEmpty) {
  const std::string bytes = std::string(100'000, 'x') + '\0' + "끝";
  ASSERT_TRUE(write_file_atomically(path_, bytes).ok());
  EXPECT_EQ(content(), bytes);
  ASSERT_TRUE(write_file_atomically(path_, "").ok());
  EXPECT_EQ(content(), "");
}

TEST_F(FilesTest, AFileLargerThanTheLimitIsRefusedNamingBothSizes) {
  folder_.write("file", "12345");
  EXPECT_TRUE(read_file(path_, 5).ok());
  const Result<std::string> read = read_file(path_, 4);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kLimit);
  for (const char* part : {"file", "5", "4"})
    EXPECT_NE(read.error().message.english.find(part), std::string::npos)
        << read.error().message.english;
}

TEST_F(FilesTest, WhatIsNoRegularFileIsRefusedWithoutWaiting) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  for (const std::filesystem::path& path : {folder_ / "fifo", folder_.path()}) {
    EXPECT_EQ(read_file(path).error().code, ErrorCode::kBadInput);
    EXPECT_EQ(MappedFile::open(path).error().code, ErrorCode::kBadInput);
  }
  EXPECT_EQ(read_file(folder_ / "none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(MappedFile::open(folder_ / "none").error().code, ErrorCode::kNotFound);
}

TEST_F(FilesTest, AnErrorNamesTheFileAndWhyItHappened) {
  const auto expect_error = [](int number, ErrorCode code, std::string_view words) {
    const Error error = io_error("/a/file", number);
    EXPECT_EQ(error.code, code);
    EXPECT_NE(error.message.english.find("/a/file"), std::string::npos) << error.message.english;
    EXPECT_NE(error.message.english.find(words), std::string::npos) << error.message.english;
  };
  expect_error(ENOENT, ErrorCode::kNotFound, "there is no such file or folder");
  expect_error(EACCES, ErrorCode::kIo, "no permission");
  expect_error(EPERM, ErrorCode::kIo, "no permission");
  expect_error(ENOSPC, ErrorCode::kDiskFull, "the disk is full");
  expect_error(EDQUOT, ErrorCode::kDiskFull, "the disk is full");
  expect_error(EIO, ErrorCode::kIo, "Input/output error");
}

// Whatever fails, and even when the power is lost then: the old content or the new, nothing else
// beside it, and what was told as done is done.
TEST_F(FilesTest, AFileIsTheOldOrTheNewOneWhateverOperationFails) {
  for (const DiskFailure failure : {DiskFailure::kOnce, DiskFailure::kFull, DiskFailure::kGone,
                                    DiskFailure::kPowerLost, DiskFailure::kPowerLostInTheMiddle}) {
    for (const bool replaces : {false, true}) {
      bool failed = true;
      std::uint64_t operation = 1;
      for (; failed; ++operation) {
        SCOPED_TRACE(std::string(name_of(failure)) + ", operation " + std::to_string(operation));
        std::filesystem::remove(path_);
        if (replaces) folder_.write("file", "the old");
        Status written;
        {
          FailingDisk disk(failure, operation);
          written = write_in_two_pieces(path_);
          failed = disk.failed();
        }
        EXPECT_EQ(written.ok(), !failed);
        const Result<std::string> found = read_file(path_);
        if (written.ok()) {
          EXPECT_EQ(found.value(), "what is new");
        } else {
          EXPECT_EQ(found.ok(), replaces);
          EXPECT_EQ(found.ok() ? *found : "the old", "the old");
          EXPECT_EQ(written.error().code,
                    failure == DiskFailure::kFull ? ErrorCode::kDiskFull : ErrorCode::kIo);
          EXPECT_NE(written.error().message.english.find(path_.string()), std::string::npos);
        }
        // A disk that is gone, or a killed process, cannot clean up; the others do.
        if (failure == DiskFailure::kOnce || failure == DiskFailure::kFull) {
          EXPECT_EQ(names().size(), found.ok() ? 1u : 0u);
        }
        for (const std::string& name : names()) std::filesystem::remove(folder_ / name);
      }
      EXPECT_EQ(operation, failure == DiskFailure::kFull ? 5u : 7u);  // The last fails nothing.
    }
  }
}

TEST_F(FilesTest, APowerFailureRightAfterACommitLeavesTheNewFile) {
  folder_.write("file", "the old");
  {
    const FailingDisk disk(DiskFailure::kPowerLost, 1000);
    ASSERT_TRUE(write_file_atomically(path_, "what is new").ok());
  }
  EXPECT_EQ(content(), "what is new");
}

TEST_F(FilesTest, AFileThatMayNotGrowAnyFurtherLeavesTheOldOne) {
  folder_.write("file", "the old");
  // A limit of the process instead of a hook: the system's own refusal.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit = {1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status written = write_file_atomically(path_, std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_NE(written.error().message.english.find("File too large"), std::string::npos);
  EXPECT_EQ(content(), "the old");
  EXPECT_EQ(names(), std::set<std::string>{"file"});
}

TEST_F(FilesTest, WithoutCommitNothingStays) {
  folder_.write("file", "the old");
  {
    AtomicFile file = AtomicFile::create(path_).value();
    ASSERT_TRUE(file.append(bytes_of("what is new")).ok());
    EXPECT_EQ(names().size(), 2u);
  }
  EXPECT_EQ(names(), std::set<std::string>{"file"});
  EXPECT_EQ(content(), "the old");
}

TEST_F(FilesTest, AFileIsWrittenThroughTheObjectItWasMovedTo) {
  AtomicFile first = AtomicFile::create(path_).value();
  ASSERT_TRUE(first.append(bytes_of("one ")).ok());
  AtomicFile second = std::move(first);
  ASSERT_TRUE(second.append(bytes_of("two ")).ok());
  {
    AtomicFile third = AtomicFile::create(folder_ / "other").value();
    third = std::move(second);
    ASSERT_TRUE(third.append(bytes_of("three")).ok());
    ASSERT_TRUE(third.commit(false).ok());
  }
  EXPECT_EQ(content(), "one two three");
  // "other" was given up for the moved one.
  { const AtomicFile last = std::move(second); }
  EXPECT_EQ(names(), std::set<std::string>{"file"});
}

TEST_F(FilesTest, AMovedFromFileRefusesToBeWritten) {
  AtomicFile first = AtomicFile::create(path_).value();
  { const AtomicFile second = std::move(first); }
  EXPECT_FALSE(first.append(bytes_of("x")).ok());  // NOLINT(bugprone-use-after-move)
  EXPECT_FALSE(first.commit().ok());
  EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(FilesTest, AFileIsCommittedOnce) {
  AtomicFile file = AtomicFile::create(path_).value();
  ASSERT_TRUE(file.append(bytes_of("new")).ok());
  ASSERT_TRUE(file.commit().ok());
  EXPECT_FALSE(file.commit().ok());
  EXPECT_EQ(content(), "new");
}

TEST_F(FilesTest, AFileHasTheRightsThatWereAskedForWhateverTheUmask) {
  const mode_t umask_before = ::umask(0077);
  EXPECT_TRUE(write_file_atomically(path_, "x").ok());
  EXPECT_TRUE(AtomicFile::create(folder_ / "private", 0600)->commit().ok());
  ::umask(umask_before);
  EXPECT_EQ(rights_of(path_), 0644);
  EXPECT_EQ(rights_of(folder_ / "private"), 0600);
}

TEST_F(FilesTest, AFolderThatIsMissingOrInTheFilesPlaceIsTold) {
  const Status missing = write_file_atomically(folder_ / "none" / "file", "x");
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.english.find("none/file:"), std::string::npos);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(write_file_atomically(path_, "x").error().code, ErrorCode::kIo);
  EXPECT_EQ(names(), std::set<std::string>{"file"});
}

TEST_F(FilesTest, AMappedFileShowsTheBytesUntilItIsClosedThoughTheFileIsReplaced) {
  ASSERT_TRUE(write_file_atomically(path_, "the old").ok());
  const MappedFile mapped = MappedFile::open(path_).value();
  ASSERT_TRUE(write_file_atomically(path_, "what is new").ok());
  EXPECT_EQ(mapped.text(), "the old");
  EXPECT_EQ(mapped.bytes().size(), 7u);
}

TEST_F(FilesTest, AnEmptyFileMapsToNothing) {
  folder_.write("file", "");
  const MappedFile mapped = MappedFile::open(path_).value();
  EXPECT_TRUE(mapped.bytes().empty());
  mapped.drop(0, 0);
  mapped.populate(0, 10);
  mapped.use_large_pages();
}

TEST_F(FilesTest, AMappingMovesAndLeavesNothingBehind) {
  folder_.write("file", "text");
  folder_.write("other", "other text");
  MappedFile first = MappedFile::open(path_).value();
  MappedFile second = std::move(first);
  EXPECT_TRUE(first.bytes().empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.text(), "text");
  MappedFile third = MappedFile::open(folder_ / "other").value();
  third = std::move(second);
  EXPECT_EQ(third.text(), "text");
}

TEST_F(FilesTest, PagesThatAreDroppedOrPopulatedHoldTheSameBytes) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += std::to_string(i);
  folder_.write("file", bytes);
  const MappedFile mapped = MappedFile::open(path_).value();
  mapped.populate(0, bytes.size());
  mapped.drop(0, bytes.size());
  EXPECT_EQ(mapped.text(), bytes);
  mapped.drop(10, 100);  // Within a page: nothing to give back.
  mapped.populate(4000, 1'000'000);
  EXPECT_EQ(mapped.text(), bytes);
}

}  // namespace
}  // namespace saseo
