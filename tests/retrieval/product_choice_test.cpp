#include "retrieval/product_choice.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

StoredDocument document(std::string product, std::string model = {}) {
  StoredDocument stored;
  stored.info.product = std::move(product);
  stored.info.model_number = std::move(model);
  return stored;
}

const std::vector<StoredDocument> kDocuments = {document("다온폰 X1", "DP-X100"),
                                                document("다온폰 X2", "DP-X200"),
                                                document("다온봇 R1", "DR-R100"), document("")};

TEST(ProductsNamed, ByWholeNameModelNumberOrADistinctivePart) {
  EXPECT_EQ(products_named("다온폰 X1의 무게", kDocuments), std::vector<std::string>{"다온폰 X1"});
  EXPECT_EQ(products_named("다온폰X1 무게", kDocuments), std::vector<std::string>{"다온폰 X1"});
  EXPECT_EQ(products_named("dp x200 화면", kDocuments), std::vector<std::string>{"다온폰 X2"});
  EXPECT_EQ(products_named("R1이 멈췄어요", kDocuments), std::vector<std::string>{"다온봇 R1"});
  EXPECT_EQ(products_named("다온봇이 멈췄어요", kDocuments), std::vector<std::string>{"다온봇 R1"});
}

TEST(ProductsNamed, AWordThatTwoProductsShareNamesNeither) {
  EXPECT_TRUE(products_named("다온폰 충전", kDocuments).empty());
}

TEST(ProductsNamed, TwoNamedProductsAreBothGiven) {
  EXPECT_EQ(products_named("다온폰 X1과 다온봇 R1 비교", kDocuments).size(), 2u);
}

TEST(ProductsNamed, EditionsOfOneModelNumberAreOneProduct) {
  const std::vector<StoredDocument> documents = {
      document("다온폰 X1", "DP-X100"), document("Daon Phone X1", "DP X100"),
      document("Daon Phone X2", "DP-X200"), document("다온봇 R1", "DR-R100")};
  const std::vector<std::string> phone = {"다온폰 X1"};
  EXPECT_EQ(products_named("Daon Phone X1 weight", documents), phone);
  EXPECT_EQ(products_named("다온폰 X1의 무게", documents), phone);
  EXPECT_EQ(products_named("What does the X1 weigh?", documents), phone);
  EXPECT_EQ(products_named("DP-X200", documents), std::vector<std::string>{"Daon Phone X2"});
  EXPECT_TRUE(products_named("the Daon Phone", documents).empty());  // X1 or X2.
}

TEST(IsEditionOf, ComparesNamesAndModelNumbers) {
  const std::vector<StoredDocument> documents = {document("다온폰 X1", "DP-X100"),
                                                 document("Daon Phone X1", "dp-x100"),
                                                 document("Other"), document("Another")};
  EXPECT_TRUE(is_edition_of(documents[0].info, "Daon Phone X1", documents));
  EXPECT_TRUE(is_edition_of(documents[1].info, "다온폰X1", documents));
  EXPECT_TRUE(is_edition_of(documents[1].info, "dp x100", documents));
  EXPECT_FALSE(is_edition_of(documents[0].info, "Other", documents));
  EXPECT_FALSE(is_edition_of(documents[2].info, "", documents));
  EXPECT_FALSE(is_edition_of(documents[2].info, "Another", documents));  // Neither has a number.
}

TEST(ProductsNamed, APartOfALongerLatinWordIsNoName) {
  EXPECT_TRUE(products_named("R10 부품", kDocuments).empty());
  EXPECT_TRUE(products_named("충전이 안 돼요", kDocuments).empty());
}

TEST(ChooseProduct, TheClearlyBetterWinsAndEqualsAreOffered) {
  const std::vector<ProductScore> clear = {{"A", 2.0f}, {"B", 1.0f}},
                                  equal = {{"A", 2.0f}, {"B", 1.98f}, {"C", 0.5f}};
  EXPECT_EQ(choose_product(clear, 2).decision, ProductDecision::kWins);
  EXPECT_EQ(choose_product(clear, 2).product, "A");
  EXPECT_EQ(choose_product(equal, 3).decision, ProductDecision::kAmbiguous);
  EXPECT_EQ(choose_product(equal, 3).candidates, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(choose_product(std::span(clear).first(1), 1).decision, ProductDecision::kNone);
  EXPECT_EQ(choose_product(std::span(clear).first(1), 2).decision, ProductDecision::kWins);
  EXPECT_EQ(choose_product({}, 2).decision, ProductDecision::kNone);
}

}  // namespace
}  // namespace saseo
