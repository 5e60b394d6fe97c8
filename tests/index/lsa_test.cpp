#include "index/lsa.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "tests/index/small_postings.h"

namespace saseo {
namespace {

// Chunks about either of two subjects, with words of neither in between.
Postings two_subjects() {
  std::mt19937 generator(7);
  const auto word = [&](const char* subject) {
    return subject + std::to_string(generator() % 9) + " ";
  };
  std::vector<TermRow> rows(24);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (int w = 0; w < 6; ++w) rows[i].stems += word(i % 2 == 0 ? "charge" : "clean");
    for (int w = 0; w < 2; ++w) rows[i].stems += word("any");
    if (i % 3 == 0) rows[i].heading_stems = word(i % 2 == 0 ? "charge" : "clean");
  }
  return postings_of(rows);
}

float dot(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::span<const float> chunk(const LsaFit& fit, std::size_t c) {
  return std::span(fit.chunk_vectors).subspan(c * fit.model.dims, fit.model.dims);
}

TEST(Lsa, GivesSingularVectorsThatAreOrthonormalAndChunksOfUnitLength) {
  const LsaFit fit = fit_lsa(two_subjects(), {.dims = 8, .max_share = 1});
  ASSERT_EQ(fit.model.dims, 8u);
  ASSERT_EQ(fit.model.vectors.size(), fit.model.terms.size() * 8);
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      double sum = 0;
      for (std::size_t t = 0; t < fit.model.terms.size(); ++t)
        sum += double(fit.model.vectors[t * 8 + a]) * fit.model.vectors[t * 8 + b];
      EXPECT_NEAR(sum, a == b ? 1 : 0, 1e-4) << a << ", " << b;
    }
  }
  ASSERT_EQ(fit.chunk_vectors.size(), 24u * 8);
  for (std::size_t c = 0; c < 24; ++c) EXPECT_NEAR(dot(chunk(fit, c), chunk(fit, c)), 1, 1e-5);
}

// Chunks 0 to 2 say a and b, chunks 3 and 4 c and d. Each term is spread evenly over k of the 5
// chunks, so its weight is 1 + k (1/k ln 1/k) / ln 5 = 1 - ln k / ln 5. Both terms of a chunk weigh
// the same, so after scaling each entry is 1/sqrt 2, and A is two blocks of rank one: singular
// values sqrt 3 and sqrt 2, with right singular vectors (1, 1, 0, 0)/sqrt 2 and (0, 0, 1,
// 1)/sqrt 2.
TEST(Lsa, OfASmallMatrixIsWhatIsComputedByHand) {
  const LsaFit fit =
      fit_lsa(postings_of({{"", "a b"}, {"", "a b"}, {"", "a b"}, {"", "c d"}, {"", "c d"}}),
              {.dims = 2, .max_share = 1});
  EXPECT_EQ(fit.model.terms, (std::vector<std::string>{"sa", "sb", "sc", "sd"}));
  const float of_three = 1 - std::log(3.0f) / std::log(5.0f);
  const float of_two = 1 - std::log(2.0f) / std::log(5.0f);
  const float weights[] = {of_three, of_three, of_two, of_two};
  const float half = 1 / std::sqrt(2.0f);
  const float vectors[] = {half, 0, half, 0, 0, half, 0, half};  // (T, D)
  ASSERT_EQ(fit.model.vectors.size(), 8u);
  for (std::size_t t = 0; t < 4; ++t) EXPECT_NEAR(fit.model.weights[t], weights[t], 1e-6);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(fit.model.vectors[i], vectors[i], 1e-5) << i;
  for (std::size_t c = 0; c < 5; ++c) {
    EXPECT_NEAR(chunk(fit, c)[0], c < 3 ? 1 : 0, 1e-5) << c;
    EXPECT_NEAR(chunk(fit, c)[1], c < 3 ? 0 : 1, 1e-5) << c;
  }
}

// With as many dimensions as A has, nothing is lost: chunks stand to each other as the rows of A,
// ln(1 + tf) g(t). An occurrence in the heading counts twice.
TEST(Lsa, OfFullRankKeepsTheCosinesOfTheWeightedRows) {
  const LsaFit fit = fit_lsa(postings_of({{"", "a a a b"}, {"", "a b c", "", "c"}, {"", "b b c"}}),
                             {.max_share = 1});
  ASSERT_EQ(fit.model.dims, 3u);
  const double ln3 = std::log(3.0);
  const auto entropy = [&](std::vector<double> counts) {
    double total = 0, sum = 0;
    for (const double count : counts) total += count;
    for (const double count : counts) sum += count / total * std::log(count / total);
    return 1 + sum / ln3;
  };
  const double a = entropy({3, 1}), b = entropy({1, 1, 2}), c = entropy({3, 1});
  const double rows[3][3] = {{std::log(4.0) * a, std::log(2.0) * b, 0},
                             {std::log(2.0) * a, std::log(2.0) * b, std::log(4.0) * c},
                             {0, ln3 * b, std::log(2.0) * c}};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < i; ++j) {
      double product = 0, square_i = 0, square_j = 0;
      for (int t = 0; t < 3; ++t) {
        product += rows[i][t] * rows[j][t];
        square_i += rows[i][t] * rows[i][t];
        square_j += rows[j][t] * rows[j][t];
      }
      EXPECT_NEAR(dot(chunk(fit, i), chunk(fit, j)), product / std::sqrt(square_i * square_j), 1e-4)
          << i << ", " << j;
    }
  }
}

TEST(Lsa, BringsChunksOfOneSubjectTogether) {
  const LsaFit fit = fit_lsa(two_subjects(), {.dims = 2, .max_share = 1});
  float same = 0, other = 0;
  for (std::size_t c = 2; c < 24; ++c)
    (c % 2 == 0 ? same : other) += dot(chunk(fit, 0), chunk(fit, c));
  EXPECT_GT(same / 11, 0.8f);
  EXPECT_LT(other / 11, 0.3f);
}

TEST(Lsa, GivesTheSameBitsForTheSameSeed) {
  const Postings postings = two_subjects();
  const LsaFit first = fit_lsa(postings, {.dims = 8}), second = fit_lsa(postings, {.dims = 8});
  EXPECT_EQ(first.model.vectors, second.model.vectors);
  EXPECT_EQ(first.model.weights, second.model.weights);
  EXPECT_EQ(first.chunk_vectors, second.chunk_vectors);
  const LsaFit other = fit_lsa(postings, {.dims = 8, .seed = 1});
  EXPECT_NE(first.model.vectors, other.model.vectors);
}

TEST(Lsa, LeavesOutTermsOfTooFewAndTooManyChunksAndThoseBeyondTheMost) {
  const Postings postings = postings_of({{"", "a c often once"},
                                         {"", "a b often"},
                                         {"", "a b c often"},
                                         {"", "often"},
                                         {"", "often"},
                                         {"", "often"}});
  EXPECT_EQ(fit_lsa(postings).model.terms, (std::vector<std::string>{"sa", "sb", "sc"}));
  EXPECT_EQ(fit_lsa(postings, {.max_share = 1}).model.terms,
            (std::vector<std::string>{"sa", "sb", "sc", "soften"}));
  EXPECT_EQ(fit_lsa(postings, {.max_terms = 2}).model.terms,
            (std::vector<std::string>{"sa", "sb"}));  // Of b and c, alike often, the first.
}

TEST(Lsa, OfTooLittleIsNone) {
  EXPECT_EQ(fit_lsa(postings_of({})).model.dims, 0u);
  EXPECT_EQ(fit_lsa(postings_of({{"", "a b c"}})).model.dims, 0u);
  EXPECT_EQ(fit_lsa(postings_of({{"", "a b"}, {"", "c d"}, {}})).model.dims,
            0u);  // None is shared.
  EXPECT_TRUE(fit_lsa(postings_of({})).chunk_vectors.empty());
}

TEST(Lsa, OfChunksThatAreAllAlikeOrEmptyHasFiniteVectors) {
  const LsaFit alike =
      fit_lsa(postings_of({{"", "a b"}, {"", "a b"}, {"", "a b"}}), {.max_share = 1});
  const LsaFit with_empty =
      fit_lsa(postings_of({{"", "a b c"}, {}, {"", "a b"}, {"", "a c"}}), {.max_share = 1});
  for (const LsaFit* fit : {&alike, &with_empty}) {
    ASSERT_GT(fit->model.dims, 0u);
    for (const float value : fit->model.vectors) EXPECT_TRUE(std::isfinite(value));
    for (const float value : fit->chunk_vectors) EXPECT_TRUE(std::isfinite(value));
  }
  EXPECT_NEAR(dot(chunk(with_empty, 1), chunk(with_empty, 1)), 0, 1e-12);
}

}  // namespace
}  // namespace saseo
