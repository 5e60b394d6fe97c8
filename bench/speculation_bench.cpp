// What prompt look-up gives on answers that quote their passages. The answers are recorded: the
// model's next tokens are forced to them (GenerationRequest::recorded), so that a model of random
// weights will do; all else, every forward pass and every choice of what to draft, is the real
// path.
//
//   speculation_bench MODEL.gguf [--transcripts FILE.jsonl] [--shares 0 30 60 90] [--repeat N]
//                     [--items N] [--threads N] [--max-draft N] [--tokenizer gemma2|gemma3]
//                     [--draft-model FILE.gguf] [--assume X] [--json OUT.json]
//
// A transcript line: id, manual (a path in the source tree), sections (their {#ids}: the passages),
// question, and sentences: own (in other words than the passages': the worst case), links (what
// stands between quotes, in the passages' terms), quotes (of the passages). An answer of share 0 is
// own sentences; one of share s mixes all so that s percent of its tokens lie in runs of 8 and more
// that the prompt holds, as near as whole sentences allow ("verbatim" is what came out).
//
// --assume X: nothing is computed; each forward pass is taken to cost what it would where 8 tokens
// take X times one, along a straight line. Ratios alone mean something then.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/files.h"
#include "engine/model/model_panels.h"
#include "engine/runtime/model_runtime.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/tokenizer.h"
#include "tests/engine/npm_vocabulary.h"

namespace {

using namespace saseo;
using nlohmann::json;
using Tokens = std::vector<TokenId>;

constexpr std::size_t kAnswerTokens = 150;
constexpr std::size_t kVerbatimRun = 8;
constexpr const char* kCitation = " [1]";

struct Options {
  std::string model, draft_model, tokenizer, out;
  std::string transcripts = SASEO_SOURCE "/bench/data/speculation.jsonl";
  std::vector<int> shares = {0, 30, 60, 90};
  std::size_t repeat = 3, items = SIZE_MAX, threads = 0;
  std::uint32_t max_draft = SpeculationOptions{}.max_draft;
  double assumed = 0;  // Cost of 8 tokens, in one's; 0: computed.
};

struct Item {
  std::string id;
  std::string passages, question;
  std::vector<std::string> own, links, quotes;
};

// Runs of one answer: tokens a second, plain and with guesses, by repetition.
struct Measured {
  std::string id;
  int share = 0;
  std::size_t tokens = 0;
  double verbatim = 0;
  std::vector<double> plain, speculative;
  SpeculationStats stats;  // Of all repetitions.
};

// The text as passages have it: without marks of Markdown.
std::string plain_text(std::string text) {
  text =
      std::regex_replace(text, std::regex(R"(\*\*|\[\[#[^\]]*\]\]|!\[[^\n]*\n| \{#[^}]*\})"), "");
  return std::regex_replace(text, std::regex(R"((^|\n)[ ]*(> |#+ ))"), "$1");
}

Result<std::string> section_of(const std::string& manual, const std::string& id) {
  const std::size_t mark = manual.find("{#" + id + "}");
  if (mark == std::string::npos) return Error{ErrorCode::kNotFound, "no section {#" + id + "}"};
  const std::size_t begin = manual.rfind('\n', mark) + 1;
  const std::size_t end = std::min(manual.find("\n#", mark), manual.size());
  return plain_text(manual.substr(begin, end - begin));
}

Result<std::vector<Item>> read_items(const Options& options) {
  std::vector<Item> items;
  std::ifstream lines(options.transcripts);
  for (std::string line; std::getline(lines, line) && items.size() < options.items;) {
    const json fields = json::parse(line, nullptr, false);
    if (fields.is_discarded())
      return Error{ErrorCode::kBadInput, options.transcripts + ": a line is not JSON"};
    Item item = {.id = fields["id"],
                 .passages = {},
                 .question = fields["question"],
                 .own = fields["own"],
                 .links = fields["links"],
                 .quotes = fields["quotes"]};
    SASEO_ASSIGN_OR_RETURN(
        const std::string manual,
        read_file(std::string(SASEO_SOURCE "/") + fields["manual"].get<std::string>()));
    int number = 0;
    for (const std::string& id : fields["sections"].get<std::vector<std::string>>()) {
      SASEO_ASSIGN_OR_RETURN(const std::string text, section_of(manual, id));
      item.passages += fmt::format("[{}] {}\n\n", ++number, text);
    }
    for (const std::string& quote : item.quotes)
      if (item.passages.find(quote) == std::string::npos)
        return Error{ErrorCode::kBadInput, item.id + ": not in its passages: " + quote};
    items.push_back(std::move(item));
  }
  if (items.empty()) return Error{ErrorCode::kNotFound, "no transcripts in " + options.transcripts};
  return items;
}

Tokens prompt_of(const Item& item, const Tokenizer& tokenizer, const ChatTemplate& chat) {
  const ChatTurn turn = {
      ChatRole::kUser,
      "Answer the question from the passages alone, in the language of the question, and cite the "
      "number of a passage after each sentence. Say so if they do not answer it.\n\n" +
          item.passages + item.question};
  const Result<Tokens> prompt = chat.encode({&turn, 1});
  return prompt.ok() ? *prompt : tokenizer.encode(turn.text, {.add_bos = true});
}

// How many of the tokens lie in runs that the prompt holds.
std::size_t count_verbatim(const Tokens& prompt, const Tokens& tokens) {
  std::vector<bool> in_run(tokens.size(), false);
  for (std::size_t i = 0; i + kVerbatimRun <= tokens.size(); ++i) {
    const auto run = tokens.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::search(prompt.begin(), prompt.end(), run, run + kVerbatimRun) != prompt.end())
      std::fill_n(in_run.begin() + static_cast<std::ptrdiff_t>(i), kVerbatimRun, true);
  }
  return static_cast<std::size_t>(std::ranges::count(in_run, true));
}

// Of the sentences that are left of each kind, the one that brings the share closer to what is
// wanted; each followed by its citation, as answers have them.
Tokens answer_of(const Item& item, int share, const Tokens& prompt, const Tokenizer& tokenizer) {
  std::vector<std::string> unquoted = item.own;
  if (share > 0) unquoted.insert(unquoted.begin(), item.links.begin(), item.links.end());
  const std::vector<std::string>* kinds[] = {&unquoted, &item.quotes};
  std::size_t next[] = {0, 0}, all = 0, verbatim = 0;
  std::string text;
  while (all < kAnswerTokens) {
    double least = 2;
    std::size_t chosen = 0, tokens = 0, quoted = 0;
    for (std::size_t kind = 0; kind < (share > 0 ? 2u : 1u); ++kind) {
      if (next[kind] == kinds[kind]->size()) continue;
      const Tokens sentence = tokenizer.encode((*kinds[kind])[next[kind]] + kCitation);
      const std::size_t runs = count_verbatim(prompt, sentence);
      const double off = std::abs(static_cast<double>(verbatim + runs) /
                                      static_cast<double>(all + sentence.size()) -
                                  share / 100.0);
      if (off >= least) continue;
      least = off, chosen = kind, tokens = sentence.size(), quoted = runs;
    }
    if (tokens == 0) break;
    text += (text.empty() ? "" : " ") + (*kinds[chosen])[next[chosen]++] + kCitation;
    all += tokens, verbatim += quoted;
  }
  return tokenizer.encode(text);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> ratios_of(const Measured& measured) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < measured.plain.size(); ++i)
    ratios.push_back(measured.speculative[i] / measured.plain[i]);
  return ratios;
}

// Plain decoding has rate 1.
Result<GenerationStats> assume(Speculation& guesses, double of_eight, const Tokens& prompt,
                               const Tokens& answer) {
  GenerationStats stats;
  const Sampler sampler({});
  SASEO_RETURN_IF_ERROR(guesses.begin(prompt, {}, {}));
  guesses.push(answer[0]);
  for (std::size_t done = 1; done < answer.size();) {
    SASEO_ASSIGN_OR_RETURN(const std::span<const TokenId> drafted,
                           guesses.draft(answer.size() - done - 1, sampler, {}));
    const std::size_t checked = drafted.size();
    const auto right = static_cast<std::size_t>(
        std::mismatch(drafted.begin(), drafted.end(), answer.begin() + std::ptrdiff_t(done)).first -
        drafted.begin());
    const auto said = std::span(answer).subspan(done, right + 1);
    const double cost = 1 + (of_eight - 1) / 7 * static_cast<double>(checked);
    for (const TokenId token : said) guesses.push(token);
    guesses.verified(said, checked, cost);
    done += said.size();
    stats.decode_seconds += cost;
    stats.speculation.drafted += static_cast<std::uint32_t>(checked);
    stats.speculation.accepted += static_cast<std::uint32_t>(right);
    stats.speculation.passes += checked > 0 ? 1 : 0;
  }
  stats.completion_tokens = static_cast<std::uint32_t>(answer.size());
  return stats;
}

class Bench {
 public:
  Bench(const Options& options, const Model& model, const Model* draft)
      : options_(options),
        threads_(options.threads),
        speculation_({.lookup = true, .draft_model = draft, .max_draft = options.max_draft}),
        plain_(model, session_options({}), {.threads = &threads_}),
        runtime_(model, session_options(speculation_), {.threads = &threads_}),
        speculative_(runtime_.parts(), session_options(speculation_)),
        guesses_(speculation_, model.config.vocab, session_options(speculation_).max_batch,
                 runtime_.parts().draft, kv_options(session_options(speculation_))) {}

  Result<Measured> run(const std::string& id, int share, const Tokens& prompt,
                       const Tokens& answer) {
    Measured measured = {.id = id,
                         .share = share,
                         .tokens = answer.size(),
                         .verbatim = static_cast<double>(count_verbatim(prompt, answer)) /
                                     static_cast<double>(answer.size())};
    for (std::size_t i = 0; i < options_.repeat; ++i) {
      for (const bool guess : {i % 2 == 1, i % 2 == 0}) {
        SASEO_ASSIGN_OR_RETURN(const GenerationStats stats, write(guess, prompt, answer));
        (guess ? measured.speculative : measured.plain).push_back(stats.decode_rate());
        measured.stats.drafted += stats.speculation.drafted;
        measured.stats.accepted += stats.speculation.accepted;
        measured.stats.passes += stats.speculation.passes;
      }
    }
    return measured;
  }

 private:
  static SessionOptions session_options(const SpeculationOptions& speculation) {
    return {.context = 4096, .ring = false, .speculation = speculation};
  }
  Result<GenerationStats> write(bool guess, const Tokens& prompt, const Tokens& answer) {
    if (options_.assumed > 0) {
      if (guess) return assume(guesses_, options_.assumed, prompt, answer);
      const auto tokens = static_cast<std::uint32_t>(answer.size());
      return GenerationStats{.completion_tokens = tokens, .decode_seconds = tokens - 1.0};
    }
    const GenerationRequest request = {.prompt = prompt,
                                       .max_tokens = static_cast<std::uint32_t>(answer.size()),
                                       .recorded = answer};
    SASEO_ASSIGN_OR_RETURN(
        const GenerationResult result,
        (guess ? speculative_ : plain_).generate(request, [](const SampledToken&) {
          return true;
        }));
    return result.stats;
  }

  const Options& options_;
  ThreadPool threads_;
  const SpeculationOptions speculation_;
  LoneSession plain_;
  ModelRuntime runtime_;
  Session speculative_;
  Speculation guesses_;  // Of what is assumed.
};

void print_share(int share, const std::vector<Measured>& all) {
  std::vector<double> ratios, plain, speculative, verbatim;
  SpeculationStats stats;
  double tokens = 0, plain_seconds = 0, speculative_seconds = 0;
  for (const Measured& measured : all) {
    if (measured.share != share) continue;
    for (const double ratio : ratios_of(measured)) ratios.push_back(ratio);
    for (const double rate : measured.plain) plain_seconds += double(measured.tokens) / rate;
    for (const double rate : measured.speculative)
      speculative_seconds += double(measured.tokens) / rate;
    tokens += static_cast<double>(measured.tokens * measured.plain.size());
    verbatim.push_back(measured.verbatim);
    stats.drafted += measured.stats.drafted;
    stats.accepted += measured.stats.accepted;
    stats.passes += measured.stats.passes;
  }
  std::ranges::sort(ratios);
  fmt::print(
      "| {} % | {:.0f} % | {:.1f} | {:.1f} | **{:.2f}** ({:.2f} of all) | {:.2f}-{:.2f} | {:.0f} % "
      "of {} | {:.1f} |\n",
      share, 100 * median(verbatim), tokens / plain_seconds, tokens / speculative_seconds,
      median(ratios), plain_seconds / speculative_seconds, ratios.front(), ratios.back(),
      100 * stats.acceptance(), stats.drafted,
      stats.passes > 0 ? 1 + double(stats.accepted) / stats.passes : 1.0);
}

json json_of(const Options& options, const std::vector<Measured>& all) {
  json runs = json::array();
  for (const Measured& measured : all)
    runs.push_back({{"id", measured.id},
                    {"share", measured.share},
                    {"tokens", measured.tokens},
                    {"verbatim", measured.verbatim},
                    {"plain_tokens_per_second", measured.plain},
                    {"speculative_tokens_per_second", measured.speculative},
                    {"ratios", ratios_of(measured)},
                    {"drafted_tokens", measured.stats.drafted},
                    {"accepted_tokens", measured.stats.accepted},
                    {"draft_passes", measured.stats.passes}});
  return {{"model", options.model}, {"max_draft", options.max_draft}, {"runs", std::move(runs)}};
}

Result<Model> open(const std::string& path, std::size_t threads, bool arranged) {
  SASEO_ASSIGN_OR_RETURN(Model model, open_model(path));
  if (!arranged) return model;
  ThreadPool pool(threads);
  SASEO_RETURN_IF_ERROR(arrange_in_panels(model, pool, {}));
  return model;
}

Status run(const Options& options) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<Item> items, read_items(options));
  SASEO_ASSIGN_OR_RETURN(Model model, open(options.model, options.threads, options.assumed == 0));
  std::optional<Model> draft;
  if (!options.draft_model.empty()) {
    SASEO_ASSIGN_OR_RETURN(Model opened,
                           open(options.draft_model, options.threads, options.assumed == 0));
    draft = std::move(opened);
  }
  if (!options.tokenizer.empty()) {
    SASEO_ASSIGN_OR_RETURN(model.vocabulary, npm_vocabulary(options.tokenizer));
  }
  const Tokenizer tokenizer(model.vocabulary);
  SASEO_ASSIGN_OR_RETURN(const ChatTemplate chat, ChatTemplate::create(tokenizer));
  Bench bench(options, model, draft ? &*draft : nullptr);

  std::vector<Measured> all;
  for (const Item& item : items) {
    const Tokens prompt = prompt_of(item, tokenizer, chat);
    for (const int share : options.shares) {
      const Tokens answer = answer_of(item, share, prompt, tokenizer);
      SASEO_ASSIGN_OR_RETURN(Measured measured, bench.run(item.id, share, prompt, answer));
      fmt::print(stderr, "{} {} %: prompt {}, answer {} tokens, {:.1f} -> {:.1f} tokens/s\n",
                 item.id, share, prompt.size(), answer.size(), median(measured.plain),
                 median(measured.speculative));
      all.push_back(std::move(measured));
    }
  }
  fmt::print(
      "| quoted | verbatim | plain t/s | speculative t/s | ratio, median | range | guesses right | "
      "tokens a pass |\n"
      "|---|---|---|---|---|---|---|---|\n");
  for (const int share : options.shares) print_share(share, all);
  if (!options.out.empty()) std::ofstream(options.out) << json_of(options, all).dump(1) << "\n";
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Prompt look-up on recorded answers that quote their passages.");
  Options options;
  app.add_option("model", options.model)->required();
  app.add_option("--transcripts", options.transcripts);
  app.add_option("--shares", options.shares, "Percent of the answer that is quoted");
  app.add_option("--repeat", options.repeat)->check(CLI::Range(1, 1000));
  app.add_option("--items", options.items, "Of the transcripts, the first so many");
  app.add_option("--threads", options.threads);
  app.add_option("--max-draft", options.max_draft)->check(CLI::Range(1, 255));
  app.add_option("--tokenizer", options.tokenizer, "Instead of the model's vocabulary")
      ->check(CLI::IsMember({"gemma2", "gemma3"}));
  app.add_option("--draft-model", options.draft_model);
  app.add_option("--assume", options.assumed, "Cost of 8 tokens, in one's; nothing is computed")
      ->check(CLI::Range(1.0, 8.0));
  app.add_option("--json", options.out);
  CLI11_PARSE(app, argc, argv);
  const Status status = run(options);
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", status.error().message);
  return 1;
}
