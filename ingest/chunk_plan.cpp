#include "ingest/chunk_plan.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "ingest/token_estimate.h"

namespace saseo {
namespace {

constexpr std::size_t kRowLimit = 4;  // A table row is cut only beyond this many budgets.

bool is_item(const Block& block) {
  return block.kind == BlockKind::kStep || block.kind == BlockKind::kListItem;
}
bool is_table(const Block& block) {
  return block.kind == BlockKind::kTableHeader || block.kind == BlockKind::kTableRow;
}

// The offset after the sentence that begins at `begin`: after ". ", "! ", "? " with the quotes and
// brackets that close there, or after a line of code.
std::size_t sentence_end(std::string_view text, std::size_t begin) {
  bool ended = false;
  for (std::size_t i = begin; i < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, i);
    i += c.length;
    switch (c.code_point) {
      case U'\n':
        return i;
      case U'.':
      case U'!':
      case U'?':
      case U'…':
        ended = true;
        break;
      case U'。':
      case U'！':
      case U'？':
        return i;
      case U'"':
      case U'\'':
      case U'”':
      case U'’':
      case U')':
      case U']':
      case U'」':
        break;
      case U' ':
        if (ended) return i;
        break;
      default:
        ended = false;
    }
  }
  return text.size();
}

// The longest beginning of text[begin, end) of at most max_tokens, cut after a space where there
// is one in its second half. At least one code point.
std::size_t clip(std::string_view text, std::size_t begin, std::size_t end, double max_tokens) {
  double tokens = 0;
  std::size_t last_space = begin;
  std::size_t i = begin;
  while (i < end) {
    const std::size_t length = decode_utf8(text, i).length;
    // Weighed one by one a word costs more than as a whole, so the clip is never too long.
    tokens += token_weight(text.substr(i, length));
    if (tokens > max_tokens && i > begin) break;
    i += length;
    if (text[i - 1] == ' ' || text[i - 1] == '\n') last_space = i;
  }
  if (i < end && last_space > begin + (i - begin) / 2) return last_space;
  return i;
}

// Cuts a block at sentence ends, and a sentence that is too large where it must.
void add_parts(const Document& document, std::size_t index, double max_tokens, double price,
               std::vector<Piece>& pieces) {
  const ByteSpan span = document.blocks[index].span;
  const std::string_view text = std::string_view(document.text).substr(0, span.end);
  for (std::size_t begin = span.begin; begin < span.end;) {
    const std::size_t sentence = sentence_end(text, begin);
    const bool too_large = token_weight(text.substr(begin, sentence - begin)) > max_tokens;
    while (begin < sentence) {
      const std::size_t end = too_large ? clip(text, begin, sentence, max_tokens) : sentence;
      Piece piece{.block = index, .span = {begin, end}};
      piece.tokens = token_weight(text.substr(begin, end - begin));
      if (begin > span.begin) piece.cut_price = price;
      pieces.push_back(piece);
      begin = end;
    }
  }
}

// Tokens of each list or table as a whole, to tell which fit the budget.
struct Runs {
  std::vector<int> of_block;  // -1 for a block outside any run.
  std::vector<double> tokens;
};

Runs find_runs(const Document& document, std::size_t begin, std::size_t end,
               const std::vector<double>& weights) {
  Runs runs;
  runs.of_block.assign(end - begin, -1);
  for (std::size_t i = begin; i < end; ++i) {
    const Block& block = document.blocks[i];
    const bool member = is_item(block) || block.parent >= 0 || block.table >= 0;
    if (!member) continue;
    bool same = false;
    if (i > begin && runs.of_block[i - 1 - begin] >= 0) {
      const Block& before = document.blocks[i - 1];
      const bool in_list = is_item(block) || block.parent >= 0;
      const bool before_in_list = is_item(before) || before.parent >= 0;
      same = in_list ? before_in_list : !before_in_list && block.table == before.table;
    }
    if (!same) runs.tokens.push_back(0);
    runs.of_block[i - begin] = static_cast<int>(runs.tokens.size()) - 1;
    runs.tokens.back() += weights[i - begin];
  }
  return runs;
}

// The price of a cut before block i, which is not the section's first.
double price_before(const Document& document, std::size_t i, bool same_run, bool run_fits) {
  const Block& block = document.blocks[i];
  const Block& before = document.blocks[i - 1];
  switch (block.kind) {
    case BlockKind::kTableHeader:
      if (before.kind == BlockKind::kCaption) return kGlued;
      break;
    case BlockKind::kTableRow:
      if (before.kind == BlockKind::kTableHeader) return kGlued;
      if (before.table == block.table) return run_fits ? kWholeRun : 1.0;
      break;
    case BlockKind::kStep:
    case BlockKind::kListItem:
      if (same_run) return run_fits ? kWholeRun : block.level > 1 ? 2.5 : 1.0;
      // What leads to a list stays with it: "다음 순서로 설정하세요."
      if (before.kind == BlockKind::kParagraph) return 3.0;
      if (before.kind == BlockKind::kWarning) return 1.5;
      return 0.5;
    default:
      break;
  }
  if (block.parent >= 0) return kGlued;
  switch (block.kind) {
    case BlockKind::kWarning:
      return same_run || is_item(before) || before.parent >= 0 ? 2.0 : 0.5;
    case BlockKind::kCode:
      return 2.0;
    case BlockKind::kCaption: {
      const bool of_table = i + 1 < document.blocks.size() && is_table(document.blocks[i + 1]);
      return of_table ? 0.3 : 1.5;
    }
    default:
      return 0.3;
  }
}

}  // namespace

std::string prefix_of(const Block& block) {
  if (block.marker.empty()) return {};
  switch (block.kind) {
    case BlockKind::kStep:
    case BlockKind::kListItem:
      return block.marker + " ";
    case BlockKind::kWarning:
    case BlockKind::kCaption:
      return block.marker + ": ";
    default:
      return {};
  }
}

ByteSpan repeated_header(const Document& document, const Block& header, std::size_t max_tokens) {
  const double limit = static_cast<double>(max_tokens) / 2;
  ByteSpan span = header.span;
  if (token_weight(document.text_of(span)) > limit) {
    span.end = clip(document.text, span.begin, span.end, limit);
    while (span.end > span.begin && document.text[span.end - 1] == ' ') --span.end;
  }
  return span;
}

std::vector<Piece> make_pieces(const Document& document, std::size_t begin, std::size_t end,
                               std::size_t max_tokens) {
  const double budget = static_cast<double>(max_tokens);
  const double line_break = token_weight("\n");
  std::vector<double> weights(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    const Block& block = document.blocks[i];
    weights[i - begin] =
        token_weight(prefix_of(block)) + token_weight(document.text_of(block.span)) + line_break;
  }
  const Runs runs = find_runs(document, begin, end, weights);
  std::vector<Piece> pieces;
  int header_table = -1;
  double header_tokens = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const Block& block = document.blocks[i];
    const int run = runs.of_block[i - begin];
    const bool same_run = i > begin && run >= 0 && runs.of_block[i - 1 - begin] == run;
    const double price =
        i == begin ? 0
                   : price_before(document, i, same_run,
                                  run >= 0 && runs.tokens[static_cast<std::size_t>(run)] <= budget);
    if (block.kind == BlockKind::kTableHeader) {
      header_table = block.table;
      header_tokens =
          token_weight(document.text_of(repeated_header(document, block, max_tokens))) + line_break;
    }
    const std::size_t first = pieces.size();
    const double limit = block.kind == BlockKind::kTableRow ? budget * kRowLimit : budget;
    if (weights[i - begin] <= limit) {
      pieces.push_back({.block = i, .span = block.span, .tokens = weights[i - begin]});
    } else {
      const bool whole = is_item(block) || block.parent >= 0 || is_table(block);
      add_parts(document, i, budget, whole ? kGlued : 0.5, pieces);
      pieces[first].tokens += token_weight(prefix_of(block));
      pieces.back().tokens += line_break;
    }
    pieces[first].cut_price = price;
    if (block.kind == BlockKind::kTableRow && block.table == header_table) {
      for (std::size_t p = first; p < pieces.size(); ++p) pieces[p].repeated = header_tokens;
    }
  }
  return pieces;
}

std::vector<std::size_t> plan_cuts(const std::vector<Piece>& pieces, std::size_t max_tokens) {
  const double budget = static_cast<double>(max_tokens);
  const auto price_of_chunk = [&](double tokens) {
    if (tokens > budget) return kPerChunk + kOverBudget + kOverBudgetSlope * (tokens / budget - 1);
    const double room = 1 - tokens / budget;
    return kPerChunk + room * room;
  };
  // best[i]: the least price of the first i pieces; from[i]: where their last chunk begins.
  std::vector<double> best(pieces.size() + 1, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(pieces.size() + 1, 0);
  best[0] = 0;
  for (std::size_t i = 1; i <= pieces.size(); ++i) {
    double tokens = 0;
    for (std::size_t j = i; j-- > 0;) {
      tokens += pieces[j].tokens;
      const double price =
          best[j] + (j > 0 ? pieces[j].cut_price : 0) + price_of_chunk(tokens + pieces[j].repeated);
      if (price < best[i]) best[i] = price, from[i] = j;
      // Beyond the budget only glue is a reason to go on, and that has its limit.
      if (tokens > budget && (pieces[j].cut_price < kGlued || tokens > 4 * budget)) break;
    }
  }
  std::vector<std::size_t> cuts;
  for (std::size_t i = pieces.size(); i > 0; i = from[i]) cuts.push_back(from[i]);
  std::ranges::reverse(cuts);
  return cuts;
}

}  // namespace saseo
