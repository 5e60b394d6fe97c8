// The walls around poppler: whatever a hostile PDF makes it do, it can read the folders of fonts
// and character maps, write to the pipes that are already open, and use so much memory and time.
//
//   limits    RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE 0, RLIMIT_NOFILE, RLIMIT_CORE 0
//   landlock  reads below the data folders only; no TCP, no signals or sockets to outside
//   seccomp   an allow-list; exec, fork, sockets, ptrace kill, everything else fails with EPERM
//
// Kernels and containers without landlock or seccomp leave that part out: the status says so.
#pragma once

#include <cstddef>
#include <string>

namespace saseo::pdf_helper {

struct SandboxLimits {
  std::size_t memory = std::size_t{1} << 30;  // Bytes of address space; 0: no limit.
  int cpu_seconds = 300;                      // 0: no limit.
};

struct SandboxStatus {
  bool limits = false, no_new_privileges = false, landlock = false, seccomp = false;
};

// Closes the sandbox around the calling thread and the threads that it starts later. Files that
// are open stay usable.
SandboxStatus enter_sandbox(const SandboxLimits& limits);

// {"limits":true,"no_new_privileges":true,"landlock":true,"seccomp":true}
std::string to_json(const SandboxStatus& status);

// Enters the sandbox in a child process and tells what came into force there.
SandboxStatus probe_sandbox(const SandboxLimits& limits);

}  // namespace saseo::pdf_helper
