// Ctrl-C as a stop_token: what runs stops between two steps and keeps what it has done.
#pragma once

#include <memory>
#include <stop_token>

namespace saseo::cli {

// While one lives, SIGINT and SIGTERM request a stop instead of ending the program. A second
// signal before renew() ends it at once with exit code 130. One at a time.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  std::stop_token token() const;  // Of the present step.
  bool requested() const { return token().stop_requested(); }
  void renew();  // A new step: an earlier signal is forgotten.
  // A descriptor that becomes readable with each signal, for poll; drain() makes it quiet.
  int descriptor() const;
  void drain();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saseo::cli
