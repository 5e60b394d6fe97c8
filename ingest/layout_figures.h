// The labels inside a figure.
//
// A figure's labels come as short lines above its caption. Alone they say nothing and answer every
// search for their words, so they are told with the caption, as parts of it. Labels without letters
// ("1", "7 2", "x") are left out: without the picture they point nowhere.
#pragma once

#include <vector>

#include "ingest/layout_blocks.h"

namespace saseo::layout {

void gather_figure_labels(std::vector<DraftBlock>& blocks);

}  // namespace saseo::layout
