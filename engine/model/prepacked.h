// Prepacked weights: a model's matrices in panels (panels.h) as a file beside the model, so that a
// start maps them where it would have to read and rearrange all weights.
//
//   "SASEOPAN" | format u32 | header bytes u32 | layout u64 | source u64 | file bytes u64 |
//   matrices u32 | 0 u32
//   matrices x  name char[64] | type u32 | rows u32 | cols u32 | 0 u32 |
//               offset u64 | bytes u64 | checksum u64
//   checksum u64 of all before | zeros to a multiple of 2 MiB | panels, each matrix at its offset
//
// Little-endian; checksums are XXH3. `layout` stands for what make_panel() makes, `source` for the
// model's files and tensors. Everything but the checksums of the matrices follows from the model,
// so a reader makes the header that it expects and compares: nothing in the file is believed.
// The panels begin at 2 MiB and are written in large pieces: file systems with large folios then
// map them as huge pages, which are read as fast as memory of the program's own.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/files.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "engine/files/long_read.h"
#include "engine/model/model.h"

namespace saseo {

// Beside what open_model() takes: "gemma.gguf" -> "gemma.gguf.panels".
std::filesystem::path prepacked_path(const std::filesystem::path& model);

// Bytes of the file; 0: the model has no quantised matrices, or they are in panels already.
std::uint64_t prepacked_bytes(const Model& model);

// Writes the file beside its place and renames: a crash or a full disk leaves what was there, and
// of several writers the last wins. Takes memory of some megabytes. Fails with kUnsupported where
// prepacked_bytes() is 0, with kDiskFull before anything is written where there is no room, with
// kCancelled when stopped.
Status write_prepacked(const Model& model, const std::filesystem::path& path, ThreadPool& pool,
                       const LongRead& read = {});

// Maps the file and lets the model's matrices point into it. The header is checked whole; of each
// matrix a few rows, taken out of their panels again, must be those of the model, so that a file
// made of another model is not taken. Nothing else is read. Results do not change by a bit.
// The model is as before on failure: kNotFound when there is no such file; kBadInput, kTooNew or
// kDamaged when it does not fit, saying why.
Status use_prepacked(Model& model, const std::filesystem::path& path);
Status use_prepacked(Model& model, MappedFile file, const std::filesystem::path& path);

// Reads all of the file and of the model, which must not be in panels: every checksum and every
// row. Fails as use_prepacked() does, with kDamaged naming the matrix, with kCancelled when
// stopped.
Status verify_prepacked(const Model& model, const std::filesystem::path& path, ThreadPool& pool,
                        const LongRead& read = {});

}  // namespace saseo
