#include "engine/model/prepacked.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include "base/hash.h"
#include "base/message.h"
#include "engine/model/model_panels.h"
#include "engine/model/panels.h"
#include "engine/model/prepacked_header.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;

// Where the parts of the header's first bytes stand.
constexpr std::size_t kFormatAt = 8, kLayoutAt = 16, kSourceAt = 24, kMatricesAt = 40;

Error damaged(const fs::path& path, const Message& what) {
  return make_error(ErrorCode::kDamaged, "{}: {}. Damaged, or not written whole.",
                    "{}: {}. 손상되었거나 쓰다 만 파일입니다.", path.string(), what)
      .advise(AdviceKind::kPrepackModel);
}

Error of_another_model(const fs::path& path) {
  return make_error(ErrorCode::kBadInput,
                    "{}: made of another model file, or of this one before it changed.",
                    "{}: 다른 모델 파일이나 바뀌기 전의 파일로 만든 것입니다.", path.string())
      .advise(AdviceKind::kPrepackModel);
}

// Whether a part of the header is what this program would write.
bool agrees(std::span<const std::byte> bytes, std::string_view expected, std::size_t at,
            std::size_t size) {
  return std::memcmp(bytes.data() + at, expected.data() + at, size) == 0;
}

// Checks everything but the panels: afterwards each place of the plan lies within the file.
Status check_header(const Model& model, const PanelPlan& plan, std::span<const std::byte> bytes,
                    const fs::path& path) {
  const std::size_t matrices = plan.places.size();
  const std::size_t size = prepacked_header_bytes(matrices);
  std::vector<std::uint64_t> checksums(matrices);
  std::string expected = prepacked_header(model, plan, checksums);
  if (bytes.size() < kMatricesAt || !agrees(bytes, expected, 0, kFormatAt)) {
    return make_error(
        ErrorCode::kBadInput, "{}: no prepacked weights: it does not begin with \"SASEOPAN\".",
        "{}: 재배열한 가중치 파일이 아닙니다. \"SASEOPAN\"으로 시작하지 않습니다.", path.string());
  }
  if (!agrees(bytes, expected, kFormatAt, 4) || !agrees(bytes, expected, kLayoutAt, 8)) {
    return make_error(ErrorCode::kTooNew,
                      "{}: written by another version of this program, which lays weights out "
                      "otherwise.",
                      "{}: 가중치 배열이 다른 버전의 프로그램이 만든 파일입니다.", path.string())
        .advise(AdviceKind::kPrepackModel);
  }
  if (!agrees(bytes, expected, kSourceAt, 8)) return of_another_model(path);
  const std::uint64_t whole = prepacked_data_offset(matrices) + plan.bytes;
  if (bytes.size() != whole) {
    return damaged(path, message("it has {} bytes, {} were expected",
                                 "크기가 {}바이트입니다({} 필요)", bytes.size(), whole));
  }
  for (std::size_t i = 0; i < matrices; ++i) checksums[i] = prepacked_checksum(bytes, i);
  expected = prepacked_header(model, plan, checksums);
  if (!agrees(bytes, expected, 0, size)) {
    return damaged(path, message("its header is not what was written", "머리말이 기록과 다릅니다"));
  }
  return {};
}

// A few rows of the matrix: the first, the last, and one that its place chooses.
bool has_rows_of(const PanelPlace& place, const std::byte* panels) {
  const WeightMatrix& w = place.matrix;
  std::vector<std::byte> row(row_bytes(w.type, w.cols));
  for (const std::size_t r :
       {std::size_t{0}, place.offset / kPanelAlignment % w.rows, std::size_t{w.rows} - 1}) {
    row_of_panel(w.type, panels + r / kPanelRows * panel_bytes(w.type, w.cols), r % kPanelRows,
                 w.cols, row.data());
    if (std::memcmp(row.data(), w.row(r), row.size()) != 0) return false;
  }
  return true;
}

// Compares every panel with what the model's rows make.
bool has_all_rows_of(const Model& model, const PanelPlace& place, const std::byte* panels,
                     ThreadPool& pool) {
  constexpr std::size_t kSlice = std::size_t{1} << 20;
  const std::size_t size = panel_bytes(place.matrix.type, place.matrix.cols);
  const std::size_t count = place.bytes / size, slice = std::max<std::size_t>(1, kSlice / size);
  std::atomic<bool> same = true;
  pool.for_each((count + slice - 1) / slice, [&](std::size_t index, std::size_t) {
    const std::size_t first = index * slice, end = std::min(count, first + slice);
    std::vector<std::byte> made((end - first) * size);
    make_panels(model, place.matrix, first, end, made.data());
    if (std::memcmp(made.data(), panels + first * size, made.size()) != 0) same = false;
  });
  return same;
}

}  // namespace

fs::path prepacked_path(const fs::path& model) {
  fs::path path = model.has_filename() ? model : model.parent_path();  // "folder/"
  path += ".panels";
  return path;
}

std::uint64_t prepacked_bytes(const Model& model) {
  const PanelPlan plan = plan_panels(model);
  return plan.places.empty() ? 0 : prepacked_data_offset(plan.places.size()) + plan.bytes;
}

Status use_prepacked(Model& model, const fs::path& path) {
  SASEO_ASSIGN_OR_RETURN(MappedFile file, MappedFile::open(path));
  file.use_large_pages();
  return use_prepacked(model, std::move(file), path);
}

Status use_prepacked(Model& model, MappedFile file, const fs::path& path) {
  const PanelPlan plan = plan_panels(model);
  if (plan.places.empty()) return of_another_model(path);
  SASEO_RETURN_IF_ERROR(check_header(model, plan, file.bytes(), path));
  const std::byte* block = file.bytes().data() + prepacked_data_offset(plan.places.size());
  for (const PanelPlace& place : plan.places) {
    if (!has_rows_of(place, block + place.offset)) return of_another_model(path);
  }
  use_panels(model, plan, block);
  model.prepacked = std::move(file);
  model.prepacked_path = path;
  return {};
}

Status verify_prepacked(const Model& model, const fs::path& path, ThreadPool& pool,
                        const LongRead& read) {
  SASEO_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const PanelPlan plan = plan_panels(model);
  if (plan.places.empty()) return of_another_model(path);
  SASEO_RETURN_IF_ERROR(check_header(model, plan, file.bytes(), path));
  const std::size_t data = prepacked_data_offset(plan.places.size());
  for (std::size_t i = 0; i < plan.places.size(); ++i) {
    const PanelPlace& place = plan.places[i];
    if (read.stop.stop_requested()) {
      return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    }
    const auto panels = file.bytes().subspan(data + place.offset, place.bytes);
    if (checksum(panels) != prepacked_checksum(file.bytes(), i)) {
      return damaged(path,
                     message("the checksum of {} is wrong", "{}의 체크섬이 다릅니다", place.name));
    }
    if (!has_all_rows_of(model, place, panels.data(), pool)) return of_another_model(path);
    file.drop(data + place.offset, place.bytes);
    if (read.on_bytes) read.on_bytes(place.bytes);
  }
  return {};
}

}  // namespace saseo
