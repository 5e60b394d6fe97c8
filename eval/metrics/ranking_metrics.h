// How well passages were ranked, from the grade of each: 0 is irrelevant, larger is better.
//
//   hit@k       1 when one of the first k is relevant
//   recall@k    relevant ones in the first k / all relevant ones
//   RR@k        1 / the rank of the first relevant one in the first k, else 0 (its mean is MRR)
//   nDCG@k      DCG / the DCG of the best order;  DCG = sum over the first k of grade / log2(1 +
//   rank) context precision   the mean, over the relevant ones, of precision at its rank context
//   recall      relevant ones shown / all relevant ones
//
// nDCG is trec_eval's (ndcg_cut): the gain is the grade itself, not 2^grade - 1, and the best order
// is of all relevant items, ranked or not. Context precision is RAGAS' with relevance known instead
// of judged: of the relevant ones shown; those not shown lower context recall alone.
//
// Sources: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002;
// trec_eval 10.0; Es et al., "RAGAS: Automated Evaluation of Retrieval Augmented Generation", 2023,
// and its documentation of context precision.
#pragma once

#include <cstddef>
#include <span>

namespace saseo::eval {

using Grades = std::span<const int>;

// `ranked`: grades in the order of the ranking, best first; an item must not appear twice (give a
// further chunk of an item that was counted grade 0, or leave it out). `relevant` items in all.
double hit_at(Grades ranked, std::size_t k);
double recall_at(Grades ranked, std::size_t k, std::size_t relevant);
double reciprocal_rank_at(Grades ranked, std::size_t k);
// `relevant`: the grades of all relevant items, in any order. 0 without any.
double ndcg_at(Grades ranked, std::size_t k, Grades relevant);

// Over all of `shown`; 0 when none is relevant.
double context_precision(Grades shown);
double context_recall(Grades shown, std::size_t relevant);

}  // namespace saseo::eval
