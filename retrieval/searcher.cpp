#include "retrieval/searcher.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <unordered_map>

#include "base/utf8.h"
#include "index/stored_form.h"
#include "retrieval/rerank.h"
#include "retrieval/search_text.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// More products than this are told apart by the ranking alone.
constexpr std::size_t kMaxProducts = 6;

// The question's stretches in double quotes: they must occur literally.
std::vector<std::string> quoted_phrases(std::string_view question) {
  std::vector<std::string> phrases;
  std::size_t open = question.find('"');
  while (open != std::string_view::npos) {
    const std::size_t close = question.find('"', open + 1);
    if (close == std::string_view::npos) break;
    const std::string phrase =
        collapse_spaces(fold_for_matching(question.substr(open + 1, close - open - 1)));
    if (!phrase.empty()) phrases.push_back(phrase);
    open = question.find('"', close + 1);
  }
  return phrases;
}

bool contains_all(const StoredChunk& stored, const std::vector<std::string>& phrases) {
  if (phrases.empty()) return true;
  const std::string text = collapse_spaces(
      fold_for_matching(join_heading_path(stored.chunk.heading_path) + " " + stored.chunk.text));
  return std::ranges::all_of(
      phrases, [&](const std::string& p) { return text.find(p) != std::string::npos; });
}

// A manual in another language than the question's answers where the best hit in the question's own
// holds less than this share of the question, and the other one's this many times as much.
constexpr float kHardlyCovered = 0.5f;
constexpr float kCoversMore = 1.25f;
constexpr float kNearlyAsGood = 0.95f;  // As the hits are put in order.

bool answers_better(const SearchResult& other, const SearchResult& own) {
  if (other.hits.empty() || own.hits.empty()) return own.hits.empty();
  const auto coverage = [](const SearchResult& found) {
    return found.hits.front().features[static_cast<std::size_t>(RerankFeature::kCoverage)];
  };
  return coverage(own) < kHardlyCovered && coverage(other) > kCoversMore * coverage(own) &&
         other.hits.front().hit.score > kNearlyAsGood * own.hits.front().hit.score;
}

bool is_foreign(const StoredDocument& document, Language question) {
  const Language spoken = document.info.language;
  return (question == Language::kKorean && spoken == Language::kEnglish) ||
         (question == Language::kEnglish && spoken == Language::kKorean);
}

// One search in one state of the library. Borrows all that it is made of.
class SnapshotSearch {
 public:
  SnapshotSearch(const Snapshot& snapshot, const Library& library, Analyzer& analyzer,
                 const RankingOptions& options)
      : snapshot_(snapshot),
        documents_(*snapshot.documents),
        library_(library),
        analyzer_(analyzer),
        options_(options) {}

  Result<SearchResult> run(const Query& query) const;

 private:
  bool passes(const StoredDocument& document, const Filter& filter) const;
  std::vector<bool> allowed(const Filter& filter, const std::string& product,
                            std::span<const DocumentId> among) const;
  Result<SearchResult> search(const Query& query, const ParsedQuestion& parsed,
                              std::span<const DocumentId> among) const;
  void name_edition(SearchResult& result) const;
  std::vector<ProductScore> product_scores(const Ranking& ranking) const;
  std::size_t product_count() const;
  const std::string& product_of(const RankedOrdinal& chunk) const;  // Empty: none is known.
  bool reranks() const { return options_.mode == RankingMode::kFused && options_.reranked > 0; }
  void keep_products(Ranking& ranking, std::span<const std::string> products) const;
  void narrow(Ranking& ranking, SearchResult& result) const;
  Status fetch_hits(const Ranking& ranking,
                    const std::unordered_map<std::uint32_t, RankedOrdinal>& asked, std::size_t most,
                    bool of_each_product, SearchResult& result) const;
  Status put_in_order(const Query& query, SearchResult& result) const;

  const Snapshot& snapshot_;
  std::span<const StoredDocument> documents_;  // Of the snapshot.
  const Library& library_;
  Analyzer& analyzer_;
  const RankingOptions& options_;
};

bool SnapshotSearch::passes(const StoredDocument& document, const Filter& filter) const {
  const bool listed = filter.documents.empty() ||
                      std::ranges::find(filter.documents, document.id) != filter.documents.end();
  const bool of_filter =
      filter.product.empty() || is_edition_of(document.info, filter.product, documents_);
  const bool speaks =
      filter.language == Language::kUnknown || document.info.language == filter.language;
  return listed && of_filter && speaks;
}

// Empty when everything is allowed.
std::vector<bool> SnapshotSearch::allowed(const Filter& filter, const std::string& product,
                                          std::span<const DocumentId> among) const {
  if (filter.empty() && product.empty() && among.empty()) return {};
  std::set<std::int64_t> documents_allowed;
  for (const StoredDocument& d : documents_) {
    // A document of no known product may speak of any.
    const bool of_choice =
        product.empty() || d.info.product.empty() || is_edition_of(d.info, product, documents_);
    const bool listed = among.empty() || std::ranges::find(among, d.id) != among.end();
    if (listed && of_choice && passes(d, filter))
      documents_allowed.insert(static_cast<std::int64_t>(d.id));
  }
  std::vector<bool> result(snapshot_.postings->chunks().size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Postings::ChunkEntry& chunk = snapshot_.postings->chunks()[i];
    const bool in_pages =
        (filter.first_page == 0 || chunk.last_page >= filter.first_page) &&
        (filter.last_page == 0 || (chunk.first_page > 0 && chunk.first_page <= filter.last_page));
    result[i] = documents_allowed.contains(chunk.document) && in_pages;
  }
  return result;
}

const std::string& SnapshotSearch::product_of(const RankedOrdinal& chunk) const {
  static const std::string none;
  const StoredDocument* from =
      snapshot_.document(DocumentId{snapshot_.postings->chunks()[chunk.ordinal].document});
  return from == nullptr ? none : from->info.product;
}

// How well a product's manual fits: its best chunks, the first most.
std::vector<ProductScore> SnapshotSearch::product_scores(const Ranking& ranking) const {
  constexpr int kBestChunks = 3;
  std::vector<ProductScore> scores;
  std::vector<int> counted;
  for (const RankedOrdinal& chunk : ranking.chunks) {
    const std::string& product = product_of(chunk);
    if (product.empty()) continue;
    auto found = std::ranges::find(scores, product, &ProductScore::product);
    if (found == scores.end()) {
      scores.push_back({product, 0});
      counted.push_back(0);
      found = scores.end() - 1;
    }
    int& count = counted[static_cast<std::size_t>(found - scores.begin())];
    if (count < kBestChunks) found->score += chunk.fused / static_cast<float>(1 << count++);
  }
  std::ranges::stable_sort(scores, std::ranges::greater{}, &ProductScore::score);
  return scores;
}

std::size_t SnapshotSearch::product_count() const {
  std::set<std::string_view> products;
  for (const StoredDocument& d : documents_) {
    if (!d.info.product.empty()) products.insert(d.info.product);
  }
  return products.size();
}

// A document of no known product may speak of any.
void SnapshotSearch::keep_products(Ranking& ranking, std::span<const std::string> products) const {
  std::erase_if(ranking.chunks, [&](const RankedOrdinal& chunk) {
    const std::string& product = product_of(chunk);
    return !product.empty() && std::ranges::find(products, product) == products.end();
  });
}

// Nothing names the product. Where the hits are put in order, the manuals of the products whose
// words fit best are all kept, so that the words of one do not hide the other's: the better answer
// decides (settle_product), not the better match of words. Else the ranking's scores decide.
void SnapshotSearch::narrow(Ranking& ranking, SearchResult& result) const {
  const std::vector<ProductScore> scores = product_scores(ranking);
  if (reranks()) {
    std::vector<std::string> best;
    for (const ProductScore& score : scores) best.push_back(score.product);
    best.resize(std::min(best.size(), kMaxProducts));
    keep_products(ranking, best);
    return;
  }
  result.product = choose_product(scores, product_count());
  if (result.product.decision == ProductDecision::kWins) {
    keep_products(ranking, std::span(&result.product.product, 1));
  }
}

Result<SearchResult> SnapshotSearch::run(const Query& query) const {
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(const std::string question, checked_question(query.text));
  const ParsedQuestion parsed = parse_question(question, analyzer_, snapshot_.weights);
  ParsedQuestion untranslated = parsed;
  drop_translations(untranslated, snapshot_.weights);
  std::vector<DocumentId> own, foreign;
  for (const StoredDocument& document : documents_) {
    if (passes(document, query.filter))
      (is_foreign(document, parsed.language) ? foreign : own).push_back(document.id);
  }
  const auto timed = [&](SearchResult result) {
    result.timings.total_ms = ms_since(start);
    return result;
  };
  if (foreign.empty()) {
    SASEO_ASSIGN_OR_RETURN(SearchResult result, search(query, untranslated, {}));
    return timed(std::move(result));
  }
  if (own.empty() || !reranks()) {
    SASEO_ASSIGN_OR_RETURN(SearchResult result, search(query, parsed, {}));
    return timed(std::move(result));
  }
  SASEO_ASSIGN_OR_RETURN(SearchResult result, search(query, untranslated, own));
  SASEO_ASSIGN_OR_RETURN(SearchResult other, search(query, parsed, foreign));
  if (answers_better(other, result)) return timed(std::move(other));
  if (!other.hits.empty())
    result.other_language =
        parsed.language == Language::kKorean ? Language::kEnglish : Language::kKorean;
  return timed(std::move(result));
}

// Among these documents; empty: all that pass the filter.
Result<SearchResult> SnapshotSearch::search(const Query& query, const ParsedQuestion& parsed,
                                            std::span<const DocumentId> among) const {
  SearchResult result;
  result.question = parsed.text;
  result.parsed = parsed;
  std::string product;
  if (!query.filter.product.empty()) {
    result.product.decision = ProductDecision::kFiltered;
    result.product.product = query.filter.product;
  } else if (query.filter.documents.empty()) {
    const std::vector<std::string> named = products_named(result.question, documents_);
    if (named.size() == 1) {
      result.product.decision = ProductDecision::kNamed;
      result.product.product = product = named.front();
    }
  }
  const bool open = result.product.decision == ProductDecision::kNone;
  const std::vector<bool> allowed = this->allowed(query.filter, product, among);
  const auto rank = [&](std::string_view text) {
    return rank_chunks(snapshot_, library_.database(), analyzer_, text, allowed, options_);
  };
  SASEO_ASSIGN_OR_RETURN(Ranking ranking,
                         rank(reranks() ? search_text(parsed) : asked_text(parsed)));
  std::unordered_map<std::uint32_t, RankedOrdinal> asked;
  if (reranks()) {
    SASEO_ASSIGN_OR_RETURN(const Ranking own, rank(asked_text(parsed)));
    for (const RankedOrdinal& chunk : own.chunks) asked[chunk.ordinal] = chunk;
  }
  if (open) narrow(ranking, result);
  result.candidates = allowed.empty() ? snapshot_.postings->chunks().size()
                                      : static_cast<std::size_t>(std::ranges::count(allowed, true));
  result.timings.analyze_ms = ranking.timings.analyze_ms;
  result.timings.lexical_ms = ranking.timings.lexical_ms;
  result.timings.dense_ms = ranking.timings.dense_ms;
  result.timings.fuse_ms = ranking.timings.fuse_ms;
  const Clock::time_point fetch_start = Clock::now();
  const std::size_t most = std::max(query.limit, reranks() ? options_.reranked : 0);
  SASEO_RETURN_IF_ERROR(fetch_hits(ranking, asked, most, open && reranks(), result));
  result.timings.fetch_ms = ms_since(fetch_start);
  if (reranks()) SASEO_RETURN_IF_ERROR(put_in_order(query, result));
  name_edition(result);
  if (result.hits.size() > query.limit) result.hits.resize(query.limit);
  return result;
}

// The product by the name that the hits' edition gives it.
void SnapshotSearch::name_edition(SearchResult& result) const {
  if (result.product.decision != ProductDecision::kNamed) return;
  for (const RankedChunk& hit : result.hits) {
    const StoredDocument* from = snapshot_.document(hit.stored.document);
    if (from != nullptr && is_edition_of(from->info, result.product.product, documents_)) {
      result.product.product = from->info.product;
      return;
    }
  }
}

Status SnapshotSearch::put_in_order(const Query& query, SearchResult& result) const {
  const Clock::time_point start = Clock::now();
  SASEO_RETURN_IF_ERROR(rerank_hits(result, result.parsed, library_, analyzer_));
  if (result.product.decision == ProductDecision::kNone) {
    settle_product(result, result.parsed, documents_, snapshot_.weights);
    const std::vector<std::string>& candidates = result.product.candidates;
    const auto talked_about = std::ranges::find_if(candidates, [&](const std::string& candidate) {
      return std::ranges::any_of(documents_, [&](const StoredDocument& d) {
        return d.info.product == candidate && is_edition_of(d.info, query.talked_about, documents_);
      });
    });
    if (talked_about != candidates.end())
      keep_product(result, documents_, std::string(*talked_about));
  }
  result.timings.rerank_ms = ms_since(start);
  return {};
}

// `most` hits, or as many of each product.
Status SnapshotSearch::fetch_hits(const Ranking& ranking,
                                  const std::unordered_map<std::uint32_t, RankedOrdinal>& asked,
                                  std::size_t most, bool of_each_product,
                                  SearchResult& result) const {
  const std::vector<std::string> phrases = quoted_phrases(result.question);
  std::set<std::string>
      seen;  // Texts of hits, folded: another edition's same paragraph is no new hit.
  std::map<std::string_view, std::size_t> taken;
  int rank = 0;
  for (const RankedOrdinal& ranked : ranking.chunks) {
    ++rank;
    std::size_t& count = taken[of_each_product ? product_of(ranked) : std::string_view()];
    if (count >= most) {
      if (!of_each_product) break;
      continue;
    }
    const Postings::ChunkEntry& entry = snapshot_.postings->chunks()[ranked.ordinal];
    SASEO_ASSIGN_OR_RETURN(StoredChunk stored, library_.chunk(ChunkId{entry.chunk}));
    if (!contains_all(stored, phrases)) continue;
    if (!seen.insert(collapse_spaces(fold_for_matching(stored.chunk.text))).second) {
      ++result.duplicates_dropped;
      continue;
    }
    RankedChunk hit;
    hit.hit = {ChunkId{entry.chunk}, ranked.fused};
    hit.lexical = {ranked.lexical_rank, ranked.lexical};
    hit.dense = {ranked.dense_rank, ranked.dense};
    hit.fused = {rank, ranked.fused};
    if (const auto own = asked.find(ranked.ordinal); own != asked.end()) {
      hit.asked = own->second.fused;
    }
    hit.coverage = covered_share(*snapshot_.postings, ranking.terms, ranked.ordinal);
    hit.stored = std::move(stored);
    result.hits.push_back(std::move(hit));
    ++count;
  }
  return {};
}

}  // namespace

Result<Searcher> Searcher::open(const LibraryHost& host, const RankingOptions& options) {
  const std::string_view embedder = options.embedder == nullptr ? "" : options.embedder->name();
  SASEO_ASSIGN_OR_RETURN(LibraryLease lease, host.lease(embedder));
  return Searcher(std::move(lease), options);
}

Result<SearchResult> Searcher::search(const Query& query) const {
  return SnapshotSearch(snapshot(), library(), analyzer(), options_).run(query);
}

}  // namespace saseo
