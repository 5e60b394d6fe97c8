#include "app/json/answer_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace saseo::app {
namespace {

TEST(Json, DumpsBytesThatAreNoUtf8) {
  EXPECT_EQ(dump({{"text", "\xFF"}}), "{\"text\":\"\xEF\xBF\xBD\"}");
}

TEST(AnswerJson, HasNoPageWhereADocumentHasNone) {
  Answer answer;
  answer.citations.push_back({.number = 1});
  answer.context.passages.push_back({.number = 1});
  const Json json = answer_json(answer);
  EXPECT_TRUE(json["citations"][0]["page"].is_null());
  EXPECT_TRUE(json["citations"][0]["page_label"].is_null());
  EXPECT_TRUE(json["passages"][0]["page"].is_null());
}

}  // namespace
}  // namespace saseo::app
