// --report and the options of gates.
#pragma once

#include "app/evaluation/reports.h"

namespace CLI {
class App;
}

namespace saseo::cli {

void add_report_options(CLI::App& command, app::ReportOptions& arguments);

}  // namespace saseo::cli
