// How the end of a line joins the start of the next: with a space, without, or without its hyphen.
//
// Korean is often broken in mid-word at the end of a line, and a PDF does not tell. The document
// itself tells what its words are. With l the last word of a line and r the first of the next, and
// counts taken inside lines,
//
//   log P(space) / P(none) ~ log count(l) / count(words that go on after l)
//                          + log count(r) / count(words that end in r)
//                          + what is known of "l r", of "lr", of the two syllables at the cut, and
//                            of each of them as the end or the start of a word
//                          + how this document breaks its lines.
//
// Particles and endings ("를", "니다") begin no word whatever the counts say.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/layout_lines.h"
#include "ingest/layout_margins.h"

namespace saseo::layout {

enum class Join { kSpace, kNone, kDropHyphen };

// Learns from a document's lines; immutable after, so threads may share it.
class LineJoiner {
 public:
  explicit LineJoiner(const std::vector<PageLines>& pages);

  // `room` is the white between the upper run's end and its column's right margin, in points.
  Join join(const Run& upper, const Run& lower, float room) const;

 private:
  struct Counts {
    float word = 0, prefix = 0, suffix = 0;  // As a whole word; as a proper part of one.
  };

  void learn(const Run& run);
  float hangul_score(std::string_view upper, std::string_view lower) const;
  Counts counts_of(std::string_view part) const;

  std::unordered_map<std::string, Counts> parts_;
  std::unordered_map<std::string, float> pairs_;  // "l r": two words in a row.
  std::unordered_map<std::string, float> inside_,
      across_;  // Two syllables in a word, over a space.
  // One or two syllables at a word's end and before it, at a word's start and after it.
  std::unordered_map<std::u32string, float> ends_, goes_on_, begins_, follows_;
  float habit_ = 0;           // Log-odds of a space at a line's end in this document.
  bool keeps_words_ = false;  // Lines are broken between words only.
};

}  // namespace saseo::layout
