#include "cli/terminal/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>

#include "cli/terminal/exit_code.h"

namespace saseo::cli {
namespace {

// The handler's end of a pipe; -1 without an Interrupts.
std::atomic<int> signal_pipe{-1};

void on_signal(int) {
  const int saved = errno;
  const char byte = 1;
  if (const int fd = signal_pipe.load(); fd >= 0) (void)!::write(fd, &byte, 1);
  errno = saved;
}

}  // namespace

struct Interrupts::State {
  std::array<int, 2> signals{-1, -1};  // Handler -> watcher.
  std::array<int, 2> notes{-1, -1};    // Watcher -> poll of the caller.
  struct sigaction before_int {
  }, before_term{};
  mutable std::mutex mutex;
  std::stop_source source;
  std::thread watcher;

  void watch();
};

// Requesting a stop runs callbacks, which no signal handler may: a thread does.
void Interrupts::State::watch() {
  char byte = 0;
  while (true) {
    const ssize_t got = ::read(signals[0], &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || byte == 0) return;
    const std::scoped_lock lock(mutex);
    if (!source.request_stop()) ::_exit(kExitInterrupted);
    (void)!::write(notes[1], &byte, 1);
  }
}

Interrupts::Interrupts() : state_(std::make_unique<State>()) {
  if (::pipe2(state_->signals.data(), O_CLOEXEC) != 0) return;
  if (::pipe2(state_->notes.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  // The watcher takes no signals itself: they go to the thread that waits for a key.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  state_->watcher = std::thread([state = state_.get()] { state->watch(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);

  signal_pipe = state_->signals[1];
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, &state_->before_int);
  ::sigaction(SIGTERM, &action, &state_->before_term);
}

Interrupts::~Interrupts() {
  if (state_->watcher.joinable()) {
    ::sigaction(SIGINT, &state_->before_int, nullptr);
    ::sigaction(SIGTERM, &state_->before_term, nullptr);
    signal_pipe = -1;
    const char end = 0;
    (void)!::write(state_->signals[1], &end, 1);
    state_->watcher.join();
  }
  for (const int fd : {state_->signals[0], state_->signals[1], state_->notes[0], state_->notes[1]})
    if (fd >= 0) ::close(fd);
}

std::stop_token Interrupts::token() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->source.get_token();
}

void Interrupts::renew() {
  const std::scoped_lock lock(state_->mutex);
  if (state_->source.stop_requested()) state_->source = std::stop_source();
}

int Interrupts::descriptor() const { return state_->notes[0]; }

void Interrupts::drain() {
  std::array<char, 64> bytes;
  while (::read(state_->notes[0], bytes.data(), bytes.size()) > 0) {
  }
}

}  // namespace saseo::cli
