// The weights of the features by which hits are put in order (rerank.h), for questions and for
// words that are looked for. Near what
//
//   calibrate_rerank --own corpora/phone corpora/vacuum --extra bench/data/refusal_extra.jsonl
//       --corpus ... --sections ...   (the public sets of bench/README.md)
//
// fits, drawn half way to weights set by hand before: the questions are too few to trust the fit
// alone (it gains 2 points of hit@1 on the questions that it sees and loses 8 on those it does
// not). With corpora/phone-en and bench/data/refusal_extra_en.jsonl the fit differs little and
// gains 0.6 points on the questions of all three manuals and none on the English ones: kept.
#pragma once

#include "retrieval/rerank_features.h"

namespace saseo {

inline constexpr RerankFeatures kQuestionWeights = {
    0.190f,  // fused
    0.020f,  // fused-asked
    0.120f,  // dense
    0.230f,  // unit
    0.070f,  // unit-own
    0.085f,  // coverage
    0.030f,  // heading
    0.070f,  // heading-fit
    0.140f,  // quantity
    0.070f,  // steps
};
inline constexpr RerankFeatures kWordsWeights = {
    0.300f,  // fused
    0.600f,  // fused-asked
    0.000f,  // dense
    0.000f,  // unit
    0.000f,  // unit-own
    0.100f,  // coverage
    0.000f,  // heading
    0.000f,  // heading-fit
    0.000f,  // quantity
    0.000f,  // steps
};

}  // namespace saseo
