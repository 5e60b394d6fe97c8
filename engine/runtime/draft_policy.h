// How many tokens to draft, so that an answer comes fastest:
//
//   most tokens a second:  max over k of  E(k) / (V(k + 1) + k D)
//   E(k) = 1 + p1 + p1 p2 + ... + p1 .. pk    tokens that a draft of k gives (one always comes)
//
//   p   share of right guesses of the grade that the source gives a token (DraftSource)
//   V   seconds of a forward pass over a batch of so many tokens
//   D   seconds that the source takes for a token
//
// All are running estimates. Guesses of a source that costs nothing are counted even where none is
// checked, so that drafting begins again when they come right; a source that costs is tried again
// after pauses that double.
//
// An account guards against wrong estimates: an answer starts with the time of half a token to
// lose, each token adds a little, and each draft adds what it gained; a draft that would lose more
// than there is, if every guess were wrong, is not made. An answer with nothing to gain thus loses
// at most 1.5 percent and half a token.
//
// Speed alone hangs on what is chosen here, never the text.
// Sources: the expectation, Leviathan et al. 2023, section 3.5.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/runtime/draft_source.h"

namespace saseo {

// Running estimates of the seconds of a forward pass, by tokens. Thread-compatible.
class BatchCosts {
 public:
  explicit BatchCosts(std::size_t largest) : seen_(largest + 1) {}

  void measured(std::size_t tokens, double seconds);
  // Between sizes that were measured, by a straight line; beyond them, by their slope or a little
  // for each token. A batch never costs more than a larger one.
  double seconds(std::size_t tokens) const;
  bool knows(std::size_t tokens) const;
  // The largest batch whose estimate is not mere hope: twice the largest that was measured.
  std::size_t foreseeable() const;

 private:
  struct Seen {
    double seconds = 0;
    std::uint64_t count = 0;
    std::uint64_t last = 0;  // The step at which it was measured.
  };
  std::vector<Seen> seen_;  // [tokens]
  std::uint64_t step_ = 0;
};

// Thread-compatible. What is learnt stays from one answer to the next.
class DraftPolicy {
 public:
  // The sources are numbered in this order; borrowed. largest: tokens of a draft at most.
  DraftPolicy(std::vector<const DraftSource*> sources, std::size_t largest);

  void begin();  // A new answer: with an account of its own.

  struct Choice {
    std::size_t count = 0;
    double rate = 0;  // Tokens a second that are expected.
  };
  // The best length for a draft whose tokens have these grades; 0: better none.
  Choice choose(std::size_t source, std::span<const DraftGrade> grades) const;

  // A guess of this grade that was compared with what the model said.
  void compared(std::size_t source, DraftGrade grade, bool right);
  // A forward pass over a token and `drafted` guesses of the source gave `given` tokens.
  void verified(std::size_t source, std::size_t drafted, std::size_t given, double seconds);
  // A forward pass over one token.
  void stepped(double seconds);

 private:
  struct Share {
    double right = 0, of = 0;
  };
  struct Learnt {
    const DraftSource* source;
    std::array<Share, kDraftGrades> shares;
    std::uint32_t pause = 0;       // Tokens until a source that does not pay is tried again ...
    std::uint32_t next_pause = 0;  // ... and after that, if it still does not.
  };
  double relative_cost(const Learnt& learnt, std::size_t drafted) const;

  std::vector<Learnt> sources_;
  BatchCosts costs_;
  double account_ = 0;  // In plain tokens' time.
};

}  // namespace saseo
