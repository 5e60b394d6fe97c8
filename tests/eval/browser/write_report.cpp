// write_report FOLDER: the reports that report_test.mjs opens: Korean, English, one full of hostile
// texts, and a large one; and tiny.gguf, a Gemma 2 of random weights to run beside the program's
// own.
#include <cstdio>
#include <filesystem>

#include "base/files.h"
#include "eval/report/report_html.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/eval/made_evaluation.h"

int main(int argc, char** argv) {
  using namespace saseo;
  if (argc != 2) {
    std::fprintf(stderr, "write_report FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const std::string hostile =
      " <img src=x onerror=alert(1)></script><script>alert(2)</script>\"'` onclick=alert(3) "
      "\u202Ejavascript:alert(4)";
  struct Report {
    const char* name;
    eval::MadeEvaluationOptions made;
    Language language;
  };
  for (const Report& report :
       {Report{"ko.html", {}, Language::kKorean}, Report{"en.html", {}, Language::kEnglish},
        Report{"hostile.html", {.hostile = hostile}, Language::kEnglish},
        Report{"large.html", {.questions = 300}, Language::kKorean}}) {
    const std::string html =
        eval::html_report(eval::made_evaluation(report.made), {.language = report.language});
    if (const Status status = write_file_atomically(folder / report.name, html); !status) {
      std::fprintf(stderr, "%s\n", status.error().message.english.c_str());
      return 1;
    }
    std::printf("%s: %zu bytes\n", report.name, html.size());
  }
  Model tiny = random_model({.type = TensorType::kQ8_0, .vocab = 512, .seed = 1});
  tiny.config.context = 8192;
  if (const Status status = write_gguf(tiny, folder / "tiny.gguf"); !status) {
    std::fprintf(stderr, "%s\n", status.error().message.english.c_str());
    return 1;
  }
  return 0;
}
