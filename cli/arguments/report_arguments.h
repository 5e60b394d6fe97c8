// --report and the options of gates.
#pragma once

#include <CLI/App.hpp>

#include "app/evaluation/reports.h"

namespace saseo::cli {

void add_report_options(CLI::App& command, app::ReportOptions& arguments);

}  // namespace saseo::cli
