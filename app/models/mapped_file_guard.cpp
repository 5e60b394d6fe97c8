#include "app/models/mapped_file_guard.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>

#include "cli/terminal/exit_code.h"
#include "cli/terminal/terminal.h"
#include "cli/say.h"

namespace saseo::cli {
namespace {

// What the handler reads; the sentence is complete before `begin` is set, so that the handler
// formats nothing.
struct Slot {
  std::atomic<std::uintptr_t> begin = 0;  // 0: free.
  std::uintptr_t end = 0;
  std::size_t length = 0;
  std::array<char, 2048> sentence{};
};
std::array<Slot, 64> slots;  // Models of more parts than that are not known.
std::mutex slots_mutex;
Slot any_file;

void fill(Slot& slot, const std::string& sentence) {
  slot.length = std::min(sentence.size(), slot.sentence.size());
  std::memcpy(slot.sentence.data(), sentence.data(), slot.length);
}

void on_bus_error(int signal, siginfo_t* info, void*) {
  if (info->si_code != BUS_ADRERR) {  // Not a file: the default ends the program, with a core.
    ::signal(signal, SIG_DFL);
    return;
  }
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const Slot* told = &any_file;
  for (const Slot& slot : slots) {
    const std::uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    if (begin != 0 && address >= begin && address < slot.end) told = &slot;
  }
  (void)!::write(STDERR_FILENO, told->sentence.data(), told->length);
  ::_exit(kExitInput);
}

}  // namespace

void install_mapped_file_handler() {
  fill(any_file, "\nsaseo: " +
                     say("a file was cut short, or could not be read, while it was in use; run "
                         "again when it is whole",
                         "쓰고 있던 파일이 짧아졌거나 읽을 수 없게 되었습니다. 파일이 온전해지면 "
                         "다시 실행하세요") +
                     "\n");
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
}

MappedFileGuard::MappedFileGuard(std::span<const std::byte> bytes,
                                 const std::filesystem::path& file) {
  if (bytes.empty()) return;
  const std::scoped_lock lock(slots_mutex);
  const auto free = std::ranges::find_if(slots, [](const Slot& slot) { return slot.begin == 0; });
  if (free == slots.end()) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  free->end = begin + bytes.size();
  fill(*free, "\nsaseo: " +
                  say("{} was cut short, or could not be read, while it was in use; saseo models "
                      "check tells whether it is whole",
                      "{}: 쓰고 있던 파일이 짧아졌거나 읽을 수 없게 되었습니다. saseo models "
                      "check로 온전한지 확인하세요",
                      clip(without_controls(file.string()), 600)) +
                  "\n");
  free->begin.store(begin, std::memory_order_release);
  slot_ = static_cast<int>(free - slots.begin());
}

MappedFileGuard::MappedFileGuard(MappedFileGuard&& other) noexcept
    : slot_(std::exchange(other.slot_, -1)) {}

MappedFileGuard::~MappedFileGuard() {
  if (slot_ < 0) return;
  const std::scoped_lock lock(slots_mutex);
  slots[static_cast<std::size_t>(slot_)].begin = 0;
}

}  // namespace saseo::cli
