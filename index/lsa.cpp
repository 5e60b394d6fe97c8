#include "index/lsa.h"

#include <cblas.h>
#include <lapacke.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "index/embedder.h"

extern "C" void openblas_set_num_threads(int count);

namespace saseo {
namespace {

// A by columns: for each kept term, the chunks that hold it and the weights there.
struct SparseMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::size_t> begin;     // (columns + 1)
  std::vector<std::uint32_t> row_of;  // (entries)
  std::vector<float> value;           // (entries)

  // y (rows, width) = A x,  x (columns, width)
  std::vector<float> times(const std::vector<float>& x, std::size_t width) const {
    std::vector<float> y(rows * width, 0.0f);
    for (std::size_t column = 0; column < columns; ++column) {
      const float* from = x.data() + column * width;
      for (std::size_t i = begin[column]; i < begin[column + 1]; ++i) {
        cblas_saxpy(static_cast<int>(width), value[i], from, 1, y.data() + row_of[i] * width, 1);
      }
    }
    return y;
  }

  // x (columns, width) = A^T y,  y (rows, width)
  std::vector<float> transposed_times(const std::vector<float>& y, std::size_t width) const {
    std::vector<float> x(columns * width, 0.0f);
    for (std::size_t column = 0; column < columns; ++column) {
      float* to = x.data() + column * width;
      for (std::size_t i = begin[column]; i < begin[column + 1]; ++i) {
        cblas_saxpy(static_cast<int>(width), value[i], y.data() + row_of[i] * width, 1, to, 1);
      }
    }
    return x;
  }
};

float occurrences(const Postings::Frequency& count, const LsaOptions& options) {
  return static_cast<float>(count.body) +
         options.heading_weight * static_cast<float>(count.heading);
}

std::vector<std::size_t> choose_terms(const Postings& postings, const LsaOptions& options) {
  const std::size_t most = std::max<std::size_t>(
      options.min_chunks,
      static_cast<std::size_t>(options.max_share * static_cast<float>(postings.chunks().size())));
  std::vector<std::size_t> terms;
  for (std::size_t term = 0; term < postings.term_count(); ++term) {
    const std::size_t frequency = postings.postings(term).ordinals.size();
    if (frequency >= options.min_chunks && frequency <= most) terms.push_back(term);
  }
  if (terms.size() > options.max_terms) {
    std::ranges::stable_sort(terms, std::ranges::greater{}, [&](std::size_t term) {
      return postings.postings(term).ordinals.size();
    });
    terms.resize(options.max_terms);
    std::ranges::sort(terms);
  }
  return terms;
}

float entropy_weight(const Postings::TermPostings& list, std::size_t chunk_count,
                     const LsaOptions& options) {
  float total = 0;
  for (const Postings::Frequency& count : list.counts) total += occurrences(count, options);
  float sum = 0;
  for (const Postings::Frequency& count : list.counts) {
    const float p = occurrences(count, options) / total;
    sum += p * std::log(p);
  }
  return 1 + sum / std::log(static_cast<float>(std::max<std::size_t>(chunk_count, 2)));
}

SparseMatrix weighted_matrix(const Postings& postings, const std::vector<std::size_t>& terms,
                             LsaModel& model, const LsaOptions& options) {
  SparseMatrix a;
  a.rows = postings.chunks().size();
  a.columns = terms.size();
  a.begin.push_back(0);
  std::vector<float> norm(a.rows, 0.0f);
  for (const std::size_t term : terms) {
    const Postings::TermPostings list = postings.postings(term);
    const float weight = entropy_weight(list, a.rows, options);
    model.terms.emplace_back(postings.term_text(term));
    model.weights.push_back(weight);
    for (std::size_t i = 0; i < list.ordinals.size(); ++i) {
      const float value = std::log1p(occurrences(list.counts[i], options)) * weight;
      a.row_of.push_back(list.ordinals[i]);
      a.value.push_back(value);
      norm[list.ordinals[i]] += value * value;
    }
    a.begin.push_back(a.value.size());
  }
  for (float& n : norm) n = n > 0 ? 1 / std::sqrt(n) : 0;
  for (std::size_t i = 0; i < a.value.size(); ++i) a.value[i] *= norm[a.row_of[i]];
  return a;
}

// Replaces the columns of m (rows, width), rows >= width, by an orthonormal basis of their span.
void orthonormalize(std::vector<float>& m, std::size_t rows, std::size_t width) {
  const auto r = static_cast<lapack_int>(rows);
  const auto w = static_cast<lapack_int>(width);
  std::vector<float> tau(width);
  LAPACKE_sgeqrf(LAPACK_ROW_MAJOR, r, w, m.data(), w, tau.data());
  LAPACKE_sorgqr(LAPACK_ROW_MAJOR, r, w, w, m.data(), w, tau.data());
}

// V (columns, dims): the right singular vectors, largest value first, signs fixed.
std::vector<float> right_singular_vectors(const SparseMatrix& a, std::size_t dims,
                                          std::size_t width, const LsaOptions& options) {
  std::mt19937_64 generator(options.seed);
  std::normal_distribution<float> normal;
  std::vector<float> x(a.columns * width);
  for (float& value : x) value = normal(generator);
  std::vector<float> q = a.times(x, width);
  orthonormalize(q, a.rows, width);
  for (int i = 0; i < options.power_iterations; ++i) {
    x = a.transposed_times(q, width);
    orthonormalize(x, a.columns, width);
    q = a.times(x, width);
    orthonormalize(q, a.rows, width);
  }
  x = a.transposed_times(q, width);  // A ~ Q X^T; X = V S W^T
  // Gram matrix X^T X = W S^2 W^T, so V = X W S^-1.
  std::vector<double> gram(width * width, 0.0);
  constexpr std::size_t kRows = 256;
  std::vector<double> rows;  // (<= kRows, width) of X
  for (std::size_t t = 0; t < a.columns; t += kRows) {
    const std::size_t count = std::min(kRows, a.columns - t);
    rows.assign(x.begin() + static_cast<std::ptrdiff_t>(t * width),
                x.begin() + static_cast<std::ptrdiff_t>((t + count) * width));
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, static_cast<int>(width),
                static_cast<int>(count), 1.0, rows.data(), static_cast<int>(width), 1.0,
                gram.data(), static_cast<int>(width));
  }
  std::vector<double> values(width);
  LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'V', 'U', static_cast<lapack_int>(width), gram.data(),
                static_cast<lapack_int>(width), values.data());
  std::vector<float> w(width * dims);  // Columns of W, largest value first.
  for (std::size_t d = 0; d < dims; ++d) {
    const std::size_t column = width - 1 - d;
    const double value = std::sqrt(std::max(values[column], 0.0));
    const double scale =
        value > 1e-6 * std::sqrt(std::max(values[width - 1], 1e-12)) ? 1 / value : 0;
    for (std::size_t i = 0; i < width; ++i)
      w[i * dims + d] = static_cast<float>(gram[i * width + column] * scale);
  }
  std::vector<float> v(a.columns * dims);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(a.columns),
              static_cast<int>(dims), static_cast<int>(width), 1.0f, x.data(),
              static_cast<int>(width), w.data(), static_cast<int>(dims), 0.0f, v.data(),
              static_cast<int>(dims));
  for (std::size_t d = 0; d < dims; ++d) {  // The largest component of each column is positive.
    float largest = 0;
    for (std::size_t t = 0; t < a.columns; ++t) {
      if (std::abs(v[t * dims + d]) > std::abs(largest)) largest = v[t * dims + d];
    }
    if (largest < 0) {
      for (std::size_t t = 0; t < a.columns; ++t) v[t * dims + d] = -v[t * dims + d];
    }
  }
  return v;
}

}  // namespace

void normalize(std::span<float> vector) {
  float sum = 0;
  for (const float value : vector) sum += value * value;
  if (sum <= 0) return;
  const float scale = 1 / std::sqrt(sum);
  for (float& value : vector) value *= scale;
}

LsaFit fit_lsa(const Postings& postings, const LsaOptions& options) {
  openblas_set_num_threads(1);  // Several threads would change the order of sums from run to run.
  LsaFit fit;
  const std::vector<std::size_t> terms = choose_terms(postings, options);
  const std::size_t chunks = postings.chunks().size();
  const std::size_t rank = std::min(chunks, terms.size());
  if (rank < 2) return fit;
  const std::size_t width = std::min(options.dims + options.oversampling, rank);
  fit.model.dims = std::min(options.dims, rank);
  const SparseMatrix a = weighted_matrix(postings, terms, fit.model, options);
  fit.model.vectors = right_singular_vectors(a, fit.model.dims, width, options);
  fit.chunk_vectors = a.times(fit.model.vectors, fit.model.dims);
  for (std::size_t c = 0; c < chunks; ++c) {
    normalize(std::span(fit.chunk_vectors).subspan(c * fit.model.dims, fit.model.dims));
  }
  return fit;
}

}  // namespace saseo
