#include "retrieval/english_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>

#include "index/analyzer.h"

namespace saseo {
namespace {

// Pronouns, auxiliary verbs and what is left of their contractions, adverbs, fillers, and people
// whom a question mentions; beside index/analyzer's stop words.
constexpr std::string_view kEnglishAskingWords =
    "be been being am were had has having have does doing done did do don doesn didn isn aren "
    "wasn weren hasn haven hadn won wouldn shouldn couldn cannot cant dont doesnt didnt isnt "
    "wont ain s t d m ll re ve would could should might must shall may ought gonna gotta "
    "wanna kinda sorta he she him her his hers they them us mine yours ours theirs myself "
    "yourself himself herself itself themselves someone somebody anyone anybody everyone "
    "everybody nobody noone one ones something anything everything nothing thing things stuff "
    "other others another each every both either neither few several lot lots bit bunch kind "
    "sort whole own such same self really actually just still even ever never always often "
    "sometimes usually normally maybe perhaps probably quite rather pretty very too only else "
    "again already yet now soon later lately recently anymore anyway anyhow though although "
    "however basically simply properly definitely apparently suddenly currently "
    "hardly barely nearly almost besides instead otherwise somehow somewhere anywhere "
    "everywhere away around along through across over under onto upon within without between "
    "during until till since because before above below beside against toward towards near "
    "per via like unlike despite except ago once twice completely totally literally "
    "constantly randomly permanently out down off up here there yes no not nor go goes going "
    "gone went come comes coming came get gets getting got gotten want wants wanted wanting "
    "need needs needed wish try tries trying tried tell tells told say says said know knows "
    "known think thinks thought guess wonder wondering believe suppose supposed seem seems "
    "happen happens happened happening make makes making made let lets help helps mean means "
    "meant keep keeps keeping kept manage able unable possible impossible allowed ok okay "
    "alright fine sure right idea way ways please thanks thank hi hello hey sorry problem "
    "reason best good nice great bad much many more most less least enough whatever whenever "
    "wherever whichever whoever whose whom whether long use find explain show give manual "
    "guide mom mum dad mother father grandma grandpa grandmother grandfather wife husband "
    "friend friends guy guys sister brother boss girlfriend boyfriend roommate feature features "
    "function functions steps lying "
    "whats thats im ive id youre theres hows people person today lol damn darn heck hell btw "
    "pls plz";

// Verbs and adjectives of everyday speech; those that name a function of a device ("record",
// "lock", "pair") are left out.
constexpr std::string_view kVagueWords =
    "put set turn switch see look hold move change open start stop begin run work bring leave "
    "lie lay sit stand fall drop pick choose select press push pull hit enter read hear "
    "listen watch talk speak check fix solve save lose take last wait act behave become stay "
    "remain continue finish end fill fit carry wear ride walk drive travel fly buy return "
    "throw appear disappear vanish arrive reach miss forget remember notice understand prove "
    "handle deal force mess screw break hurt harm ruin kill die live grow increase raise "
    "improve adjust cover touch feel taste sound big small large little tiny huge high low "
    "short old easy hard quick quickly fast slowly crazy weird strange odd annoying funny "
    "stupid dumb normal usual different similar important safe dangerous worth ready free "
    "busy next previous extra simple difficult kick jump pop stick stuck rid catch grab place "
    "point follow lead spend cost afford prefer hope expect avoid care bother complain worry "
    "accidentally automatically directly separately temporarily immediately";

template <typename Add>
void for_each_word(std::string_view words, const Add& add) {
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    add(words.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

bool is_english_asking_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words = [] {
    std::unordered_set<std::string_view> set;
    for_each_word(kEnglishAskingWords, [&](std::string_view w) { set.insert(w); });
    return set;
  }();
  return words.contains(word);
}

bool is_vague_english_word(std::string_view stem) {
  static const std::unordered_set<std::string> stems = [] {
    std::unordered_set<std::string> set;
    for_each_word(kVagueWords, [&](std::string_view w) { set.insert(english_stem(w)); });
    return set;
  }();
  return stems.contains(std::string(stem));
}

std::string_view base_of_irregular(std::string_view word) {
  static constexpr auto kForms = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"stole", "steal"},   {"stolen", "steal"},  {"froze", "freeze"},     {"frozen", "freeze"},
       {"broke", "break"},   {"broken", "break"},  {"fell", "fall"},        {"fallen", "fall"},
       {"sent", "send"},     {"lost", "lose"},     {"took", "take"},        {"taken", "take"},
       {"left", "leave"},    {"rang", "ring"},     {"rung", "ring"},        {"hung", "hang"},
       {"shook", "shake"},   {"shaken", "shake"},  {"spoke", "speak"},      {"spoken", "speak"},
       {"wrote", "write"},   {"written", "write"}, {"threw", "throw"},      {"thrown", "throw"},
       {"bought", "buy"},    {"sold", "sell"},     {"paid", "pay"},         {"heard", "hear"},
       {"held", "hold"},     {"bent", "bend"},     {"burnt", "burn"},       {"spilt", "spill"},
       {"slept", "sleep"},   {"woke", "wake"},     {"woken", "wake"},       {"swollen", "swell"},
       {"ran", "run"},       {"began", "begin"},   {"begun", "begin"},      {"drove", "drive"},
       {"flew", "fly"},      {"flown", "fly"},     {"chose", "choose"},     {"chosen", "choose"},
       {"forgot", "forget"}, {"hid", "hide"},      {"hidden", "hide"},      {"lent", "lend"},
       {"lit", "light"},     {"shone", "shine"},   {"shot", "shoot"},       {"stuck", "stick"},
       {"sank", "sink"},     {"swam", "swim"},     {"tore", "tear"},        {"torn", "tear"},
       {"wore", "wear"},     {"worn", "wear"},     {"drew", "draw"},        {"drawn", "draw"},
       {"grew", "grow"},     {"blew", "blow"},     {"blown", "blow"},       {"felt", "feel"},
       {"fed", "feed"},      {"met", "meet"},      {"built", "build"},      {"spun", "spin"},
       {"saw", "see"},       {"seen", "see"},      {"gave", "give"},        {"given", "give"},
       {"rode", "ride"},     {"rose", "rise"},     {"forgotten", "forget"}, {"children", "child"},
       {"people", "person"}, {"men", "man"},       {"women", "woman"},      {"feet", "foot"},
       {"teeth", "tooth"},   {"undid", "undo"}});
  const auto found = std::ranges::find(kForms, word, [](const auto& form) { return form.first; });
  return found == kForms.end() ? std::string_view() : found->second;
}

bool speaks_of_self(std::string_view folded) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"i",      "my",      "me",     "mine",  "i'm",    "i've",  "i'd",     "i'll",   "it",
       "it's",   "is",      "are",    "was",   "has",    "won't", "doesn't", "don't",  "isn't",
       "didn't", "can't",   "cannot", "keeps", "gets",   "got",   "wants",   "please", "stopped",
       "says",   "there's", "im",     "dont",  "doesnt", "wont",  "cant"});
  for (std::size_t begin = 0; begin < folded.size();) {
    const std::size_t end = std::min(folded.find_first_of(" ,.;:!?", begin), folded.size());
    if (std::ranges::find(kWords, folded.substr(begin, end - begin)) != kWords.end()) return true;
    begin = end + 1;
  }
  return false;
}

bool leads_to_goal(std::string_view before_last, std::string_view last) {
  if (last == "to") return true;
  static constexpr auto kAskers = std::to_array<std::string_view>({"i", "you", "we", "one"});
  static constexpr auto kAuxiliaries = std::to_array<std::string_view>(
      {"do", "can", "could", "should", "may", "must", "would", "did"});
  return std::ranges::find(kAskers, last) != kAskers.end() &&
         std::ranges::find(kAuxiliaries, before_last) != kAuxiliaries.end();
}

}  // namespace saseo
