#include "engine/model_panels.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/message.h"
#include "engine/panels.h"

namespace saseo {
namespace {

constexpr std::size_t kSliceBytes = std::size_t{4} << 20;  // Of a file, at a time and thread.

std::vector<WeightMatrix*> matrices_of(Model& model) {
  std::vector<WeightMatrix*> all = {&model.embedding, &model.output};
  for (LayerWeights& layer : model.layers) {
    all.insert(all.end(), {&layer.q, &layer.k, &layer.v, &layer.attention_output, &layer.gate,
                           &layer.up, &layer.down});
  }
  return all;
}

bool is_arrangeable(const WeightMatrix& w) {
  return !w.empty() && !w.in_panels && !is_float_type(w.type);
}

std::size_t bytes_in_panels(const WeightMatrix& w) {
  return panel_count(w.rows) * panel_bytes(w.type, w.cols);
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
    for (std::size_t p = first; p < end; ++p) {
      const std::size_t row = p * kPanelRows;
      make_panel(w.type, w.row(row), std::min<std::size_t>(kPanelRows, w.rows - row),
                 row_bytes(w.type, w.cols), w.cols / tensor_type_info(w.type).block_elements,
                 out + p * size);
    }
    drop_pages(model, w.row(first * kPanelRows), (end - first) * size);
  });
}

}  // namespace

Status arrange_in_panels(Model& model, ThreadPool& pool, const LongRead& read) {
  // A tied output is the embedding itself: what lies at one place is arranged once.
  std::map<const std::byte*, std::size_t> places;  // In the file -> in the new memory.
  std::size_t size = 0;
  for (const WeightMatrix* w : matrices_of(model)) {
    if (is_arrangeable(*w) && places.emplace(w->data, size).second) size += bytes_in_panels(*w);
  }
  if (size == 0) return {};
  SASEO_ASSIGN_OR_RETURN(Pages memory, Pages::allocate(size));
  std::map<const std::byte*, bool> done;
  for (const WeightMatrix* w : matrices_of(model)) {
    if (!is_arrangeable(*w) || !done.emplace(w->data, true).second) continue;
    if (read.stop.stop_requested()) {
      return make_error(ErrorCode::kCancelled, "Stopped while loading {}.",
                        "{}을(를) 여는 도중에 멈추었습니다.", model.name);
    }
    arrange(model, *w, memory.bytes().data() + places.at(w->data), pool);
    if (read.on_bytes) read.on_bytes(w->bytes());
  }
  bool borrowed = false;
  for (WeightMatrix* w : matrices_of(model)) {
    if (!is_arrangeable(*w)) {
      borrowed = borrowed || (!w->empty() && !w->in_panels);
      continue;
    }
    w->data = memory.bytes().data() + places.at(w->data);
    w->in_panels = true;
  }
  model.pages.push_back(std::move(memory));
  if (!borrowed) model.files.clear();
  return {};
}

}  // namespace saseo
