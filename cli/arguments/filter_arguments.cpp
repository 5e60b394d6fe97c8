#include "cli/arguments/filter_arguments.h"

#include <CLI/App.hpp>

#include "base/message.h"

namespace saseo::cli {

void add_filter_options(CLI::App& command, app::FilterChoice& arguments) {
  const std::string group = say("Where to look", "찾을 곳");
  command
      .add_option("-d,--document", arguments.documents,
                  say("Only this manual: number, file, title or product (repeatable)",
                      "이 설명서에서만: 번호, 파일, 제목, 제품 (여러 번 쓸 수 있음)"))
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("-p,--product", arguments.product,
                  say("Only manuals of this product or model number",
                      "이 제품이나 모델 번호의 설명서에서만"))
      ->type_name("NAME")
      ->group(group);
  command
      .add_option("--language", arguments.language,
                  say("Only manuals in this language", "이 언어의 설명서에서만"))
      ->type_name("ko|en")
      ->group(group);
  command
      .add_option(
          "--pages", arguments.pages,
          say("Only these pages of the file: 12, 10-20, 10-", "파일의 이 쪽에서만: 12, 10-20, 10-"))
      ->type_name("A-B")
      ->group(group);
}

}  // namespace saseo::cli
