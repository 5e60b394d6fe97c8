#include "cli/terminal/line_reader.h"

#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <iostream>

#include "base/utf8.h"

namespace saseo::cli {
namespace {

constexpr int kHistoryLines = 1000;

class PlainReader final : public LineReader {
 public:
  ReadEnd read(const std::string&, std::string& line) override {
    if (!std::getline(std::cin, line)) return ReadEnd::kEnd;
    if (line.ends_with('\r')) line.pop_back();
    return ReadEnd::kLine;
  }
  bool is_interactive() const override { return false; }
};

class EditedReader final : public LineReader {
 public:
  EditedReader(Interrupts& interrupts, std::filesystem::path history_file)
      : interrupts_(interrupts), history_file_(std::move(history_file)) {
    editor_ = ::el_init("saseo", stdin, stdout, stderr);
    history_ = ::history_init();
    HistEvent event{};
    ::history(history_, &event, H_SETSIZE, kHistoryLines);
    ::history(history_, &event, H_SETUNIQUE, 1);
    if (!history_file_.empty()) ::history(history_, &event, H_LOAD, history_file_.c_str());
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_SIGNAL, 0);  // Signals are Interrupts' business.
    ::el_set(editor_, EL_PROMPT, &EditedReader::prompt_of);
    ::el_set(editor_, EL_HIST, ::history, history_);
    ::el_set(editor_, EL_GETCFN, &EditedReader::next_character);
    // The kernel throws away what was just printed when Ctrl-C comes, and with it the next prompt.
    ::el_set(editor_, EL_SETTY, "-d", "+noflsh", nullptr);
    ::el_set(editor_, EL_SETTY, "-x", "+noflsh", nullptr);
    ::el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    ::el_source(editor_, nullptr);  // ~/.editrc
  }

  ~EditedReader() override {
    ::history_end(history_);
    ::el_end(editor_);
  }

  ReadEnd read(const std::string& prompt, std::string& line) override {
    prompt_ = prompt;
    interrupts_.renew();
    interrupts_.drain();
    interrupted_ = false;
    ::el_resize(editor_);
    ::el_set(editor_, EL_PREP_TERM, 1);  // Before the prompt: what is typed at it is edited.
    int count = 0;
    const char* typed = ::el_gets(editor_, &count);
    if (interrupted_) {
      ::el_reset(editor_);
      std::fputs("^C\n", stdout);
      std::fflush(stdout);
      interrupts_.renew();
      return ReadEnd::kInterrupted;
    }
    if (typed == nullptr || count <= 0) {
      std::fputs("\n", stdout);
      std::fflush(stdout);
      return ReadEnd::kEnd;
    }
    line.assign(typed, static_cast<std::size_t>(count));
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    remember(line);
    return ReadEnd::kLine;
  }
  bool is_interactive() const override { return true; }

 private:
  static EditedReader& self(EditLine* editor) {
    void* data = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<EditedReader*>(data);
  }
  static char* prompt_of(EditLine* editor) { return self(editor).prompt_.data(); }
  static int next_character(EditLine* editor, wchar_t* character) {
    return self(editor).read_character(character);
  }

  // 1: a character; 0: end of input; -1: interrupted or failed.
  int read_character(wchar_t* character);
  bool wait_for_key();
  void remember(const std::string& line);

  Interrupts& interrupts_;
  std::filesystem::path history_file_;
  EditLine* editor_ = nullptr;
  History* history_ = nullptr;
  std::string prompt_;
  bool interrupted_ = false;
};

// libedit itself restarts a read that a signal ended; this one looks for the signal too.
bool EditedReader::wait_for_key() {
  while (true) {
    std::array<pollfd, 2> waiting = {pollfd{STDIN_FILENO, POLLIN, 0},
                                     pollfd{interrupts_.descriptor(), POLLIN, 0}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if ((waiting[1].revents & POLLIN) != 0) {
      interrupts_.drain();
      interrupted_ = true;
      return false;
    }
    if (waiting[0].revents != 0) return true;
  }
}

int EditedReader::read_character(wchar_t* character) {
  std::string bytes;
  while (true) {
    if (!wait_for_key()) return -1;
    char byte = 0;
    const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return static_cast<int>(got);
    bytes += byte;
    const auto lead = static_cast<unsigned char>(bytes.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (bytes.size() < length && lead >= 0xC2 && lead <= 0xF4) continue;
    *character = static_cast<wchar_t>(decode_utf8(bytes, 0).code_point);
    return 1;
  }
}

void EditedReader::remember(const std::string& line) {
  if (trim(line).empty()) return;
  HistEvent event{};
  ::history(history_, &event, H_ENTER, line.c_str());
  if (history_file_.empty()) return;
  // Questions are private: the file is its owner's before anything is written into it.
  std::error_code ignored;
  std::filesystem::create_directories(history_file_.parent_path(), ignored);
  const int fd = ::open(history_file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  (void)::fchmod(fd, 0600);
  ::close(fd);
  ::history(history_, &event, H_SAVE, history_file_.c_str());
}

}  // namespace

std::unique_ptr<LineReader> open_line_reader(Interrupts& interrupts,
                                             const std::filesystem::path& history_file) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1)
    return std::make_unique<PlainReader>();
  // Korean needs a UTF-8 locale; without one in the environment C.UTF-8 serves.
  if (std::setlocale(LC_CTYPE, "") == nullptr || std::string(::nl_langinfo(CODESET)) != "UTF-8")
    std::setlocale(LC_CTYPE, "C.UTF-8");
  return std::make_unique<EditedReader>(interrupts, history_file);
}

}  // namespace saseo::cli
