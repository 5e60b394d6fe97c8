// What an answer takes of the machine, and what the machine is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace saseo::eval {

// The most memory of this process since reset_peak_memory() or its start, in bytes. nullopt where
// the system does not tell.
std::optional<double> peak_memory_bytes();
// Starts counting anew; false where the system does not let it (the peak is then that of the whole
// process).
bool reset_peak_memory();

// The processor's energy counters (RAPL), where this process may read them: most systems leave
// that to the administrator.
class EnergyMeter {
 public:
  // `root`: /sys/class/powercap; packages are its folders intel-rapl:N.
  explicit EnergyMeter(const std::filesystem::path& root = "/sys/class/powercap");
  bool available() const { return !packages_.empty(); }
  // Of all packages since the last call or the construction; call more often than the counters
  // wrap around (minutes to hours). nullopt where they cannot be read.
  std::optional<double> joules();

 private:
  struct Package {
    std::filesystem::path counter;
    std::uint64_t range = 0, last = 0;  // Microjoules.
  };
  std::vector<Package> packages_;
};

// "Intel(R) Xeon(R) Processor, 2 threads, 23.4 GiB"
std::string machine_description();

// RFC 3339, UTC, to the second.
std::string now_utc();

}  // namespace saseo::eval
