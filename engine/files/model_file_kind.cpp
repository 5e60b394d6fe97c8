#include "engine/files/model_file_kind.h"

#include <cstring>
#include <regex>

#include "base/message.h"
#include "base/utf8.h"

namespace saseo {
namespace {

using namespace std::string_view_literals;

bool is_web_page(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (begin == std::string_view::npos) return false;
  const std::string start = fold_for_matching(repair_utf8(text.substr(begin, 16)));
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml");
}

// u64 length of a header that is a JSON object.
bool is_safetensors(std::string_view bytes) {
  if (bytes.size() < 10 || bytes[8] != '{') return false;
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return length <= bytes.size() - 8;
}

// "oid sha256:..." and "size ..." of a pointer file, for the number of bytes that belong here.
std::string lfs_size(std::string_view text) {
  const std::size_t at = text.find("\nsize ");
  if (at == std::string_view::npos) return "?";
  const std::string_view number = text.substr(at + 6, 20);
  return std::string(number.substr(0, number.find_first_not_of("0123456789")));
}

}  // namespace

Error explain_foreign_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::string name = path.string();
  const std::string_view head = bytes.substr(0, 1024);
  if (bytes.empty()) {
    return make_error(ErrorCode::kBadInput, "{}: the file is empty (0 bytes). Download it again.",
                      "{}: 빈 파일입니다(0바이트). 다시 내려받으세요.", name);
  }
  if (head.starts_with("version https://git-lfs")) {
    return make_error(
        ErrorCode::kBadInput,
        "{}: a Git LFS pointer of {} bytes that stands for a file of {}. Run `git lfs "
        "pull` there, or download the file itself.",
        "{}: 파일 대신 Git LFS 포인터({}바이트, 원본 {}바이트)만 있습니다. "
        "그 폴더에서 `git lfs pull`을 실행하거나 파일을 직접 내려받으세요.",
        name, bytes.size(), lfs_size(head));
  }
  if (is_web_page(head)) {
    return make_error(ErrorCode::kBadInput,
                      "{}: a web page ({} bytes), not a model: the download link led to a page or "
                      "asked to sign in. Download the file itself.",
                      "{}: 모델이 아니라 웹 페이지({}바이트)입니다. 내려받기 링크가 안내나 로그인 "
                      "페이지였습니다. 파일 자체를 내려받으세요.",
                      name, bytes.size());
  }
  if (is_safetensors(bytes)) {
    return make_error(ErrorCode::kBadInput,
                      "{}: weights without their config.json. Name the folder that holds both "
                      "(the whole Hugging Face repository).",
                      "{}: config.json이 없는 가중치 파일입니다. 둘이 함께 있는 폴더(Hugging Face "
                      "저장소 전체)를 지정하세요.",
                      name);
  }
  if (head.starts_with("PK\x03\x04") || head.starts_with("\x80\x02") ||
      head.starts_with("\x80\x03") || head.starts_with("\x80\x04")) {
    return make_error(
        ErrorCode::kUnsupported,
        "{}: a zip or PyTorch pickle file, which is not read as it can run code. Take "
        "the model as GGUF or safetensors.",
        "{}: zip 또는 PyTorch pickle 파일입니다. 코드를 실행할 수 있는 형식이라 읽지 "
        "않습니다. GGUF나 safetensors 모델을 쓰세요.",
        name);
  }
  if (head.starts_with("\x1F\x8B") ||
      head.starts_with("\xFD"
                       "7zXZ") ||
      head.starts_with("\x28\xB5\x2F\xFD") || head.starts_with("7z\xBC\xAF") ||
      (head.size() > 262 && head.substr(257, 5) == "ustar")) {
    return make_error(ErrorCode::kBadInput,
                      "{}: a compressed archive. Unpack it and name the model in it.",
                      "{}: 압축 파일입니다. 푼 뒤 그 안의 모델을 지정하세요.", name);
  }
  for (const std::string_view magic : {"ggml"sv, "lmgg"sv, "ggjt"sv, "tjgg"sv, "fmgg"sv}) {
    if (!head.starts_with(magic)) continue;
    return make_error(ErrorCode::kUnsupported,
                      "{}: a GGML file of before 2023-08. Take the model as GGUF.",
                      "{}: 2023년 8월 이전의 GGML 파일입니다. GGUF 모델을 쓰세요.", name);
  }
  if (head.find_first_not_of('\0') == std::string_view::npos) {
    return make_error(
        ErrorCode::kBadInput,
        "{}: begins with nothing but zeros: an unfinished download. Download it again.",
        "{}: 앞부분이 0으로만 채워져 있습니다. 덜 내려받은 파일입니다. 다시 "
        "내려받으세요.",
        name);
  }
  return make_error(
      ErrorCode::kBadInput,
      "{}: not a model: neither GGUF nor a folder with config.json. Name a .gguf file "
      "or a Hugging Face folder.",
      "{}: 모델이 아닙니다. GGUF 파일도 config.json이 있는 폴더도 아닙니다. .gguf "
      "파일이나 Hugging Face 폴더를 지정하세요.",
      name);
}

Status check_not_a_piece(const std::filesystem::path& path) {
  static const std::regex piece(R"(^(.*\.gguf)[.-](part|split-?)[0-9a-z]+(of[0-9]+)?$)",
                                std::regex::icase);
  const std::string file = path.filename().string();
  std::smatch match;
  if (file.size() > 255 || !std::regex_match(file, match, piece)) return {};
  return make_error(
      ErrorCode::kBadInput,
      "{}: one piece of a file that was cut. Join all of them in order (cat PIECES > {}) and name "
      "the result.",
      "{}: 잘라 놓은 파일의 한 조각입니다. 모든 조각을 순서대로 이어(cat 조각들 > {}) 그 파일을 "
      "지정하세요.",
      path.string(), match[1].str());
}

}  // namespace saseo
