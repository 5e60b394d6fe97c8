#include "engine/registry/model_registry.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/files.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "engine/registry/model_registry_sha256.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

struct SizeAndTime {
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
};

// nullopt: there is no such file, or it cannot be reached.
std::optional<SizeAndTime> size_and_time(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return SizeAndTime{static_cast<std::uint64_t>(info.st_size),
                     std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

Error missing_file(const RegisteredModel& model, const fs::path& file) {
  return make_error(ErrorCode::kNotFound,
                    "{}: its file {} is not there any more: moved, deleted, or on a disk that is "
                    "not mounted",
                    "{}: 파일 {}이(가) 없습니다. 옮겼거나 지웠거나 디스크가 연결되어 있지 않습니다",
                    model.name, file.string())
      .advise(AdviceKind::kRegisterModelAs, model.name);
}

Error other_content(const RegisteredModel& model, const fs::path& file, const Message& what) {
  return make_error(ErrorCode::kDamaged,
                    "{}: the content of {} is not what was registered: {}. Download or copy it "
                    "again, unless it is right as it is now",
                    "{}: {} 파일의 내용이 등록한 것과 다릅니다: {}. 지금 파일이 맞지 않다면 다시 "
                    "받거나 복사하세요",
                    model.name, file.string(), what)
      .advise(AdviceKind::kRegisterModel, model.path.string());
}

// Holds the registry's lock file while it lives.
class RegistryLock {
 public:
  static Result<RegistryLock> take(const fs::path& file) {
    const int fd = ::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return io_error(file, errno);
    RegistryLock lock(fd);
    int taken = 0;
    do taken = ::flock(fd, LOCK_EX);
    while (taken != 0 && errno == EINTR);
    if (taken != 0) return io_error(file, errno);
    return lock;
  }
  RegistryLock(RegistryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RegistryLock& operator=(RegistryLock&&) = delete;
  ~RegistryLock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit RegistryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace

std::string_view name_of(ModelKind kind) {
  switch (kind) {
    case ModelKind::kGguf:
      return "gguf";
    case ModelKind::kSplitGguf:
      return "split-gguf";
    case ModelKind::kHuggingFace:
      return "hugging-face";
  }
  return "";
}

std::uint64_t RegisteredModel::bytes() const {
  std::uint64_t total = 0;
  for (const RegisteredFile& file : files) total += file.bytes;
  return total;
}

Result<RegisteredModel> describe_model(const Model& model, const fs::path& path) {
  std::error_code ignored;
  RegisteredModel described;
  described.path = fs::absolute(path, ignored).lexically_normal();
  described.kind = fs::is_directory(path, ignored) ? ModelKind::kHuggingFace
                   : model.paths.size() > 1        ? ModelKind::kSplitGguf
                                                   : ModelKind::kGguf;
  described.architecture = architecture_name(model.config.architecture);
  described.quantization = model.quantization;
  described.parameters = model.parameters;
  described.context = model.config.context;
  described.license = repair_utf8(model.license);
  for (const fs::path& file : model.paths) {
    if (!is_valid_utf8(file.string()))
      return make_error(ErrorCode::kUnsupported,
                        "{}: this path is not UTF-8; rename the file to register it",
                        "{}: 경로가 UTF-8이 아닙니다. 등록하려면 파일 이름을 바꾸세요",
                        repair_utf8(file.string()));
    const std::optional<SizeAndTime> now = size_and_time(file);
    if (!now) return io_error(file, errno);
    described.files.push_back(
        {fs::absolute(file, ignored).lexically_normal(), now->bytes, now->modified_ns, ""});
  }
  return described;
}

Status hash_files(RegisteredModel& model, const LongRead& read) {
  for (RegisteredFile& file : model.files) {
    SASEO_ASSIGN_OR_RETURN(file.sha256, sha256_of_file(file.path, read));
  }
  return {};
}

FilesFinding look_at_files(const RegisteredModel& model) {
  for (const RegisteredFile& file : model.files) {
    const std::optional<SizeAndTime> now = size_and_time(file.path);
    if (!now) {
      Error missing = missing_file(model, file.path);
      return {FilesState::kMissing, {std::move(missing.message), std::move(missing.advice)}};
    }
    if (now->bytes == file.bytes && now->modified_ns == file.modified_ns) continue;
    const Message what =
        now->bytes == file.bytes
            ? message("was written since it was registered", "등록한 뒤에 다시 쓰였습니다")
            : message("has {} bytes, {} when it was registered",
                      "크기가 {}바이트입니다(등록 때 {})", now->bytes, file.bytes);
    return {FilesState::kChanged,
            {message("{}: {} {}", "{}: {} 파일이 달라졌습니다: {}", model.name, file.path.string(),
                     what),
             {{AdviceKind::kCheckModel, model.name},
              {AdviceKind::kRegisterModel, model.path.string()}}}};
  }
  return {};
}

Result<RegisteredModel> verify_hashes(const RegisteredModel& model, const LongRead& read) {
  RegisteredModel verified = model;
  for (RegisteredFile& file : verified.files) {
    const std::optional<SizeAndTime> now = size_and_time(file.path);
    if (!now) return missing_file(model, file.path);
    if (now->bytes != file.bytes)
      return other_content(model, file.path,
                           message("{} bytes, registered {}", "{}바이트, 등록된 크기 {}바이트",
                                   now->bytes, file.bytes));
    SASEO_ASSIGN_OR_RETURN(const std::string sha256, sha256_of_file(file.path, read));
    if (sha256 != file.sha256)
      return other_content(
          model, file.path,
          message("SHA-256 {}, registered {}", "SHA-256 {}, 등록된 값 {}", sha256, file.sha256));
    file.modified_ns = now->modified_ns;
  }
  return verified;
}

Result<ModelRegistry> ModelRegistry::open(const fs::path& file) {
  if (!path_exists(file)) return ModelRegistry();
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(file, std::uint64_t{64} << 20));
  return parse(file, text);
}

Status ModelRegistry::update(const fs::path& file,
                             const std::function<Status(ModelRegistry&)>& change) {
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  if (failure) return io_error(file.parent_path(), failure.value());
  SASEO_ASSIGN_OR_RETURN(const RegistryLock lock, RegistryLock::take(file));
  SASEO_ASSIGN_OR_RETURN(ModelRegistry registry, open(file));
  SASEO_RETURN_IF_ERROR(change(registry));
  return write_file_atomically(file, registry.text());
}

const RegisteredModel* ModelRegistry::find(std::string_view name) const {
  const auto found = std::ranges::find(models_, name, &RegisteredModel::name);
  return found == models_.end() ? nullptr : &*found;
}

const RegisteredModel* ModelRegistry::find_path(const fs::path& path) const {
  std::error_code ignored;
  const fs::path wanted = fs::absolute(path, ignored).lexically_normal();
  const auto found = std::ranges::find(models_, wanted, &RegisteredModel::path);
  return found == models_.end() ? nullptr : &*found;
}

const RegisteredModel* ModelRegistry::default_model() const {
  return default_.empty() ? nullptr : find(default_);
}

void ModelRegistry::put(RegisteredModel model) {
  if (models_.empty()) default_ = model.name;
  const auto place = std::ranges::lower_bound(models_, model.name, {}, &RegisteredModel::name);
  if (place != models_.end() && place->name == model.name)
    *place = std::move(model);
  else
    models_.insert(place, std::move(model));
}

Error ModelRegistry::unknown(std::string_view name) const {
  std::string names;
  for (const RegisteredModel& model : models_) names += (names.empty() ? "" : ", ") + model.name;
  return make_error(ErrorCode::kNotFound, "no model is registered as \"{}\"; there are: {}",
                    "\"{}\"(으)로 등록된 모델이 없습니다. 등록된 모델: {}", name,
                    names.empty() ? message("none", "없음") : untranslated(names));
}

Status ModelRegistry::set_default(std::string_view name) {
  if (find(name) == nullptr) return unknown(name);
  default_ = name;
  return {};
}

Status ModelRegistry::remove(std::string_view name) {
  const std::string removed(name);  // `name` may be of the model that goes.
  if (std::erase_if(models_, [&](const RegisteredModel& m) { return m.name == removed; }) == 0)
    return unknown(removed);
  if (default_ == removed) default_.clear();
  return {};
}

std::string ModelRegistry::free_name(std::string_view wanted, std::string_view quantization,
                                     const fs::path& path) const {
  const auto is_free = [&](const std::string& name) {
    const RegisteredModel* holder = find(name);
    return holder == nullptr || holder == find_path(path);
  };
  std::string name(wanted);
  if (is_free(name)) return name;
  if (!quantization.empty()) name += "-" + std::string(quantization);
  if (is_free(name)) return name;
  for (int number = 2;; ++number) {
    if (std::string numbered = fmt::format("{}-{}", name, number); is_free(numbered))
      return numbered;
  }
}

bool is_model_name(std::string_view name) {
  if (name.empty() || name == "extractive" || !is_valid_utf8(name)) return false;
  if (std::string_view("._:+-").find(name.front()) != std::string_view::npos) return false;
  return std::ranges::all_of(to_utf32(name), [](char32_t c) {
    return is_letter_or_digit(c) ||
           (c < 128 &&
            std::string_view("._:+-").find(static_cast<char>(c)) != std::string_view::npos);
  });
}

}  // namespace saseo
