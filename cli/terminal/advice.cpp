#include "cli/terminal/advice.h"

#include <cassert>

#include "cli/terminal/say.h"

namespace saseo::cli {

Message words_of(const Advice& advice) {
  const std::string& subject = advice.subject;
  switch (advice.kind) {
    case AdviceKind::kIngestDocuments:
      return {"run `saseo ingest PATH...` first", "먼저 `saseo ingest 경로...`를 실행하세요"};
    case AdviceKind::kReadDocumentsAgain:
      return {"`saseo ingest` reads it again", "`saseo ingest`로 다시 읽으세요"};
    case AdviceKind::kChooseOtherFiles:
      return {"name another folder or check --include/--exclude",
              "다른 폴더를 지정하거나 --include/--exclude를 확인하세요"};
    case AdviceKind::kListDocuments:
      return {"see `saseo library list`", "`saseo library list`를 보세요"};
    case AdviceKind::kShowLibraryStats:
      return {"see `saseo library stats`", "`saseo library stats`를 보세요"};
    case AdviceKind::kVerifyLibrary:
      return {"run `saseo library verify`", "`saseo library verify`를 실행하세요"};
    case AdviceKind::kReadWithProfile:
      return message("read them again with `saseo ingest --profile {} FILES`",
                     "`saseo ingest --profile {} 파일`로 다시 읽으세요", subject);
    case AdviceKind::kRebuildLibrary:
      return {"`saseo library rebuild` derives them anew",
              "`saseo library rebuild`로 다시 만들 수 있습니다"};
    case AdviceKind::kUseNewerProgram:
      return {"use the newer saseo that wrote it", "그것을 만든 최신 saseo를 쓰세요"};
    case AdviceKind::kChooseOtherLibrary:
      return {"name another --library", "다른 --library를 지정하세요"};
    case AdviceKind::kCheckModel:
      return subject.empty()
                 ? Message("run `saseo models check`", "`saseo models check`로 확인하세요")
                 : message("compare its content with `saseo models check {}`",
                           "`saseo models check {}`로 내용을 비교하세요", subject);
    case AdviceKind::kPrepackModel:
      return {"`saseo models prepack` makes it anew", "`saseo models prepack`으로 다시 만드세요"};
    case AdviceKind::kRegisterModel:
      return message("register it as it is now with `saseo models add {}`",
                     "지금 파일이 맞다면 `saseo models add {}`(으)로 다시 등록하세요", subject);
    case AdviceKind::kNameModelFile:
      return {"name a file with --model PATH", "--model 경로로 파일을 지정하세요"};
    case AdviceKind::kRegisterAnyModel:
      return {"register one with `saseo models add PATH`", "`saseo models add 경로`로 등록하세요"};
    case AdviceKind::kChooseOtherName:
      return {"choose another name", "다른 이름을 고르세요"};
    case AdviceKind::kRemoveModel:
      return message("run `saseo models remove {}` first",
                     "`saseo models remove {}`을(를) 먼저 실행하세요", subject);
    case AdviceKind::kRegisterModelAs:
      return message("register it again with `saseo models add PATH --name {}`",
                     "`saseo models add 경로 --name {}`(으)로 다시 등록하세요", subject);
    case AdviceKind::kChooseDraftModel:
      return {
          "take a model of the same generation for --draft-model, such as Gemma 2 2B for "
          "Gemma 2 9B",
          "--draft-model에는 Gemma 2 9B에 Gemma 2 2B처럼 같은 세대의 모델을 쓰세요"};
    case AdviceKind::kChooseTunedModel:
      return {"take one whose name ends in -it, or continue a text with `saseo generate --raw`",
              "이름이 -it로 끝나는 모델을 쓰거나 `saseo generate --raw`로 글을 이어 쓰게 하세요"};
    case AdviceKind::kChooseSmallerModel:
      return {"take a smaller model or a stronger quantisation",
              "더 작은 모델이나 더 강하게 양자화한 파일을 쓰세요"};
    case AdviceKind::kAskWithLessText:
      return {"ask with less text", "글을 줄이세요"};
    case AdviceKind::kRaiseContext:
      return {"raise --context", "--context를 늘리세요"};
    case AdviceKind::kLowerContext:
      return message("--context {} would fit", "--context {}이면 들어갑니다", subject);
    case AdviceKind::kLowerContextAndBytes:
      return message("--kv q8_0 --context {} would fit", "--kv q8_0 --context {}이면 들어갑니다",
                     subject);
    case AdviceKind::kStoreKeysInBytes:
      return {"the same context would fit with --kv q8_0",
              "같은 문맥 길이라도 --kv q8_0이면 들어갑니다"};
    case AdviceKind::kLowerPassageTokens:
      return {"lower --context-tokens", "--context-tokens를 줄이세요"};
    case AdviceKind::kChooseKeptPromptsFolder:
      return {"name a --kv-cache-dir that is there or can be made",
              "--kv-cache-dir로 있거나 만들 수 있는 폴더를 지정하세요"};
    case AdviceKind::kRaiseKeptPromptsSize:
      return {"raise --kv-cache-size", "--kv-cache-size를 늘리세요"};
    case AdviceKind::kTuneProfile:
      return {"make one with `saseo eval tune QUESTIONS --write NAME`",
              "`saseo eval tune 질문 --write 이름`으로 만드세요"};
    case AdviceKind::kUseNoProfile:
      return {"do without with --profile none", "--profile none으로 쓰지 않을 수 있습니다"};
    case AdviceKind::kListRuns:
      return {"`saseo eval list` shows those that are there",
              "`saseo eval list`로 목록을 볼 수 있습니다"};
    case AdviceKind::kWriteJsonReport:
      return {"make one with `saseo eval report RUN -o FILE.json`",
              "`saseo eval report RUN -o FILE.json`로 만드세요"};
    case AdviceKind::kRaiseJudgeContext:
      return {"give the judge a larger --context", "심사 모델에 더 큰 --context를 주세요"};
  }
  assert(false);
  return {};
}

app::Wording wording() { return {ui_language(), words_of}; }

std::string told(const Error& error) { return wording().tell(error); }
std::string told(const Notice& notice) { return wording().tell(notice); }

}  // namespace saseo::cli
