// JSON of what a chat model wrote (docs/json.md), version 1.
#pragma once

#include "app/json/json.h"
#include "generation/answer.h"

namespace saseo::app {

Json sentences_json(std::span<const CheckedSentence> sentences);
// null where no chat model was asked.
Json generation_json(const Answer& answer);
// null where the question is as it was typed.
Json rewriting_json(const Answer& answer);

}  // namespace saseo::app
