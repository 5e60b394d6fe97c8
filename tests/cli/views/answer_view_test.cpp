#include "cli/views/answer_view.h"

#include <gtest/gtest.h>

namespace saseo::cli {
namespace {

TEST(PageWords, NamesTheFilesPageWhereThePrintedOneDiffers) {
  EXPECT_EQ(page_words(22, "16"), "p. 16 (page 22 of the file)");
  EXPECT_EQ(page_words(22, "22"), "p. 22");
  EXPECT_EQ(page_words(0, ""), "");
}

}  // namespace
}  // namespace saseo::cli
