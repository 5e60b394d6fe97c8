#include "cli/terminal/answer_progress.h"

#include "app/models/answering_model.h"
#include "base/message.h"

namespace saseo::cli {

void AnswerProgress::start(std::string_view model) {
  model_ = model == app::kExtractive ? "" : without_controls(model);
  show(0, 0);
}

void AnswerProgress::show(std::size_t done, std::size_t all) {
  if (model_.empty()) return;
  if (all == 0) {
    bar_.show_text(say("{} reads the passages ...", "{} 모델이 대목을 읽는 중...", model_));
  } else if (done < all) {
    bar_.show_text(say("{} reads the passages ... {} of {} tokens",
                       "{} 모델이 대목을 읽는 중... {}/{}토큰", model_, done, all));
  } else {
    bar_.show_text(say("{} writes ...", "{} 모델이 쓰는 중...", model_));
  }
}

void AnswerProgress::stop() {
  bar_.clear();
  model_.clear();
}

}  // namespace saseo::cli
