#include "cli/commands/batch.h"

#include <gtest/gtest.h>

namespace saseo::cli {
namespace {

TEST(BatchLine, TakesItsOwnFiltersAndKeepsTheOthersOfTheCommandLine) {
  app::FilterChoice given;
  given.product = "K1";
  given.language = "ko";
  BatchLine line;
  ASSERT_TRUE(parse_batch_line(R"({"id": 7, "question": "q", "product": "L2", "document": [1, "a"],
                                   "pages": "1-2"})",
                               given, line)
                  .ok());
  EXPECT_EQ(line.id, "7");
  EXPECT_EQ(line.question, "q");
  EXPECT_EQ(line.filter.product, "L2");
  EXPECT_EQ(line.filter.language, "ko");
  EXPECT_EQ(line.filter.pages, "1-2");
  EXPECT_EQ(line.filter.documents, (std::vector<std::string>{"1", "a"}));
}

TEST(BatchLine, KeepsTheIdOfALineThatIsOff) {
  BatchLine line;
  const Status status = parse_batch_line(R"({"id": "q9", "question": 3})", {}, line);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kBadInput);
  EXPECT_EQ(line.id, "\"q9\"");
  for (const char* wrong : {"", "[]", "{", "3", R"({"question": "q", "product": 1})",
                            R"({"question": "q", "document": {}})"})
    EXPECT_FALSE(parse_batch_line(wrong, {}, line).ok()) << wrong;
}

}  // namespace
}  // namespace saseo::cli
