// A small library written from Markdown text in a temporary folder, and answers from it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "generation/answerer.h"
#include "generation/extractive_model.h"
#include "index/ingest_run.h"
#include "index/library_writer.h"

namespace saseo {

// A conversation with a library that does not change while it is asked.
class Asker {
 public:
  Asker(const std::filesystem::path& library, std::unique_ptr<LanguageModel> model,
        const AnswererOptions& options)
      : searcher_(Searcher::open(LibraryHost::open(library).value()).value()),
        model_(std::move(model)),
        options_(options) {}

  Result<Answer> answer(const Query& query, const TextSink& sink, std::stop_token stop = {}) {
    Result<Answer> answer =
        Answerer(searcher_, *model_, options_).answer(conversation_, query, sink, stop);
    if (answer.ok()) conversation_.remember(*answer);
    return answer;
  }
  void reset() { conversation_ = {}; }
  const Conversation& conversation() const { return conversation_; }
  const Searcher& searcher() const { return searcher_; }
  void set_model(std::unique_ptr<LanguageModel> model) { model_ = std::move(model); }

 private:
  Searcher searcher_;
  std::unique_ptr<LanguageModel> model_;
  AnswererOptions options_;
  Conversation conversation_;
};

class MadeLibrary {
 public:
  struct Manual {
    std::string file, markdown;
  };

  explicit MadeLibrary(const std::vector<Manual>& manuals) {
    std::string name =
        (std::filesystem::temp_directory_path() / "saseo-generation-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    root_ = name;
    std::filesystem::create_directory(root_ / "manuals");
    for (const Manual& manual : manuals) {
      std::ofstream(root_ / "manuals" / manual.file) << manual.markdown;
    }
    Result<LibraryWriter> writer = LibraryWriter::open(folder());
    if (!writer.ok()) return;
    const auto files = find_files({root_ / "manuals"}, {}, {});
    if (!files.ok()) return;
    made_ = ingest_files(*writer, *files, {}, {}, {}).ok();
  }
  ~MadeLibrary() {
    std::error_code ignored;
    if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
  }
  MadeLibrary(const MadeLibrary&) = delete;
  MadeLibrary& operator=(const MadeLibrary&) = delete;

  bool made() const { return made_; }
  std::filesystem::path folder() const { return root_ / "library"; }

  // Refuses nothing unless told: small libraries know few words.
  Asker asker(float threshold = 0) const {
    AnswererOptions options;
    options.refusal.threshold = threshold;
    return Asker(folder(), make_extractive_model(), options);
  }

 private:
  std::filesystem::path root_;
  bool made_ = false;
};

inline Answer ask(Asker& asker, const std::string& question) {
  Result<Answer> answer = asker.answer({.text = question}, {});
  EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().message.english);
  return answer.ok() ? std::move(answer).value() : Answer{};
}

inline constexpr const char* kPhoneManual = R"(---
title: 온새폰 K3 사용 설명서
product: 온새폰 K3
language: ko
---

# 충전

## 무선 충전하기

아래 순서로 충전하세요.

1. 무선 충전기의 전원을 연결하세요.
2. 휴대전화의 뒷면 가운데를 충전기에 올리세요.

   > **경고** 충전기 위에 동전을 두지 마세요. 뜨거워집니다.

3. 진동이 울리면 충전이 시작됩니다. 표시등을 확인하세요.

무선 충전에는 2시간 30분이 걸립니다.

## 유선 충전 속도

표: 충전 속도

| 종류 | 최대 출력 | 걸리는 시간 |
|---|---|---|
| 고속 충전 | 25 W | 92분 |
| 초고속 충전 | 45 W | 68분 |
| 일반 충전 | 10 W | 200분 |

# 지문

## 지문 등록

지문은 최대 4개까지 등록할 수 있습니다. 얼굴은 한 명만 등록할 수 있습니다. 설정은 3.5 버전부터 바뀌었습니다.

## 방수

이 제품은 수심 1.5 m에서 30분까지 견딥니다. 바다에서는 쓰지 마세요.

# 규격

## 크기

| 항목 | 값 |
|---|---|
| 무게 | 189 g |
| 화면 | 6.5형 |

# 오류 코드

## 코드 목록

| 코드 | 뜻 | 조치 |
|---|---|---|
| E-21 | 단자에 물기가 있음 | 1시간 말리기 |
| E-33 | 배터리가 부풀었음 | 센터 방문 |
)";

inline constexpr const char* kCleanerManual = R"(---
title: 온새봇 C7 사용 설명서
product: 온새봇 C7
language: ko
---

# 청소기 손질

## 청소기 필터 씻기

1. 청소기의 먼지통을 꺼내세요.
2. 필터를 찬물에 씻으세요.
3. 그늘에서 하루 말리세요.

# 오류 코드

## 코드 목록

| 코드 | 뜻 | 조치 |
|---|---|---|
| E-21 | 청소기 브러시가 걸림 | 머리카락 걷어 내기 |
| E-33 | 배터리 과열 | 1시간 식히기 |

# 사양

## 본체

| 항목 | 값 |
|---|---|
| 무게 | 3.9 kg |
)";

}  // namespace saseo
