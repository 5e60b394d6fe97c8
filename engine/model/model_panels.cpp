#include "engine/model/model_panels.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/message.h"
#include "engine/model/model_tensors.h"
#include "engine/model/panels.h"

namespace saseo {
namespace {

constexpr std::size_t kSliceBytes = std::size_t{4} << 20;  // Of a file, at a time and thread.

bool is_arrangeable(const WeightMatrix& w) {
  return !w.empty() && !w.in_panels && !is_float_type(w.type);
}

void drop_pages(const Model& model, const std::byte* begin, std::size_t size) {
  for (const MappedFile& file : model.files) {
    const std::span<const std::byte> bytes = file.bytes();
    if (begin >= bytes.data() && begin < bytes.data() + bytes.size()) {
      file.drop(static_cast<std::size_t>(begin - bytes.data()), size);
    }
  }
}

void arrange(const Model& model, const WeightMatrix& w, std::byte* out, ThreadPool& pool) {
  const std::size_t size = panel_bytes(w.type, w.cols);
  const std::size_t panels = panel_count(w.rows);
  const std::size_t slice = std::max<std::size_t>(1, kSliceBytes / size);
  pool.for_each((panels + slice - 1) / slice, [&](std::size_t index, std::size_t) {
    const std::size_t first = index * slice, end = std::min(panels, first + slice);
    make_panels(model, w, first, end, out + first * size);
  });
}

}  // namespace

PanelPlan plan_panels(const Model& model) {
  PanelPlan plan;
  std::set<const std::byte*> seen;
  for_each_matrix(model, [&](std::string name, const WeightMatrix& w) {
    if (!is_arrangeable(w) || !seen.insert(w.data).second) return;
    const std::size_t bytes = panel_count(w.rows) * panel_bytes(w.type, w.cols);
    plan.bytes = (plan.bytes + kPanelAlignment - 1) / kPanelAlignment * kPanelAlignment;
    plan.places.push_back({std::move(name), w, plan.bytes, bytes});
    plan.bytes += bytes;
  });
  return plan;
}

void make_panels(const Model& model, const WeightMatrix& w, std::size_t first, std::size_t end,
                 std::byte* out) {
  const std::size_t row_size = row_bytes(w.type, w.cols);
  const std::size_t blocks = w.cols / tensor_type_info(w.type).block_elements;
  for (std::size_t p = first; p < end; ++p) {
    const std::size_t row = p * kPanelRows;
    make_panel(w.type, w.row(row), std::min<std::size_t>(kPanelRows, w.rows - row), row_size,
               blocks, out + (p - first) * panel_bytes(w.type, w.cols));
  }
  drop_pages(model, w.row(first * kPanelRows), (end - first) * kPanelRows * row_size);
}

void use_panels(Model& model, const PanelPlan& plan, const std::byte* block) {
  std::map<const std::byte*, std::size_t> offsets;
  for (const PanelPlace& place : plan.places) offsets.emplace(place.matrix.data, place.offset);
  bool borrowed = false;
  for_each_matrix(model, [&](const std::string&, WeightMatrix& w) {
    if (is_arrangeable(w)) {
      w.data = block + offsets.at(w.data);
      w.in_panels = true;
    } else {
      borrowed = borrowed || (!w.empty() && !w.in_panels);
    }
  });
  if (!borrowed) model.files.clear();
}

Status arrange_in_panels(Model& model, ThreadPool& pool, const LongRead& read) {
  const PanelPlan plan = plan_panels(model);
  if (plan.places.empty()) return {};
  SASEO_ASSIGN_OR_RETURN(Pages memory, Pages::allocate(plan.bytes));
  for (const PanelPlace& place : plan.places) {
    if (read.stop.stop_requested()) {
      return make_error(ErrorCode::kCancelled, "Stopped while loading {}.",
                        "{}을(를) 여는 도중에 멈추었습니다.", model.name);
    }
    arrange(model, place.matrix, memory.bytes().data() + place.offset, pool);
    if (read.on_bytes) read.on_bytes(place.matrix.bytes());
  }
  use_panels(model, plan, memory.bytes().data());
  model.pages.push_back(std::move(memory));
  return {};
}

}  // namespace saseo
