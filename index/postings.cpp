#include "index/postings.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <string>
#include <unordered_map>

#include "base/message.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

constexpr std::array<char, 8> kPostingsMagic = {'S', 'A', 'S', 'E', 'O', 'P', 'S', '2'};

struct PostingsHeader {
  std::array<char, 8> magic = kPostingsMagic;
  std::uint64_t checksum = 0;  // XXH3 of everything after the header.
  std::int64_t generation = 0;
  std::uint64_t chunk_count = 0, term_count = 0, posting_count = 0, text_bytes = 0;
};

std::size_t aligned(std::size_t offset) { return (offset + 7) & ~std::size_t{7}; }

// Where each section begins; nullopt when the counts cannot belong to a file of this size.
struct Sections {
  std::size_t chunks = 0, by_id = 0, term_text = 0, term_postings = 0, ordinals = 0, counts = 0,
              text = 0, end = 0;

  static std::optional<Sections> of(const PostingsHeader& header, std::size_t limit) {
    for (const std::uint64_t count :
         {header.chunk_count, header.term_count, header.posting_count, header.text_bytes}) {
      if (count > limit) return std::nullopt;
    }
    Sections s;
    s.chunks = sizeof(PostingsHeader);
    s.by_id = s.chunks + header.chunk_count * sizeof(Postings::ChunkEntry);
    s.term_text = aligned(s.by_id + header.chunk_count * sizeof(std::uint32_t));
    s.term_postings = s.term_text + (header.term_count + 1) * sizeof(std::uint64_t);
    s.ordinals = s.term_postings + (header.term_count + 1) * sizeof(std::uint64_t);
    s.counts = aligned(s.ordinals + header.posting_count * sizeof(std::uint32_t));
    s.text = aligned(s.counts + header.posting_count * sizeof(Postings::Frequency));
    s.end = s.text + header.text_bytes;
    return s;
  }
};

Error unusable_postings(const std::filesystem::path& file, std::string_view reason) {
  return make_error(
      ErrorCode::kDamaged, "{}: this cache is not used ({}); it is rebuilt from library.db",
      "{}: 이 캐시는 쓰지 않습니다({}). library.db에서 다시 만듭니다", file.string(), reason);
}

const PostingsHeader& header_of(std::span<const std::byte> block) {
  return *reinterpret_cast<const PostingsHeader*>(block.data());
}

struct Occurrence {
  std::uint32_t term = 0;
  std::uint32_t ordinal = 0;
  Postings::Frequency count;
};

// Collects the terms of all chunks, then lays them out.
class PostingsBuilder {
 public:
  void begin_chunk(const Postings::ChunkEntry& entry) {
    chunks_.push_back(entry);
    touched_.clear();
  }
  // Returns the number of terms in the column.
  std::uint32_t add_column(TermKind kind, std::string_view column, bool heading) {
    std::uint32_t count = 0;
    while (!column.empty()) {
      const std::size_t space = std::min(column.find(' '), column.size());
      if (space > 0) {
        add_term(kind, column.substr(0, space), heading);
        ++count;
      }
      column.remove_prefix(std::min(space + 1, column.size()));
    }
    return count;
  }
  Postings::ChunkEntry& chunk() { return chunks_.back(); }
  void end_chunk() {
    for (const std::uint32_t term : touched_) {
      occurrences_.push_back({term, static_cast<std::uint32_t>(chunks_.size() - 1), counts_[term]});
      counts_[term] = {};
    }
  }
  std::vector<std::byte> finish(std::int64_t generation);

 private:
  void add_term(TermKind kind, std::string_view term, bool heading) {
    key_.assign(1, static_cast<char>(kind));
    key_.append(term);
    const auto [entry, added] = ids_.try_emplace(key_, static_cast<std::uint32_t>(ids_.size()));
    if (added) counts_.emplace_back();
    Postings::Frequency& count = counts_[entry->second];
    if (count.body == 0 && count.heading == 0) touched_.push_back(entry->second);
    std::uint8_t& field = heading ? count.heading : count.body;
    if (field < 255) ++field;
  }

  std::string key_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<Postings::Frequency> counts_;  // Of the current chunk, by term.
  std::vector<std::uint32_t> touched_;
  std::vector<Postings::ChunkEntry> chunks_;
  std::vector<Occurrence> occurrences_;
};

std::vector<std::byte> PostingsBuilder::finish(std::int64_t generation) {
  std::vector<const std::pair<const std::string, std::uint32_t>*> terms;
  terms.reserve(ids_.size());
  for (const auto& term : ids_) terms.push_back(&term);
  std::ranges::sort(terms, {}, [](const auto* term) -> std::string_view { return term->first; });

  PostingsHeader header;
  header.generation = generation;
  header.chunk_count = chunks_.size();
  header.term_count = terms.size();
  header.posting_count = occurrences_.size();
  for (const auto* term : terms) header.text_bytes += term->first.size();
  const Sections at = *Sections::of(header, std::size_t{1} << 60);
  std::vector<std::byte> block(at.end);
  const auto section = [&]<typename T>(std::size_t offset, T*) {
    return reinterpret_cast<T*>(block.data() + offset);
  };

  std::ranges::copy(chunks_, section(at.chunks, static_cast<Postings::ChunkEntry*>(nullptr)));
  auto* by_id = section(at.by_id, static_cast<std::uint32_t*>(nullptr));
  std::iota(by_id, by_id + chunks_.size(), 0u);
  std::sort(by_id, by_id + chunks_.size(),
            [&](std::uint32_t a, std::uint32_t b) { return chunks_[a].chunk < chunks_[b].chunk; });
  auto* term_text = section(at.term_text, static_cast<std::uint64_t*>(nullptr));
  auto* term_postings = section(at.term_postings, static_cast<std::uint64_t*>(nullptr));
  auto* ordinals = section(at.ordinals, static_cast<std::uint32_t*>(nullptr));
  auto* counts = section(at.counts, static_cast<Postings::Frequency*>(nullptr));
  auto* text = section(at.text, static_cast<char*>(nullptr));

  std::vector<std::uint32_t> sorted_id(terms.size());
  for (std::size_t i = 0; i < terms.size(); ++i)
    sorted_id[terms[i]->second] = static_cast<std::uint32_t>(i);
  for (const Occurrence& occurrence : occurrences_) ++term_postings[sorted_id[occurrence.term] + 1];
  std::inclusive_scan(term_postings, term_postings + terms.size() + 1, term_postings);
  std::vector<std::uint64_t> next(term_postings, term_postings + terms.size());
  for (const Occurrence& occurrence :
       occurrences_) {  // In chunk order: ordinals come out ascending.
    const std::uint64_t position = next[sorted_id[occurrence.term]]++;
    ordinals[position] = occurrence.ordinal;
    counts[position] = occurrence.count;
  }
  std::uint64_t used = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    std::memcpy(text + used, terms[i]->first.data(), terms[i]->first.size());
    used += terms[i]->first.size();
    term_text[i + 1] = used;
  }
  header.checksum = XXH3_64bits(block.data() + sizeof header, block.size() - sizeof header);
  std::memcpy(block.data(), &header, sizeof header);
  return block;
}

}  // namespace

Result<Postings> Postings::build(const Database& database, std::int64_t generation) {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare(
          "SELECT c.id, c.document_id, c.section, c.first_page, c.last_page, "
          "t.bigrams, t.stems, t.heading_bigrams, t.heading_stems "
          "FROM chunks c JOIN chunk_terms t ON t.rowid = c.id ORDER BY c.document_id, c.ordinal"));
  PostingsBuilder builder;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) break;
    ChunkEntry entry;
    entry.chunk = rows.integer(0);
    entry.document = rows.integer(1);
    entry.section = static_cast<std::int32_t>(rows.integer(2));
    entry.first_page = static_cast<std::int32_t>(rows.integer(3));
    entry.last_page = static_cast<std::int32_t>(rows.integer(4));
    builder.begin_chunk(entry);
    builder.chunk().bigrams = builder.add_column(TermKind::kBigram, rows.text(5), false);
    builder.chunk().stems = builder.add_column(TermKind::kStem, rows.text(6), false);
    builder.chunk().heading_bigrams = builder.add_column(TermKind::kBigram, rows.text(7), true);
    builder.chunk().heading_stems = builder.add_column(TermKind::kStem, rows.text(8), true);
    builder.end_chunk();
  }
  Postings postings;
  postings.owned_ = builder.finish(generation);
  [[maybe_unused]] const bool attached = postings.attach();
  assert(attached);
  return postings;
}

Result<Postings> Postings::load(const std::filesystem::path& file, std::int64_t generation) {
  Postings postings;
  SASEO_ASSIGN_OR_RETURN(postings.mapped_, MappedFile::open(file));
  const std::span<const std::byte> block = postings.block();
  if (block.size() < sizeof(PostingsHeader) || header_of(block).magic != kPostingsMagic)
    return unusable_postings(file, "not such a cache");
  if (header_of(block).generation != generation)
    return unusable_postings(file, "another generation");
  if (header_of(block).checksum !=
      XXH3_64bits(block.data() + sizeof(PostingsHeader), block.size() - sizeof(PostingsHeader))) {
    return unusable_postings(file, "checksum");
  }
  if (!postings.attach()) return unusable_postings(file, "inconsistent");
  return postings;
}

bool Postings::attach() {
  const std::span<const std::byte> data = block();
  const PostingsHeader& header = header_of(data);
  const std::optional<Sections> at = Sections::of(header, data.size());
  if (!at || at->end != data.size()) return false;
  chunks_ = reinterpret_cast<const ChunkEntry*>(data.data() + at->chunks);
  by_id_ = reinterpret_cast<const std::uint32_t*>(data.data() + at->by_id);
  term_text_ = reinterpret_cast<const std::uint64_t*>(data.data() + at->term_text);
  term_postings_ = reinterpret_cast<const std::uint64_t*>(data.data() + at->term_postings);
  ordinals_ = reinterpret_cast<const std::uint32_t*>(data.data() + at->ordinals);
  counts_ = reinterpret_cast<const Frequency*>(data.data() + at->counts);
  text_ = reinterpret_cast<const char*>(data.data() + at->text);
  const auto ascends_to = [&](const std::uint64_t* offsets, std::uint64_t end) {
    return offsets[0] == 0 && std::is_sorted(offsets, offsets + header.term_count + 1) &&
           offsets[header.term_count] == end;
  };
  return ascends_to(term_text_, header.text_bytes) &&
         ascends_to(term_postings_, header.posting_count) &&
         std::all_of(by_id_, by_id_ + header.chunk_count,
                     [&](std::uint32_t ordinal) { return ordinal < header.chunk_count; }) &&
         std::all_of(ordinals_, ordinals_ + header.posting_count,
                     [&](std::uint32_t ordinal) { return ordinal < header.chunk_count; });
}

Status Postings::save(const std::filesystem::path& file) const {
  return write_file_atomically(file,
                               {reinterpret_cast<const char*>(block().data()), block().size()});
}

std::int64_t Postings::generation() const { return header_of(block()).generation; }
std::span<const Postings::ChunkEntry> Postings::chunks() const {
  return {chunks_, header_of(block()).chunk_count};
}
std::size_t Postings::term_count() const { return header_of(block()).term_count; }
std::size_t Postings::posting_count() const { return header_of(block()).posting_count; }

std::string_view Postings::term_text(std::size_t term) const {
  return {text_ + term_text_[term], term_text_[term + 1] - term_text_[term]};
}

Postings::TermPostings Postings::postings(std::size_t term) const {
  const std::uint64_t begin = term_postings_[term];
  const std::uint64_t count = term_postings_[term + 1] - begin;
  return {{ordinals_ + begin, count}, {counts_ + begin, count}};
}

std::optional<std::size_t> Postings::find(TermKind kind, std::string_view term) const {
  std::string key(1, static_cast<char>(kind));
  key.append(term);
  std::size_t low = 0, high = term_count();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (term_text(middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == term_count() || term_text(low) != key) return std::nullopt;
  return low;
}

std::optional<std::uint32_t> Postings::ordinal_of(ChunkId chunk) const {
  const std::span<const std::uint32_t> order(by_id_, chunks().size());
  const auto id_at = [&](std::uint32_t ordinal) { return chunks_[ordinal].chunk; };
  const auto found = std::ranges::lower_bound(order, static_cast<std::int64_t>(chunk), {}, id_at);
  if (found == order.end() || id_at(*found) != static_cast<std::int64_t>(chunk))
    return std::nullopt;
  return *found;
}

}  // namespace saseo
