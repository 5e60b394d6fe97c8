#include "ingest/pdf_helper/sandbox.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace saseo::pdf_helper {
namespace {

// poppler-data, fonts, and what fontconfig needs to find them.
constexpr std::array kReadableFolders = {"/usr/share/poppler",
                                         "/usr/share/fonts",
                                         "/usr/local/share/fonts",
                                         "/usr/share/fontconfig",
                                         "/etc/fonts",
                                         "/var/cache/fontconfig",
                                         "/usr/share/ghostscript",
                                         "/usr/share/texmf/fonts"};

// linux/landlock.h of Debian 12 ends at version 2; the numbers are the kernel's ABI.
struct RulesetAttributes {
  std::uint64_t file_access, network_access, scope;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed_access;
  std::int32_t parent_fd;
};
constexpr std::uint64_t kLandlockReadFile = 1 << 2, kLandlockReadDir = 1 << 3;
constexpr int kLandlockRulePathBeneath = 1;
constexpr unsigned kLandlockQueryVersion = 1;

bool set_limit(int resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) return false;
  if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
  limit = {value, value};
  return setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0;
}

bool enter_limits(const SandboxLimits& limits) {
  bool ok = set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_FSIZE, 0) && set_limit(RLIMIT_NOFILE, 64);
  // AddressSanitizer maps terabytes: its builds go without the limit on address space.
#if !defined(SASEO_ADDRESS_SANITIZER)
  if (limits.memory != 0) ok = set_limit(RLIMIT_AS, limits.memory) && ok;
#endif
  if (limits.cpu_seconds > 0) ok = set_limit(RLIMIT_CPU, limits.cpu_seconds) && ok;
  return ok;
}

bool enter_landlock() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, kLandlockQueryVersion);
  if (version < 1) return false;

  RulesetAttributes attributes{};
  // Version 1 knows 13 rights on files, 2 adds REFER, 3 TRUNCATE, 5 IOCTL_DEV.
  const int rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
  attributes.file_access = (std::uint64_t{1} << rights) - 1;
  if (version >= 4) attributes.network_access = 3;  // Bind and connect TCP.
  if (version >= 6) attributes.scope = 3;           // Abstract sockets and signals.
  const int ruleset =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0));
  if (ruleset < 0) return false;

  for (const char* folder : kReadableFolders) {
    const int fd = open(folder, O_PATH | O_CLOEXEC);
    if (fd < 0) continue;  // Not installed.
    const PathBeneath rule{kLandlockReadFile | kLandlockReadDir, fd};
    syscall(SYS_landlock_add_rule, ruleset, kLandlockRulePathBeneath, &rule, 0);
    close(fd);
  }
  const bool ok = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return ok;
}

bool allow(scmp_filter_ctx filter, std::initializer_list<int> calls) {
  for (const int call : calls)
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) return false;
  return true;
}

bool add_rules(scmp_filter_ctx filter) {
  // Memory, threads, time, reading: what computing and a C library need.
  const bool plain = allow(filter, {SCMP_SYS(read),
                                    SCMP_SYS(readv),
                                    SCMP_SYS(pread64),
                                    SCMP_SYS(write),
                                    SCMP_SYS(writev),
                                    SCMP_SYS(lseek),
                                    SCMP_SYS(close),
                                    SCMP_SYS(fstat),
                                    SCMP_SYS(newfstatat),
                                    SCMP_SYS(stat),
                                    SCMP_SYS(lstat),
                                    SCMP_SYS(statx),
                                    SCMP_SYS(access),
                                    SCMP_SYS(faccessat),
                                    SCMP_SYS(faccessat2),
                                    SCMP_SYS(readlink),
                                    SCMP_SYS(readlinkat),
                                    SCMP_SYS(getdents64),
                                    SCMP_SYS(statfs),
                                    SCMP_SYS(fstatfs),
                                    SCMP_SYS(getcwd),
                                    SCMP_SYS(munmap),
                                    SCMP_SYS(mremap),
                                    SCMP_SYS(madvise),
                                    SCMP_SYS(brk),
                                    SCMP_SYS(futex),
                                    SCMP_SYS(set_robust_list),
                                    SCMP_SYS(rseq),
                                    SCMP_SYS(sched_yield),
                                    SCMP_SYS(sched_getaffinity),
                                    SCMP_SYS(rt_sigaction),
                                    SCMP_SYS(rt_sigprocmask),
                                    SCMP_SYS(rt_sigreturn),
                                    SCMP_SYS(sigaltstack),
                                    SCMP_SYS(exit),
                                    SCMP_SYS(exit_group),
                                    SCMP_SYS(clock_gettime),
                                    SCMP_SYS(clock_nanosleep),
                                    SCMP_SYS(nanosleep),
                                    SCMP_SYS(gettimeofday),
                                    SCMP_SYS(time),
                                    SCMP_SYS(getrandom),
                                    SCMP_SYS(getpid),
                                    SCMP_SYS(gettid),
                                    SCMP_SYS(getuid),
                                    SCMP_SYS(geteuid),
                                    SCMP_SYS(getgid),
                                    SCMP_SYS(getegid),
                                    SCMP_SYS(uname),
                                    SCMP_SYS(sysinfo),
                                    SCMP_SYS(getrlimit)});
  if (!plain) return false;

  bool ok = true;
  const auto allow_if = [&](int call, scmp_arg_cmp condition) {
    ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, condition) == 0 && ok;
  };
  // Opening for reading only; mapping without the right to execute; threads but no processes.
  constexpr std::uint64_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
  allow_if(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, 0));
  allow_if(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, 0));
  allow_if(SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  allow_if(SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  allow_if(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  allow_if(SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
  allow_if(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<std::uint64_t>(getpid())));
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC})
    allow_if(SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, static_cast<std::uint64_t>(command)));
  // The flags of clone3 are out of a filter's sight; without it the C library takes clone.
  ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 && ok;

  for (const int call :
       {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(socket),
        SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev), SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(kill)})
    ok = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0) == 0 && ok;
  return ok;
}

bool enter_seccomp() {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  const bool ok = add_rules(filter) && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return ok;
}

}  // namespace

SandboxStatus enter_sandbox(const SandboxLimits& limits) {
  SandboxStatus status;
  status.no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  status.limits = enter_limits(limits);
  if (status.no_new_privileges) {
    status.landlock = enter_landlock();
    status.seccomp = enter_seccomp();
  }
  return status;
}

std::string to_json(const SandboxStatus& status) {
  const auto word = [](bool value) { return value ? "true" : "false"; };
  return std::string("{\"limits\":") + word(status.limits) +
         ",\"no_new_privileges\":" + word(status.no_new_privileges) +
         ",\"landlock\":" + word(status.landlock) + ",\"seccomp\":" + word(status.seccomp) + "}";
}

SandboxStatus probe_sandbox(const SandboxLimits& limits) {
  const pid_t child = fork();
  if (child < 0) return {};
  if (child == 0) {
    const SandboxStatus status = enter_sandbox(limits);
    _exit(status.limits | status.no_new_privileges << 1 | status.landlock << 2 |
          status.seccomp << 3);
  }
  int code = 0;
  while (waitpid(child, &code, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(code)) return {};
  const int bits = WEXITSTATUS(code);
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

}  // namespace saseo::pdf_helper
