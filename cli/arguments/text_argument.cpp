#include "cli/arguments/text_argument.h"

#include <unistd.h>

#include <cerrno>

#include "base/files.h"
#include "base/message.h"
#include "cli/terminal/terminal_session.h"

namespace saseo::cli {
namespace {

constexpr std::uint64_t kMaxBytes = 16 << 20;

Result<std::string> read_standard_input() {
  std::string text;
  char piece[64 * 1024];
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("-", errno);
    if (count == 0) return text;
    text.append(piece, static_cast<std::size_t>(count));
    if (text.size() > kMaxBytes)
      return make_error(ErrorCode::kLimit, "standard input: more than {} MiB of text",
                        "표준 입력: 글이 {} MiB를 넘습니다", kMaxBytes >> 20);
  }
}

}  // namespace

Result<std::string> text_argument(const std::vector<std::string>& words) {
  if (words.empty())
    return make_error(ErrorCode::kInvalidArgument, "no text: give words, @FILE, or - for input",
                      "글이 없습니다. 낱말이나 @파일, 표준 입력이면 -를 적으세요");
  if (words.size() == 1 && words[0] == "-") return read_standard_input();
  if (words.size() == 1 && words[0].size() > 1 && words[0][0] == '@')
    return read_file(words[0].substr(1), kMaxBytes);
  return joined(words);
}

}  // namespace saseo::cli
