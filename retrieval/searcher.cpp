#include "retrieval/searcher.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <unordered_map>

#include "base/utf8.h"
#include "index/caches.h"
#include "index/lemma_store.h"
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
constexpr std::size_t kMostProducts = 6;

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

bool same_product(std::string_view a, std::string_view b) {
  const auto letters = [](std::string_view text) {
    std::string out;
    for (const char c : fold_for_matching(text)) {
      if (c != ' ' && c != '-' && c != '_') out.push_back(c);
    }
    return out;
  };
  return letters(a) == letters(b);
}

}  // namespace

struct Searcher::State {
  Library library;
  RankingOptions options;
  Analyzer analyzer;
  IndexSnapshot snapshot;
  std::vector<StoredDocument> documents;  // Of the snapshot, in order of id.
  TermWeights weights;                    // Of the snapshot.

  Status refresh();
  const StoredDocument* document(std::int64_t id) const;
  std::vector<bool> allowed(const Filter& filter, const std::string& product) const;
  std::vector<ProductScore> product_scores(const Ranking& ranking) const;
  std::size_t product_count() const;
  const std::string& product_of(const RankedOrdinal& chunk) const;  // Empty: none is known.
  bool reranks() const { return options.mode == RankingMode::kFused && options.reranked > 0; }
  void keep_products(Ranking& ranking, std::span<const std::string> products) const;
  void narrow(Ranking& ranking, SearchResult& result) const;
  Status fetch_hits(const Ranking& ranking,
                    const std::unordered_map<std::uint32_t, RankedOrdinal>& asked, std::size_t most,
                    bool of_each_product, SearchResult& result) const;
  Status put_in_order(const Query& query, SearchResult& result);
};

Searcher::Searcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Searcher::Searcher(Searcher&&) noexcept = default;
Searcher& Searcher::operator=(Searcher&&) noexcept = default;
Searcher::~Searcher() = default;
const Library& Searcher::library() const { return state_->library; }
const TermWeights& Searcher::weights() const { return state_->weights; }
Analyzer& Searcher::analyzer() { return state_->analyzer; }

Result<Searcher> Searcher::open(const std::filesystem::path& folder,
                                const RankingOptions& options) {
  SASEO_ASSIGN_OR_RETURN(Library library, Library::open(folder));
  auto state = std::make_unique<State>(State{std::move(library), options, Analyzer(), {}, {}, {}});
  state->analyzer.set_lemma_lookup(stored_lemmas(state->library.database()));
  state->snapshot.generation = -1;
  SASEO_RETURN_IF_ERROR(state->refresh());
  return Searcher(std::move(state));
}

Status Searcher::State::refresh() {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t generation, library.generation());
  if (generation == snapshot.generation) return {};
  SASEO_ASSIGN_OR_RETURN(snapshot, load_snapshot(library.database(), library.folder()));
  SASEO_ASSIGN_OR_RETURN(documents, library.documents());
  weights = TermWeights(snapshot.postings);
  return {};
}

const StoredDocument* Searcher::State::document(std::int64_t id) const {
  const auto found = std::ranges::lower_bound(documents, DocumentId{id}, {}, &StoredDocument::id);
  return found != documents.end() && found->id == DocumentId{id} ? &*found : nullptr;
}

// Empty when everything is allowed.
std::vector<bool> Searcher::State::allowed(const Filter& filter, const std::string& product) const {
  if (filter.empty() && product.empty()) return {};
  std::set<std::int64_t> documents_allowed;
  for (const StoredDocument& d : documents) {
    const bool listed = filter.documents.empty() ||
                        std::ranges::find(filter.documents, d.id) != filter.documents.end();
    const bool of_filter = filter.product.empty() || same_product(d.info.product, filter.product) ||
                           same_product(d.info.model_number, filter.product);
    // A document of no known product may speak of any.
    const bool of_choice =
        product.empty() || d.info.product.empty() || same_product(d.info.product, product);
    const bool speaks = filter.language == Language::kUnknown || d.info.language == filter.language;
    if (listed && of_filter && of_choice && speaks)
      documents_allowed.insert(static_cast<std::int64_t>(d.id));
  }
  std::vector<bool> result(snapshot.postings->chunks().size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Postings::ChunkEntry& chunk = snapshot.postings->chunks()[i];
    const bool in_pages =
        (filter.first_page == 0 || chunk.last_page >= filter.first_page) &&
        (filter.last_page == 0 || (chunk.first_page > 0 && chunk.first_page <= filter.last_page));
    result[i] = documents_allowed.contains(chunk.document) && in_pages;
  }
  return result;
}

const std::string& Searcher::State::product_of(const RankedOrdinal& chunk) const {
  static const std::string none;
  const StoredDocument* from = document(snapshot.postings->chunks()[chunk.ordinal].document);
  return from == nullptr ? none : from->info.product;
}

// How well a product's manual fits: its best chunks, the first most.
std::vector<ProductScore> Searcher::State::product_scores(const Ranking& ranking) const {
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

std::size_t Searcher::State::product_count() const {
  std::set<std::string_view> products;
  for (const StoredDocument& d : documents) {
    if (!d.info.product.empty()) products.insert(d.info.product);
  }
  return products.size();
}

// A document of no known product may speak of any.
void Searcher::State::keep_products(Ranking& ranking, std::span<const std::string> products) const {
  std::erase_if(ranking.chunks, [&](const RankedOrdinal& chunk) {
    const std::string& product = product_of(chunk);
    return !product.empty() && std::ranges::find(products, product) == products.end();
  });
}

// Nothing names the product. Where the hits are put in order, the manuals of the products whose
// words fit best are all kept, so that the words of one do not hide the other's: the better answer
// decides (settle_product), not the better match of words. Else the ranking's scores decide.
void Searcher::State::narrow(Ranking& ranking, SearchResult& result) const {
  const std::vector<ProductScore> scores = product_scores(ranking);
  if (reranks()) {
    std::vector<std::string> best;
    for (const ProductScore& score : scores) best.push_back(score.product);
    best.resize(std::min(best.size(), kMostProducts));
    keep_products(ranking, best);
    return;
  }
  result.product = choose_product(scores, product_count());
  if (result.product.decision == ProductDecision::kWins) {
    keep_products(ranking, std::span(&result.product.product, 1));
  }
}

Result<SearchResult> Searcher::search(const Query& query) {
  const Clock::time_point start = Clock::now();
  State& state = *state_;
  SearchResult result;
  SASEO_ASSIGN_OR_RETURN(result.question, checked_question(query.text));
  SASEO_RETURN_IF_ERROR(state.refresh());

  std::string product;
  if (!query.filter.product.empty()) {
    result.product.decision = ProductDecision::kFiltered;
    result.product.product = query.filter.product;
  } else if (query.filter.documents.empty()) {
    const std::vector<std::string> named = products_named(result.question, state.documents);
    if (named.size() == 1) {
      result.product.decision = ProductDecision::kNamed;
      result.product.product = product = named.front();
    }
  }
  const bool open = result.product.decision == ProductDecision::kNone;
  result.parsed = parse_question(result.question, state.analyzer, state.weights);
  const std::vector<bool> allowed = state.allowed(query.filter, product);
  const std::string text = state.reranks() ? search_text(result.parsed) : result.question;
  SASEO_ASSIGN_OR_RETURN(Ranking ranking,
                         rank_chunks(state.snapshot, state.library.database(), state.analyzer, text,
                                     allowed, state.options));
  std::unordered_map<std::uint32_t, RankedOrdinal> asked;
  if (state.reranks()) {
    SASEO_ASSIGN_OR_RETURN(const Ranking own,
                           rank_chunks(state.snapshot, state.library.database(), state.analyzer,
                                       result.question, allowed, state.options));
    for (const RankedOrdinal& chunk : own.chunks) asked[chunk.ordinal] = chunk;
  }
  if (open) state.narrow(ranking, result);
  result.candidates = allowed.empty() ? state.snapshot.postings->chunks().size()
                                      : static_cast<std::size_t>(std::ranges::count(allowed, true));
  result.timings.analyze_ms = ranking.timings.analyze_ms;
  result.timings.lexical_ms = ranking.timings.lexical_ms;
  result.timings.dense_ms = ranking.timings.dense_ms;
  result.timings.fuse_ms = ranking.timings.fuse_ms;
  const Clock::time_point fetch_start = Clock::now();
  const std::size_t most = std::max(query.limit, state.reranks() ? state.options.reranked : 0);
  SASEO_RETURN_IF_ERROR(state.fetch_hits(ranking, asked, most, open && state.reranks(), result));
  result.timings.fetch_ms = ms_since(fetch_start);
  if (state.reranks()) SASEO_RETURN_IF_ERROR(state.put_in_order(query, result));
  if (result.hits.size() > query.limit) result.hits.resize(query.limit);
  result.timings.total_ms = ms_since(start);
  return result;
}

Status Searcher::State::put_in_order(const Query& query, SearchResult& result) {
  const Clock::time_point start = Clock::now();
  SASEO_RETURN_IF_ERROR(rerank_hits(result, result.parsed, library, analyzer));
  if (result.product.decision == ProductDecision::kNone) {
    settle_product(result, result.parsed, documents, weights);
    const std::vector<std::string>& candidates = result.product.candidates;
    if (std::ranges::find(candidates, query.talked_about) != candidates.end()) {
      keep_product(result, documents, query.talked_about);
    }
  }
  result.timings.rerank_ms = ms_since(start);
  return {};
}

// `most` hits, or as many of each product.
Status Searcher::State::fetch_hits(const Ranking& ranking,
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
    const Postings::ChunkEntry& entry = snapshot.postings->chunks()[ranked.ordinal];
    Result<StoredChunk> stored = library.chunk(ChunkId{entry.chunk});
    if (!stored.ok()) {
      if (stored.error().code == ErrorCode::kNotFound) continue;  // Removed since the snapshot.
      return std::move(stored).error();
    }
    if (!contains_all(*stored, phrases)) continue;
    if (!seen.insert(collapse_spaces(fold_for_matching(stored->chunk.text))).second) {
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
    hit.coverage = covered_share(*snapshot.postings, ranking.terms, ranked.ordinal);
    hit.stored = std::move(stored).value();
    result.hits.push_back(std::move(hit));
    ++count;
  }
  return {};
}

}  // namespace saseo
