// A model's tokens from the files of a Hugging Face folder.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "engine/vocabulary/vocabulary.h"

namespace saseo {

// tokenizer.json with a BPE model over U+2581-text with byte fallback, as Gemma has it. BPE merges
// by the rank of a merge, SentencePiece by the score of the piece it makes: the pieces get scores
// that fall in the order of the first merge which makes each. Where that is the order of the ids,
// as Gemma's is, they fall with the id, which are the scores of Gemma's SentencePiece model.
Result<Vocabulary> vocabulary_of_tokenizer_json(std::string_view text,
                                                const std::filesystem::path& path);

// tokenizer.model: a SentencePiece model of the kind BPE.
Result<Vocabulary> vocabulary_of_sentencepiece(std::string_view bytes,
                                               const std::filesystem::path& path);

}  // namespace saseo
