// Names that a sentence gives to things: what it quotes ('확인', "Quick Share", [설정]), the parts
// of a menu path (설정 → 배터리 → 절전), and Latin words and codes (NFC, E-21). An answer must copy
// them from the manual; one that the manual does not have is made up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saseo {

// As written, each once, in order.
std::vector<std::string> find_written_names(std::string_view sentence);

// Whether `text`, folded by fold_letters_and_digits(), holds the name: without regard to case and
// to anything but letters and digits. `name` may end in a particle that the text has not.
bool holds_name(std::string_view squeezed_text, std::string_view name);

}  // namespace saseo
