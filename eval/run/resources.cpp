#include "eval/run/resources.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/utf8.h"

namespace saseo::eval {
namespace {

std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::uint64_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

// The rest of the line of `path` that begins with `key`.
std::string line_of(const std::filesystem::path& path, std::string_view key) {
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos)
      return std::string(trim(std::string_view(line).substr(colon + 1)));
  }
  return "";
}

}  // namespace

std::optional<double> peak_memory_bytes() {
  const std::string text = line_of("/proc/self/status", "VmHWM");
  double kib = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), kib);
  if (failure != std::errc()) return std::nullopt;
  return kib * 1024;
}

bool reset_peak_memory() {
  ::malloc_trim(0);  // What a model left must not count for the next.
  std::ofstream out("/proc/self/clear_refs");
  out << "5" << std::flush;
  return out.good();
}

EnergyMeter::EnergyMeter(const std::filesystem::path& root) {
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(root, unreadable)) {
    const std::string name = entry.path().filename().string();
    // Packages, not the cores and memories within them ("intel-rapl:0:1").
    if (!name.starts_with("intel-rapl:") || std::ranges::count(name, ':') != 1) continue;
    const std::optional<std::uint64_t> now = read_number(entry.path() / "energy_uj"),
                                       range = read_number(entry.path() / "max_energy_range_uj");
    if (now && range) packages_.push_back({entry.path() / "energy_uj", *range, *now});
  }
}

std::optional<double> EnergyMeter::joules() {
  if (packages_.empty()) return std::nullopt;
  double microjoules = 0;
  for (Package& package : packages_) {
    const std::optional<std::uint64_t> now = read_number(package.counter);
    if (!now) return std::nullopt;
    microjoules += static_cast<double>(*now >= package.last ? *now - package.last
                                                            : package.range - package.last + *now);
    package.last = *now;
  }
  return microjoules / 1e6;
}

std::string machine_description() {
  std::string processor = line_of("/proc/cpuinfo", "model name");
  if (processor.empty()) processor = "unknown processor";
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return fmt::format("{}, {} threads, {:.1f} GiB", processor, std::thread::hardware_concurrency(),
                     memory / (1 << 30));
}

std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace saseo::eval
