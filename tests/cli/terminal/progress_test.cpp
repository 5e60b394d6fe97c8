#include "cli/terminal/progress.h"

#include <gtest/gtest.h>

namespace saseo::cli {
namespace {

TEST(ProgressLine, FitsTheTerminalAndTellsPagesAndTimeLeft) {
  IngestProgress progress{2, 4, "/m/manual.pdf", 30, 60, 100, 2.0};
  const std::string line = progress_line(progress, 100);
  EXPECT_NE(line.find("38%"), std::string::npos) << line;
  EXPECT_NE(line.find("manual.pdf"), std::string::npos) << line;
  EXPECT_NE(line.find("30/60"), std::string::npos) << line;
  EXPECT_NE(line.find("65 pages/s"), std::string::npos) << line;
  EXPECT_NE(line.find("4 s left"), std::string::npos) << line;
  EXPECT_LE(display_width(progress_line(progress, 40)), 40u);
}

}  // namespace
}  // namespace saseo::cli
