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

namespace saseo::app {
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
// What is written and how the program ends; set before threads start, read by the handler.
std::string (*sentence_for_file)(const std::filesystem::path&) = nullptr;
int fault_descriptor = STDERR_FILENO;
int fault_exit_code = 1;

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
  (void)!::write(fault_descriptor, told->sentence.data(), told->length);
  ::_exit(fault_exit_code);
}

}  // namespace

void install_mapped_file_handler(const MappedFileFault& fault) {
  fill(any_file, fault.any_file);
  sentence_for_file = fault.one_file;
  fault_descriptor = fault.descriptor;
  fault_exit_code = fault.exit_code;
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
}

MappedFileGuard::MappedFileGuard(std::span<const std::byte> bytes,
                                 const std::filesystem::path& file) {
  if (bytes.empty() || sentence_for_file == nullptr) return;
  const std::scoped_lock lock(slots_mutex);
  const auto free = std::ranges::find_if(slots, [](const Slot& slot) { return slot.begin == 0; });
  if (free == slots.end()) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  free->end = begin + bytes.size();
  fill(*free, sentence_for_file(file));
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

}  // namespace saseo::app
