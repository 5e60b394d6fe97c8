// --document, --product, --language, --pages: where to look.
#pragma once

#include "app/library/search_filter.h"

namespace CLI {
class App;
}

namespace saseo::cli {

void add_filter_options(CLI::App& command, app::FilterChoice& arguments);

}  // namespace saseo::cli
