// Text from questions, answers and manuals, made safe for HTML and XML. All of it is hostile: what
// a report shows was written by models and by whoever wrote the manuals.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace saseo::eval {

// Text as it may be shown: invalid UTF-8, control characters other than tab and newline, marks of
// writing direction (which can make a line read as another one) and noncharacters become U+FFFD;
// "\r" is dropped; line and paragraph separators become newlines.
std::string visible_text(std::string_view text);

// visible_text() for the content of an element or a quoted attribute's value, of HTML and XML.
std::string escape(std::string_view text);

// JSON for the inside of a <script> element: no "<", ">" or "&", so that nothing ends the element.
std::string script_json(const nlohmann::json& json);

// "sha256-...": what a Content-Security-Policy calls an inline style or script by.
std::string content_security_hash(std::string_view text);

}  // namespace saseo::eval
