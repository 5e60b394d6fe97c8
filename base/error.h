// What went wrong, and what can be done about it, without the words of any door: the command line
// names a command where a server would name a request.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/message.h"

namespace saseo {

enum class ErrorCode {
  kInvalidArgument,  // The caller's words are off: an unknown option, an empty question.
  kNotFound,         // A file, document or chunk that is not there.
  kBadInput,         // A file or text that is not what it should be.
  kUnsupported,      // A kind of file or feature that is not handled.
  kNeedsPassword,
  kWrongPassword,
  kLimit,  // A limit on time, memory or size was met.
  kIo,     // The operating system refused: permissions, a read error.
  kDiskFull,
  kDamaged,  // The library, or a file of it, is not what was written.
  kLocked,   // Another process writes to the library.
  kTooNew,   // The library was written by a newer program.
  kCancelled,
};

// What a person can do next. Each door has a sentence for each kind.
enum class AdviceKind {
  // Documents and the library.
  kIngestDocuments,
  kReadDocumentsAgain,  // Files changed since they were read.
  kReadWithProfile,     // Their chunks are of another size. Subject: the profile.
  kChooseOtherFiles,    // Another folder, or other patterns of names.
  kListDocuments,
  kShowLibraryStats,
  kVerifyLibrary,
  kRebuildLibrary,
  kUseNewerProgram,
  kChooseOtherLibrary,
  // Models.
  kCheckModel,          // Subject: its name; may be empty.
  kPrepackModel,        // Rearrange the weights anew.
  kRegisterModel,       // Subject: its path.
  kNameModelFile,       // Anyhow, by its path.
  kRegisterAnyModel,    // So that it has a name.
  kChooseOtherName,     // Of a model.
  kRemoveModel,         // From the list. Subject: its name.
  kRegisterModelAs,     // From wherever it is now. Subject: its name.
  kChooseDraftModel,    // One of the same generation.
  kChooseTunedModel,    // One for conversations, or none: a text is continued.
  kChooseSmallerModel,  // Or a stronger quantisation.
  // The context and what stands in it.
  kAskWithLessText,
  kRaiseContext,
  kLowerContext,          // Subject: the number of tokens that would fit.
  kLowerContextAndBytes,  // Keys and values in 8 bits, too. Subject: as above.
  kStoreKeysInBytes,      // The same context fits with keys and values in 8 bits.
  kLowerPassageTokens,
  kChooseKeptPromptsFolder,
  kRaiseKeptPromptsSize,
  // Evaluations and profiles.
  kTuneProfile,  // Make one from questions.
  kUseNoProfile,
  kListRuns,
  kWriteJsonReport,
  kRaiseJudgeContext,
};
inline constexpr AdviceKind kLastAdviceKind = AdviceKind::kRaiseJudgeContext;

struct Advice {
  AdviceKind kind{};
  std::string subject;  // What the sentence names; empty where the kind needs none.

  bool operator==(const Advice&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::kBadInput;
  Message message;                  // One or two sentences, without a final newline.
  std::vector<Advice> advice = {};  // In the order in which it is given; may be empty.

  Error&& advise(AdviceKind kind, std::string subject = {}) && {
    advice.push_back({kind, std::move(subject)});
    return std::move(*this);
  }
};

// What a person should know although nothing failed.
struct Notice {
  Message message;
  std::vector<Advice> advice = {};

  bool operator==(const Notice&) const = default;
};
inline Notice notice_of(const Error& error) { return {error.message, error.advice}; }

template <typename... Args>
Error make_error(ErrorCode code, MessageText<Args...> english, MessageText<Args...> korean,
                 const Args&... args) {
  return Error{code, message<Args...>(english, korean, args...), {}};
}

}  // namespace saseo
