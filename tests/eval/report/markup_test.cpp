#include "eval/report/markup.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace saseo::eval {
namespace {

TEST(Escape, LeavesNoCharacterThatEndsATextOrAnAttribute) {
  EXPECT_EQ(escape("<a href='x' b=\"y\">&amp;"),
            "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;amp;");
}

TEST(VisibleText, ShowsWhatCannotBeShownAsAReplacementCharacter) {
  EXPECT_EQ(visible_text("a\x01\x7F\u0085z"), "a\uFFFD\uFFFD\uFFFDz");
  EXPECT_EQ(visible_text("\u202Eevil\u2066\u061C\u200F"), "\uFFFDevil\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(visible_text("\xFF한\xED\xA0\x80"), "\uFFFD한\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(visible_text("\uFFFE\U000E0041"), "\uFFFD\uFFFD");
}

TEST(VisibleText, KeepsTabsAndLines) {
  EXPECT_EQ(visible_text("a\tb\r\nc\u2028d"), "a\tb\nc\nd");
  EXPECT_EQ(visible_text("가족 👨\u200D👩"), "가족 👨\u200D👩");
}

TEST(ScriptJson, CannotEndItsElement) {
  const nlohmann::json json = {{"a", "</script><!--&"}};
  const std::string text = script_json(json);
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(text), json);
}

// https://www.w3.org/TR/CSP2/#script-src-the-nonce-attribute, "Hash usage for <script> elements".
TEST(ContentSecurityHash, IsThatOfTheSpecificationsExample) {
  EXPECT_EQ(content_security_hash("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
}

}  // namespace
}  // namespace saseo::eval
