// A model's quantised matrices rearranged into panels (panels.h), which the kernels read at memory
// speed where rows of the file would have to be rearranged at every use.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/thread_pool.h"
#include "engine/files/long_read.h"
#include "engine/model/model.h"

namespace saseo {

// Takes as much memory as the file's quantised weights and gives back the file's pages as it goes,
// so that there is never a second copy of more than a few megabytes. Matrices of floats stay where
// they are; files that nothing borrows from any more are closed. Results do not change by a bit.
// Fails with kLimit when memory is short, with kCancelled when stopped: then the model is as
// before.
Status arrange_in_panels(Model& model, ThreadPool& pool, const LongRead& read = {});

// A matrix and the place of its panels in one block of memory or of a file.
struct PanelPlace {
  std::string name;        // As GGUF has it.
  WeightMatrix matrix;     // As it lies in the model.
  std::size_t offset = 0;  // A multiple of kPanelAlignment.
  std::size_t bytes = 0;   // Of its panels.
};
struct PanelPlan {
  std::vector<PanelPlace> places;  // By offset, as the forward pass reads them.
  std::size_t bytes = 0;           // Of the block.
};
constexpr std::size_t kPanelAlignment = 4096;

// The matrices that panels are made of and that are not yet in panels. What lies at one place, as
// a tied output does, is there once.
PanelPlan plan_panels(const Model& model);
// Panels first .. end of a matrix; out: (end - first) * panel_bytes(). Gives back the pages of the
// model's files that it read.
void make_panels(const Model& model, const WeightMatrix& w, std::size_t first, std::size_t end,
                 std::byte* out);
// Lets the model's matrices point into a block that was filled by the plan, and closes files that
// nothing borrows from any more.
void use_panels(Model& model, const PanelPlan& plan, const std::byte* block);

}  // namespace saseo
