#include "retrieval/query.h"

#include "base/utf8.h"

namespace saseo {

Result<std::string> checked_question(std::string_view text) {
  if (text.size() > kMaxQuestionBytes) {
    return make_error(ErrorCode::kBadInput,
                      "the question has {} bytes; at most {} are taken. Ask in a few sentences",
                      "질문이 {}바이트입니다. 최대 {}바이트까지 받습니다. 몇 문장으로 줄여 주세요",
                      text.size(), kMaxQuestionBytes);
  }
  if (!is_valid_utf8(text)) {
    return make_error(ErrorCode::kBadInput,
                      "the question is not valid UTF-8; check the terminal's or file's encoding",
                      "질문이 올바른 UTF-8이 아닙니다. 터미널이나 파일의 인코딩을 확인하세요");
  }
  std::string question = collapse_spaces(to_nfc(text));
  bool says_something = false;
  for (std::size_t i = 0; i < question.size() && !says_something;) {
    const DecodedCodePoint decoded = decode_utf8(question, i);
    says_something = is_letter_or_digit(decoded.code_point);
    i += decoded.length;
  }
  if (!says_something) {
    return make_error(ErrorCode::kInvalidArgument, "the question is empty; ask in words",
                      "질문이 비어 있습니다. 질문을 입력하세요");
  }
  return question;
}

}  // namespace saseo
