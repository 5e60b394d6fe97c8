// A model's quantised matrices rearranged into panels (panels.h), which the kernels read at memory
// speed where rows of the file would have to be rearranged at every use.
#pragma once

#include "base/result.h"
#include "base/thread_pool.h"
#include "engine/long_read.h"
#include "engine/model.h"

namespace saseo {

// Takes as much memory as the file's quantised weights and gives back the file's pages as it goes,
// so that there is never a second copy of more than a few megabytes. Matrices of floats stay where
// they are; files that nothing borrows from any more are closed. Results do not change by a bit.
// Fails with kLimit when memory is short, with kCancelled when stopped: then the model is as
// before.
Status arrange_in_panels(Model& model, ThreadPool& pool, const LongRead& read = {});

}  // namespace saseo
