// Bytes to a descriptor. The first failure is remembered, not died of: a closed pipe
// (`saseo search ... | head`) ends the output quietly, a full disk ends the program with an error.
#pragma once

#include <string>
#include <string_view>

namespace saseo::cli {

// Thread-compatible.
class Writer {
 public:
  explicit Writer(int fd);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { flush(); }

  void write(std::string_view text);  // Kept back until flush() or 64 KiB.
  void write_line(std::string_view text);
  void flush();

  bool is_terminal() const { return is_terminal_; }
  int failure() const { return failure_; }  // errno of the first failure; 0: none.

 private:
  int fd_;
  bool is_terminal_;
  int failure_ = 0;
  std::string kept_;
};

}  // namespace saseo::cli
