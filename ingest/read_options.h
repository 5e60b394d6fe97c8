// How a file is read, whatever its kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace saseo {

struct ReadOptions {
  std::string password;              // For encrypted PDF files.
  std::filesystem::path pdf_helper;  // The saseo-pdf program; empty: found beside this program
                                     // or in ../libexec/saseo (pdf_reader.h).
  std::size_t helper_memory = std::size_t{1} << 30;  // Bytes of address space for the PDF helper.
  int helper_cpu_seconds = 300;                      // Processor seconds for one document.
  int page_timeout_seconds = 15;  // Longest wait for one page; the pages before it are kept.
  std::uint64_t max_file_bytes = std::uint64_t{1} << 30;
  // Called after each page that was read: (pages done, pages in all; 0 while unknown).
  std::function<void(int, int)> on_page;
  // Called once when a PDF turns out to hold Korean, while the rest of it is still being read: time
  // to load what Korean needs.
  std::function<void()> on_korean;
  std::stop_token stop;
};

}  // namespace saseo
