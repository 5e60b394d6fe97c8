#include "generation/question.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/utf8.h"
#include "generation/thesaurus.h"

namespace saseo {
namespace {

constexpr float kVerbShare = 0.5f;
constexpr float kDeviceShare = 0.25f;
// Where and with what ("소파 밑에", "폰으로") is said beside what is asked about.
constexpr float kPlaceShare = 0.7f;
constexpr std::array<std::string_view, 8> kPlaceParticles = {"에서", "에",   "으로", "로",
                                                             "한테", "에게", "까지", "부터"};
constexpr std::array<std::string_view, 8> kTopicParticles = {"은", "는", "이", "가",
                                                             "을", "를", "도", "만"};
constexpr float kQuantityShare = 0.6f;

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_ascii_alnum(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z'); }

// Words and lemmas (hunspell) that say how one asks. Beside index/analyzer's stop words, which are
// forms; these are lemmas too, so that every ending is met.
constexpr std::string_view kAskingWords =
    "하다 되다 있다 없다 주다 싶다 보다 알다 알리다 어떻다 이다 아니다 그렇다 말다 이렇다 저렇다 "
    "가능하다 괜찮다 어떡하다 궁금하다 "
    "모르다 말하다 두다 버리다 놓다 같다 좋다 나오다 오다 가다 나다 생기다 그러다 어쩌다 필요하다 "
    "걱정하다 뭐 뭘 뭔 뭔데 뭐가 "
    "뭐부터 자꾸 너무 아예 그냥 더 다 잘 못 안 혹시 만약 계속 이게 이거 이건 이걸 그거 그건 그게 "
    "저거 근데 그런데 정도 경우 "
    "때 땐 때문 것 걸 건 게 거 좀 요 왜 왜케 어디 언제 누가 누구 무슨 무엇 어느 어떤 얼마 얼마나 "
    "얼만데 몇 방법 부터 나 내 "
    "내가 제 제가 저 우리 줄 수 네 예 아니 아니요 가지 되나 되나요 돼 돼요 되죠 해야 해야돼 "
    "어떡하죠 어떡해 뭐예요 뭐야 뭔가요 "
    "건가요 거예요 인가요 있나요 있어요 하나요 하려면 하려고 하고 해도 싶어요 싶은데 알려줘 지금 "
    "바로 도 만 그럼 그러면 그리고 "
    "그때 아까 나요 걱정되다 걱정 봐 봐도 설명서 제품 매뉴얼 manual tell know want need get much "
    "many long use way steps happens happen mean let ok okay yes no not up "
    "whether t s m don doesn won isn find 새 번 번에 한 두 세 같이 제일 가장 모두 다시 먼저 나중 "
    "나중에 이제 아직 이미 아무 아무것 아무것도 아무도 조금 많이 별로 진짜 정말 완전 완전히 "
    "어디엔가 얼마만에 싹 쭉 막 꼭 "
    "대체 도대체 미리 갑자기 가끔 항상 스스로 일단 혹은 또는 만에 걸로 그대로 한참 오래 "
    "잠깐 말 쪽 쪽은 데 지 채 "
    "대로 뿐 듯 김 만큼 누르면 관련 대해 대한 위해 통해 따라 please help explain show give make "
    "made keep does did has";

const std::unordered_set<std::string_view>& asking_words() {
  static const std::unordered_set<std::string_view> words = [] {
    std::unordered_set<std::string_view> set;
    for (std::size_t begin = 0; begin < kAskingWords.size();) {
      const std::size_t end = std::min(kAskingWords.find(' ', begin), kAskingWords.size());
      set.insert(kAskingWords.substr(begin, end - begin));
      begin = end + 1;
    }
    return set;
  }();
  return words;
}

constexpr std::array kHowToWords = {
    std::string_view{"어떻게"},   std::string_view{"방법"},       std::string_view{"려면"},
    std::string_view{"어디서"},   std::string_view{"어디로"},     std::string_view{"하는 법"},
    std::string_view{"는 법"},    std::string_view{"뭐부터"},     std::string_view{"뭘 해야"},
    std::string_view{"뭘 눌러"},  std::string_view{"싶어요"},     std::string_view{"싶은데"},
    std::string_view{"싶습니다"}, std::string_view{"순서"},       std::string_view{"절차"},
    std::string_view{"하는법"},   std::string_view{"how do"},     std::string_view{"how to"},
    std::string_view{"how can"},  std::string_view{"how should"}, std::string_view{"steps"},
    std::string_view{"where do"}, std::string_view{"where can"},  std::string_view{"set up"},
    std::string_view{"알려줘"},   std::string_view{"알려 줘"}};

constexpr std::array kTroubleWords = {
    std::string_view{"어떡"},    std::string_view{"안 돼"},    std::string_view{"안돼"},
    std::string_view{"안 되"},   std::string_view{"안되"},     std::string_view{"안 켜"},
    std::string_view{"안 먹"},   std::string_view{"안 나"},    std::string_view{"안 들"},
    std::string_view{"안 눌"},   std::string_view{"안 붙"},    std::string_view{"안 잡"},
    std::string_view{"안 올라"}, std::string_view{"안 울"},    std::string_view{"못 "},
    std::string_view{"자꾸"},    std::string_view{"고장"},     std::string_view{"이상"},
    std::string_view{"오류"},    std::string_view{"에러"},     std::string_view{"멈춰"},
    std::string_view{"멈췄"},    std::string_view{"끊"},       std::string_view{"왜"},
    std::string_view{"뜨거"},    std::string_view{"느려"},     std::string_view{"ㅠ"},
    std::string_view{"실패"},    std::string_view{"not work"}, std::string_view{"n't"},
    std::string_view{"why "},    std::string_view{"error"},    std::string_view{"problem"},
    std::string_view{"fail"},    std::string_view{"stuck"},    std::string_view{"cannot"}};

constexpr std::array kYesNoWords = {
    std::string_view{"되나"},   std::string_view{"돼요?"},   std::string_view{"돼?"},
    std::string_view{"될까"},   std::string_view{"있나"},    std::string_view{"있어요?"},
    std::string_view{"있어?"},  std::string_view{"있을까"},  std::string_view{"괜찮"},
    std::string_view{"가능"},   std::string_view{"인가요?"}, std::string_view{"나요?"},
    std::string_view{"날아가"}, std::string_view{"해도 "},   std::string_view{"아닌가"}};

constexpr std::array kEnglishYesNoStarts = {
    std::string_view{"can "}, std::string_view{"does "},   std::string_view{"do "},
    std::string_view{"is "},  std::string_view{"are "},    std::string_view{"will "},
    std::string_view{"may "}, std::string_view{"should "}, std::string_view{"could "}};

constexpr std::array kWhatWords = {std::string_view{"어떻게"}, std::string_view{"뭐"},
                                   std::string_view{"뭘"},     std::string_view{"무엇"},
                                   std::string_view{"몇"},     std::string_view{"얼마"},
                                   std::string_view{"어디"},   std::string_view{"언제"},
                                   std::string_view{"왜"},     std::string_view{"무슨"}};

// Endings after a Latin word or a number and its unit: "E-72라고", "USB를", "25와트로".
const std::unordered_set<std::string_view>& endings() {
  static const std::unordered_set<std::string_view> words = {
      "은",     "는",   "이",   "가",     "을",     "를",   "로",     "으로",   "에",   "에서",
      "의",     "도",   "만",   "와",     "과",     "라고", "이라고", "라",     "이라", "라는",
      "이라는", "이면", "면",   "인데",   "이래요", "래요", "예요",   "이에요", "야",   "이야",
      "란",     "이란", "로만", "으로만", "까지",   "부터", "보다",   "에는",   "에도", "로는",
      "으로는", "랑",   "이랑", "하고",   "나",     "이나", "든",     "이든",   "요",   "이요",
      "인가요", "이고", "고",   "짜리",   "짜리가", "쯤",   "말고",   "대",     "이죠", "죠",
      "은요",   "는요", "인지", "이라도", "으로도", "로도"};
  return words;
}

// "청소기가" -> "청소기": the longest ending off.
std::string_view without_ending(std::string_view word) {
  for (std::size_t cut = 3; cut < word.size(); cut += 3) {
    const std::string_view ending = word.substr(cut);
    if (endings().contains(ending)) return word.substr(0, cut);
  }
  return word;
}

// "멈췄다는데", "버벅거려요": no noun ends so.
bool ends_like_verb(std::string_view word) {
  static constexpr auto kVerbEndings = std::to_array<std::string_view>(
      {"요",   "니다", "는데", "은데", "던데", "다가", "어서", "아서", "해서", "려고",
       "지만", "거든", "네요", "까요", "대요", "래요", "었다", "았다", "였다", "니까",
       "면서", "잖아", "구요", "어도", "아도", "해도", "고서", "는지", "을지"});
  return std::ranges::any_of(kVerbEndings, [&](std::string_view ending) {
    return word.size() > ending.size() + 3 && word.ends_with(ending);
  });
}

// What a manual's table calls the quantity.
std::string_view measured_by(Unit unit) {
  switch (unit) {
    case Unit::kDegree:
      return "온도";
    case Unit::kMass:
      return "무게";
    case Unit::kVolume:
      return "용량";
    case Unit::kWatt:
      return "출력";
    case Unit::kVolt:
      return "전압";
    case Unit::kSound:
      return "소음";
    case Unit::kBrightness:
      return "밝기";
    case Unit::kPixels:
      return "화소";
    case Unit::kArea:
      return "면적";
    case Unit::kTime:
      return "시간";
    default:
      return {};
  }
}

// "50도" as a manual may write it: "50 °c 온도".
std::string as_manuals_write(const Quantity& quantity, std::string_view said) {
  std::string text;
  for (const char c : said) {
    if ((c >= '0' && c <= '9') || c == '.' || c == ',') text.push_back(c);
  }
  switch (quantity.unit) {
    case Unit::kPercent:
      return text + " %";
    case Unit::kDegree:
      return text + " °c 온도";
    case Unit::kWatt:
      return text + " w 출력";
    default:
      return text;
  }
}

QuestionKinds kinds_of(const std::string& text, const AskedQuantity& asked) {
  QuestionKinds kinds;
  kinds.quantity = asked.asked;
  kinds.how_to = contains_any(text, kHowToWords);
  kinds.trouble = contains_any(text, kTroubleWords);
  kinds.yes_no = (contains_any(text, kYesNoWords) && !contains_any(text, kWhatWords)) ||
                 std::ranges::any_of(kEnglishYesNoStarts, [&](std::string_view start) {
                   return text.starts_with(start);
                 });
  return kinds;
}

bool is_asking(const Subject& subject) {
  if (is_asking_word(subject.word)) return true;
  return std::ranges::any_of(subject.stems,
                             [](const std::string& stem) { return is_asking_word(stem); });
}

// The subject's own idf; that of other words for it when the library never says its own.
void weigh(Subject& subject, const TermWeights& weights) {
  float idf = weights.largest_idf();
  bool known = false;
  for (const std::string& stem : subject.stems) {
    if (weights.chunks_with(TermKind::kStem, stem) == 0) continue;
    known = true;
    idf = std::min(idf, weights.idf(TermKind::kStem, stem));
  }
  if (!known && !subject.bigrams.empty()) {
    // Written together or with an ending the dictionary does not know: its syllables tell.
    float sum = 0;
    bool all = true;
    for (const std::string& bigram : subject.bigrams) {
      all = all && weights.chunks_with(TermKind::kBigram, bigram) > 0;
      sum += weights.idf(TermKind::kBigram, bigram);
    }
    if (all) {
      known = true;
      idf = sum / static_cast<float>(subject.bigrams.size());
    }
  }
  for (const SubjectWord& other : subject.others) {
    if (known) break;
    known = true;
    idf = other.idf;
  }
  subject.known = known;
  subject.idf = idf;
  subject.device = is_device_word(without_ending(subject.word)) ||
                   std::ranges::any_of(
                       subject.stems, [](const std::string& stem) { return is_device_word(stem); });
  subject.weight = idf * (subject.verb && !subject.goal ? kVerbShare : 1.0f) *
                   (subject.device ? kDeviceShare : 1.0f);
}

std::vector<std::string> unique(std::vector<std::string> terms) {
  std::vector<std::string> kept;
  for (std::string& term : terms) {
    if (std::ranges::find(kept, term) == kept.end()) kept.push_back(std::move(term));
  }
  return kept;
}

// "충전하려면", "잠글 수", "닦는 방법", "켜고 싶어요": the word says what the asker wants to do.
// `rest` is what follows it.
bool is_goal(std::u32string_view word, std::u32string_view rest) {
  const auto follows = [&](std::u32string_view start) { return rest.starts_with(start); };
  return word.ends_with(U"려면") || word.ends_with(U"려고") || follows(U"수 있") ||
         follows(U"방법") || follows(U"법") || follows(U"싶");
}

// The parts of a word between white space: letters and digits of Latin with the hyphens inside
// them, and Hangul or other letters.
struct WordPart {
  std::u32string text;
  bool latin = false;
};

std::vector<WordPart> parts_of(std::u32string_view word) {
  std::vector<WordPart> parts;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t c = word[i];
    const bool inner_hyphen = (c == U'-' || c == U'.' || c == U'/') && i > 0 &&
                              i + 1 < word.size() && is_ascii_alnum(word[i - 1]) &&
                              is_ascii_alnum(word[i + 1]);
    if (!is_letter_or_digit(c) && !inner_hyphen) {
      if (!parts.empty() && !parts.back().text.empty()) parts.push_back({});
      continue;
    }
    const bool latin = inner_hyphen || is_ascii_alnum(c);
    if (parts.empty() || (parts.back().latin != latin && !parts.back().text.empty()))
      parts.push_back({});
    parts.back().latin = latin;
    parts.back().text.push_back(c);
  }
  std::erase_if(parts, [](const WordPart& part) { return part.text.empty(); });
  return parts;
}

class Parser {
 public:
  Parser(ParsedQuestion& question, Analyzer& analyzer, const TermWeights& weights)
      : question_(question), analyzer_(analyzer), weights_(weights) {}

  // "스테이션 말고 청소기": what is left out is no subject.
  void drop_last_word() {
    if (last_added_) question_.subjects.pop_back();
    last_added_ = false;
  }

  void add_measure(std::string_view noun) {
    for (const Subject& subject : question_.subjects) {
      if (std::ranges::find(subject.stems, noun) != subject.stems.end()) return;
    }
    add_part(std::string(noun), false);
  }

  // `goal`: a verb here is what the asker wants to do; it counts in full.
  void add_word(std::u32string_view word, bool goal) {
    goal_ = goal;
    last_added_ = false;
    if (word.size() > 2 && word.ends_with(U"요?")) word.remove_suffix(1);
    const std::vector<WordPart> parts = parts_of(word);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string text = to_utf8(parts[i].text);
      // The polite ending says nothing: "걸레는요".
      // After a Latin word, or left of "25와트로" when its quantity is taken out.
      if (!parts[i].latin && (i == 0 || parts[i - 1].latin) && endings().contains(text)) continue;
      add_part(text, parts[i].latin);
    }
  }

  void add_quantity(const Quantity& quantity, std::string_view text) {
    Subject subject;
    subject.word = std::string(text);
    subject.quantity = quantity;
    subject.weight = weights_.largest_idf() * kQuantityShare;
    question_.subjects.push_back(std::move(subject));
  }

 private:
  void add_part(const std::string& text, bool latin) {
    Subject subject;
    subject.word = text;
    const Terms terms = analyzer_.analyze_question(text);
    subject.stems = unique(terms.stems);
    subject.bigrams = unique(terms.bigrams);
    if (!latin) add_short_noun(subject);
    const auto has_digit = [](const std::string& s) {
      return std::ranges::any_of(s, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto has_letter = [](const std::string& s) {
      return std::ranges::any_of(s, [](char c) { return c >= 'a' && c <= 'z'; });
    };
    if (latin && has_digit(text) && has_letter(text)) {
      subject.code = true;
      std::erase_if(subject.stems,
                    [&](const std::string& s) { return !has_digit(s) || !has_letter(s); });
    }
    if (subject.stems.empty() && subject.bigrams.empty()) return;
    const std::u32string letters = to_utf32(text);
    const bool emoticon = std::ranges::none_of(
        letters, [](char32_t c) { return !is_hangul(c) || is_hangul_syllable(c); });
    if (emoticon) return;  // "ㅠㅠ"
    if (!latin) {
      subject.verb = is_verb(subject);
      subject.topic = !subject.verb && std::ranges::any_of(kTopicParticles, [&](auto particle) {
        return text.size() > particle.size() + 3 && text.ends_with(particle);
      });
    }
    if (is_asking(subject)) return;
    for (const Subject& other : question_.subjects) {
      if (other.word == subject.word) return;
    }
    add_other_words(subject);
    subject.goal = subject.verb && goal_;
    weigh(subject, weights_);
    question_.subjects.push_back(std::move(subject));
    last_added_ = true;
  }

  // A verb or adjective: the dictionary knows it by a lemma on -다 ("끼워도": 끼우다), and the
  // library holds no noun that the word begins with more often ("바다에서": 바다).
  bool is_verb(const Subject& subject) const {
    std::size_t lemma = 0, noun = 0;
    bool has_lemma = false;
    for (const std::string& stem : subject.stems) {
      if (stem == subject.word) continue;
      const std::size_t chunks = weights_.chunks_with(TermKind::kStem, stem);
      if (stem.ends_with("다") && !subject.word.starts_with(stem)) {
        lemma = std::max(lemma, chunks);
        has_lemma = true;
      } else {
        noun = std::max(noun, chunks + 1);
      }
    }
    const bool of_noun = std::ranges::any_of(subject.stems, [&](const std::string& stem) {
      // 충전하려면: 충전하다, 충전.
      return std::ranges::find(subject.stems, stem + "하다") != subject.stems.end() ||
             std::ranges::find(subject.stems, stem + "되다") != subject.stems.end();
    });
    if (!has_lemma && noun <= 1 && ends_like_verb(subject.word)) return true;
    return has_lemma && !of_noun && noun <= lemma + 1;
  }

  // "앱만", "솔에": the analyzer takes no particle from a noun of one syllable.
  void add_short_noun(Subject& subject) {
    const std::u32string word = to_utf32(subject.word);
    static constexpr std::u32string_view kParticles = U"은는이가을를에로의도만과와";
    if (word.size() != 2 || kParticles.find(word[1]) == std::u32string_view::npos) return;
    std::string noun = to_utf8(word.substr(0, 1));
    const bool says_something =
        !other_words_for(noun).empty() || weights_.chunks_with(TermKind::kStem, noun) > 0;
    if (says_something && !is_asking_word(noun)) subject.stems.push_back(std::move(noun));
  }

  void add_other_words(Subject& subject) {
    for (const std::string& stem : subject.stems) {
      for (const OtherWord& other : other_words_for(stem)) {
        const bool held = std::ranges::any_of(
            subject.others, [&](const auto& held_word) { return held_word.word == other.word; });
        if (!held) add_other_word(subject, other);
      }
    }
  }

  // Only what the library holds is of use.
  void add_other_word(Subject& subject, const OtherWord& other) {
    SubjectWord word{std::string(other.word), {}, other.same, 1};
    for (std::size_t begin = 0; begin < other.word.size();) {
      const std::size_t end = std::min(other.word.find(' ', begin), other.word.size());
      const Terms terms = analyzer_.analyze(other.word.substr(begin, end - begin));
      const bool hyphened = other.word.find('-') != std::string_view::npos;  // "wi-fi": both parts.
      for (std::size_t i = 0; i < terms.stems.size() && (i == 0 || hyphened); ++i) {
        word.stems.push_back(terms.stems[i]);
      }
      begin = end + 1;
    }
    word.idf = weights_.largest_idf();
    bool in_library = !word.stems.empty();
    for (const std::string& stem : word.stems) {
      in_library = in_library &&
                   (weights_.chunk_count() == 0 || weights_.chunks_with(TermKind::kStem, stem) > 0);
      word.idf = std::min(word.idf, weights_.idf(TermKind::kStem, stem));
    }
    if (in_library) subject.others.push_back(std::move(word));
  }

  ParsedQuestion& question_;
  Analyzer& analyzer_;
  const TermWeights& weights_;
  bool last_added_ = false;
  bool goal_ = false;
};

}  // namespace

Language language_of_question(std::string_view text) {
  std::size_t hangul = 0, latin = 0, other = 0;
  for (const char32_t c : to_utf32(text)) {
    if (is_hangul(c)) {
      ++hangul;
    } else if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z')) {
      ++latin;
    } else if (c >= 0x80 && is_letter_or_digit(c)) {
      ++other;
    }
  }
  const std::size_t letters = hangul + latin + other;
  if (letters == 0) return Language::kUnknown;
  if (hangul * 5 >= letters) return Language::kKorean;
  return latin >= other ? Language::kEnglish : Language::kOther;
}

bool is_asking_word(std::string_view word) {
  return asking_words().contains(word) || is_korean_stop_word(word) || is_english_stop_word(word);
}

ParsedQuestion parse_question(std::string_view text, Analyzer& analyzer,
                              const TermWeights& weights) {
  ParsedQuestion question;
  question.text = std::string(text);
  question.language = language_of_question(text);
  const std::string folded = fold_for_matching(text);
  question.asked = asked_quantity(folded);
  question.kinds = kinds_of(folded, question.asked);

  Parser parser(question, analyzer, weights);
  std::string rest = folded;
  for (const Quantity& quantity : find_quantities(folded)) {
    if (quantity.unit == Unit::kNone) continue;  // "X1", "E-21" and years are words.
    const std::string_view word =
        std::string_view(folded).substr(quantity.span.begin, quantity.span.size());
    parser.add_quantity(quantity, word);
    question.phrase_words.push_back(as_manuals_write(quantity, word));
    std::fill(rest.begin() + static_cast<std::ptrdiff_t>(quantity.span.begin),
              rest.begin() + static_cast<std::ptrdiff_t>(quantity.span.end), ' ');
  }
  const std::u32string code_points = to_utf32(rest);
  bool counted = false;  // The word before is "몇": this one is its unit, which `asked` holds.
  for (std::size_t i = 0; i < code_points.size();) {
    std::size_t end = i;
    while (end < code_points.size() && !is_space(code_points[end])) ++end;
    const std::u32string_view word = std::u32string_view(code_points).substr(i, end - i);
    const bool excluding =
        word.starts_with(U"말고") || word.starts_with(U"빼고") || word.starts_with(U"제외하고");
    if (excluding) parser.drop_last_word();
    const std::size_t next = std::min(end + 1, code_points.size());
    if (!word.empty() && !counted && !excluding) {
      parser.add_word(word, is_goal(word, std::u32string_view(code_points).substr(next)));
    }
    if (!word.empty()) counted = word == U"몇";
    i = end + 1;
  }
  for (const Unit unit : question.asked.units) {
    if (const std::string_view noun = measured_by(unit);
        !noun.empty() && question.language == Language::kKorean)
      parser.add_measure(noun);
  }
  for (const std::string_view words : other_words_for_phrases(folded)) {
    question.phrase_words.emplace_back(words);
  }
  for (const Subject& subject : question.subjects) question.total_weight += subject.weight;
  return question;
}

}  // namespace saseo
