#include "engine/runtime/prefix_trie.h"

#include <algorithm>
#include <cassert>

namespace saseo {

struct PrefixTrie::Node {
  std::vector<TokenId> edge;                          // From the parent; empty at the root alone.
  std::map<TokenId, std::unique_ptr<Node>> children;  // By the first token of their edges.
  std::vector<Holder> holders;                        // Of the sequences that end here.

  // Tokens that the edge and the beginning of `tokens` share.
  std::size_t common(std::span<const TokenId> tokens) const {
    return static_cast<std::size_t>(std::ranges::mismatch(edge, tokens).in1 - edge.begin());
  }
  void collect(std::uint32_t shared, std::vector<Match>& found) const {
    for (const Holder holder : holders) found.push_back({holder, shared});
    for (const auto& [first, child] : children) child->collect(shared, found);
  }
};

PrefixTrie::PrefixTrie() : root_(std::make_unique<Node>()) {}
PrefixTrie::PrefixTrie(PrefixTrie&&) noexcept = default;
PrefixTrie& PrefixTrie::operator=(PrefixTrie&&) noexcept = default;
PrefixTrie::~PrefixTrie() = default;

void PrefixTrie::insert(std::span<const TokenId> tokens, Holder holder) {
  Node* node = root_.get();
  while (!tokens.empty()) {
    std::unique_ptr<Node>& child = node->children[tokens.front()];
    if (!child) {
      child = std::make_unique<Node>();
      child->edge.assign(tokens.begin(), tokens.end());
      node = child.get();
      break;
    }
    const std::size_t common = child->common(tokens);
    if (common < child->edge.size()) {  // The edge forks.
      auto upper = std::make_unique<Node>();
      upper->edge.assign(child->edge.begin(), child->edge.begin() + static_cast<long>(common));
      child->edge.erase(child->edge.begin(), child->edge.begin() + static_cast<long>(common));
      const TokenId first = child->edge.front();
      upper->children.emplace(first, std::move(child));
      child = std::move(upper);
    }
    node = child.get();
    tokens = tokens.subspan(common);
  }
  node->holders.push_back(holder);
}

void PrefixTrie::remove(std::span<const TokenId> tokens, Holder holder) {
  std::vector<Node*> path = {root_.get()};
  while (!tokens.empty()) {
    const auto child = path.back()->children.find(tokens.front());
    assert(child != path.back()->children.end());
    path.push_back(child->second.get());
    tokens = tokens.subspan(path.back()->edge.size());
  }
  std::erase(path.back()->holders, holder);
  // Nodes that carry nothing go; one with a single way on becomes part of it.
  for (std::size_t i = path.size() - 1; i > 0; --i) {
    Node& node = *path[i];
    if (!node.holders.empty() || node.children.size() > 1) return;
    const TokenId first = node.edge.front();
    if (node.children.empty()) {
      path[i - 1]->children.erase(first);
      continue;
    }
    std::unique_ptr<Node> only = std::move(node.children.begin()->second);
    only->edge.insert(only->edge.begin(), node.edge.begin(), node.edge.end());
    path[i - 1]->children[first] = std::move(only);
    return;
  }
}

std::vector<PrefixTrie::Match> PrefixTrie::matches(std::span<const TokenId> tokens) const {
  std::vector<Match> found;
  const Node* node = root_.get();
  std::uint32_t shared = 0;  // Tokens on the way to the end of the node's edge.
  while (true) {
    const std::span<const TokenId> rest = tokens.subspan(shared);
    const auto next = rest.empty() ? node->children.end() : node->children.find(rest.front());
    // What leaves the way here shares this much.
    if (shared > 0) {
      for (const Holder holder : node->holders) found.push_back({holder, shared});
      for (auto child = node->children.begin(); child != node->children.end(); ++child)
        if (child != next) child->second->collect(shared, found);
    }
    if (next == node->children.end()) break;
    const std::size_t common = next->second->common(rest);
    shared += static_cast<std::uint32_t>(common);
    if (common < next->second->edge.size()) {
      next->second->collect(shared, found);
      break;
    }
    node = next->second.get();
  }
  std::ranges::sort(found, [](const Match& a, const Match& b) {
    return std::pair(a.common, a.holder) > std::pair(b.common, b.holder);
  });
  return found;
}

}  // namespace saseo
