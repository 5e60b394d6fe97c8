// Whether two contestants differ on the same questions, beyond what chance gives. Each p is
// two-sided: the chance of a difference at least as large when the two are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saseo::eval {

// McNemar's test (Psychometrika 1947) of yes/no outcomes looks at the questions on which exactly
// one contestant has a yes; if the two are alike, each of them falls to either side like a fair
// coin. The exact test never calls more than 5 % by chance, and with few such questions far fewer.
// The mid-p form counts what is as likely as the observed half; it is nearer to 5 %, and seldom
// above (Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data: mid-p and
// asymptotic are better than exact conditional", BMC Medical Research Methodology 2013).
double mcnemar_exact(std::size_t first_only, std::size_t second_only);
double mcnemar_mid_p(std::size_t first_only, std::size_t second_only);

struct SignFlipOptions {
  std::size_t resamples = 10000;  // The smallest p is 1 / (resamples + 1).
  std::uint64_t seed = 1;
  std::size_t enumerate_up_to = 16;  // Differences other than 0; cost 2^n. At most 24.
};

// The paired permutation test (Fisher, "The Design of Experiments", 1935, section 21): if the two
// are alike, each difference could as well have the other sign. p is the share of sign assignments
// whose sum is at least as far from 0. All are enumerated where they are few; else resamples are
// drawn and p = (1 + as far) / (1 + resamples), which keeps the level (Phipson and Smyth, 2010). 1
// without differences other than 0. Differences are finite.
double sign_flip_test(std::span<const double> differences, const SignFlipOptions& options = {});

// Holm's adjustment (Scandinavian Journal of Statistics 1979): to call those of a family
// significant whose adjusted p is below 0.05 calls any of them falsely in at most 5 % of all
// families, however they depend on each other. In the order of `p`.
std::vector<double> holm_adjusted(std::span<const double> p);

}  // namespace saseo::eval
