// What the application works with, through whichever door it is used: what the user set, and whom
// to tell of what happens on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "app/settings/config.h"
#include "ingest/reader.h"

namespace saseo::app {

// Is told of what happens while the application works, by the thread that called it. A door shows
// it where its people look: on the terminal, in the log of a server. What a door does not override
// is not told.
class Listener {
 public:
  virtual ~Listener() = default;
  // Something is not as it should be, and the work goes on without it.
  virtual void warn(const std::string& /*text*/) {}
  // Of a long read or write, `what` ("SHA-256", the model's name), so many bytes are done.
  virtual void on_bytes(const std::string& /*what*/, std::uint64_t /*done*/,
                        std::uint64_t /*all*/) {}
  // Something begins that takes a while and cannot say how far it is.
  virtual void on_step(const std::string& /*text*/) {}
  // What on_bytes() or on_step() told of is over, at its end or before.
  virtual void on_over() {}
};

struct Application {
  Config config;
  Listener* listener = nullptr;  // Borrowed; nullptr: nobody is told.
  // Model files are brought into memory when they are opened, not as their pages are used: for
  // whoever waits for the first answer anyway.
  bool reads_ahead = false;

  const std::filesystem::path& library() const { return config.library.value; }
  // How PDF files are read; the password may be empty.
  ReadOptions read_options(const std::string& password) const;
  void warn(const std::string& text) const;
};

}  // namespace saseo::app
