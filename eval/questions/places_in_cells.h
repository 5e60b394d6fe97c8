// Places in manuals as a table's cells name them: "Charging > Wireless || Care", "16, 18-20 || 3".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/questions/faults.h"
#include "eval/questions/question_set.h"

namespace saseo::eval {

// The n-th part of each cell together is the n-th place; a cell with one part holds for all.
// Another number of parts, or a page that is none, is a fault at `place`.
std::vector<GoldSection> places_in_cells(std::string_view document, std::string_view section,
                                         std::string_view pages, const Message& place,
                                         Faults& faults);

}  // namespace saseo::eval
