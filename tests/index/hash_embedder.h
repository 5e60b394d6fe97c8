// A second embedder for tests: a text's vector is the sum of its words' pseudo-random vectors, the
// same on every machine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "index/embedder.h"

namespace saseo {

class HashEmbedder : public Embedder {
 public:
  explicit HashEmbedder(std::string name = "hash", std::size_t dims = 24)
      : name_(std::move(name)), dims_(dims) {}

  std::string_view name() const override { return name_; }
  std::size_t dims() const override { return dims_; }
  Result<std::vector<float>> embed_query(std::string_view question) override {
    std::vector<float> vector(dims_);
    add_words(question, vector);
    normalize(vector);
    return vector;
  }
  Result<std::vector<float>> embed_passages(std::span<const PassageText> passages) override {
    if (before_batch) {
      if (const Status go = before_batch(batches); !go.ok()) return go.error();
    }
    ++batches;
    std::vector<float> vectors(passages.size() * dims_);
    for (std::size_t i = 0; i < passages.size(); ++i) {
      embedded.emplace_back(passages[i].body);
      const std::span<float> row = std::span(vectors).subspan(i * dims_, dims_);
      add_words(passages[i].heading, row);
      add_words(passages[i].body, row);
      normalize(row);
    }
    return vectors;
  }

  // Asked with the number of batches that were done; an error is the batch's.
  std::function<Status(int done)> before_batch;
  int batches = 0;
  std::vector<std::string> embedded;  // The bodies, in order.

 private:
  static void add_words(std::string_view text, std::span<float> to) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(" \n.>"), text.size());
      if (end > 0) add_word(text.substr(0, end), to);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  static void add_word(std::string_view word, std::span<float> to) {
    std::uint64_t state = 14695981039346656037u;  // FNV-1a
    for (const char c : word) state = (state ^ static_cast<unsigned char>(c)) * 1099511628211u;
    for (float& value : to) {  // xorshift64
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      value += static_cast<float>(static_cast<std::int64_t>(state)) / 9.2e18f;
    }
  }

  std::string name_;
  std::size_t dims_;
};

}  // namespace saseo
