// Agreement of numbers and units: the quantities (retrieval/quantities.h) of the answer against
// those of a reference, each counted once however often it is said.
//
//   precision = quantities of both / of the answer;  recall = quantities of both / of the reference
//   F1 = 2pr / (p + r)
//
// Two are the same when they measure the same and are equal in the base unit: 1 m = 100 cm,
// 1,800 = 1800; a range equals that range alone, a bare number a bare number. Numbers of list items
// ("1.", "(2)", "③") are no quantities.
//
// Not seen: numbers in words (두 번, twice), what a number is said of, and units that
// retrieval/quantities.h does not know (those are bare numbers). An answer that says more, and
// rightly, than the reference loses precision.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace saseo::eval {

struct QuantityAgreement {
  double precision = 0, recall = 0, f1 = 0;
};

// Of the reference with the best F1, among those with a quantity; nullopt when none has one.
std::optional<QuantityAgreement> quantity_agreement(std::string_view answer,
                                                    std::span<const std::string> references);

}  // namespace saseo::eval
