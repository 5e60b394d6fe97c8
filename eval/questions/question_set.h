// Question sets: what is asked, and what is known about good answers.
//
// Read from (question_set_readers.h): our own JSON Lines, CSV and TSV, SQuAD / KorQuAD JSON, and
// BEIR folders (questions with relevant documents, for retrieval alone).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/message.h"

namespace saseo::eval {

// A place that answers a question.
struct GoldSection {
  std::string document;           // Title, product or file name; empty: whichever manual has it.
  std::vector<std::string> path;  // Headings from the chapter down; empty: pages alone count.
  std::vector<int> pages;         // 1-based positions in the file; empty when unknown.
};

// What was said before the question. An empty answer is filled by asking the same model.
struct EarlierTurn {
  std::string question, answer;
};

struct Question {
  std::string id;  // Unique in the set.
  std::string text;
  Language language = Language::kUnknown;  // Of the set, else as the text looks.
  std::string type;                        // "how-to", "table", ...; empty when not told.
  std::string split;                       // "dev", "test"; empty when not told.
  std::string product;                  // Only this product's manuals are searched; may be empty.
  std::vector<EarlierTurn> history;     // Oldest first.
  std::vector<std::string> references;  // Each a whole good answer.
  // What an answer must hold: each an array of accepted spellings.
  std::vector<std::vector<std::string>> facts;
  std::vector<GoldSection> gold;  // Each alone answers the question.
  // Relevance of documents by name, for retrieval alone (BEIR): larger is better, 0 is none. In a
  // run: by the name of the document's file, without its ending.
  std::map<std::string, int> relevant_documents;
  bool unanswerable = false;  // The manuals are silent: a refusal is right.

  bool has_gold() const { return !gold.empty() || !relevant_documents.empty(); }
};

struct QuestionSet {
  std::string name;  // Of the file or folder.
  std::string path;
  std::string hash;    // Of what was read, content_hash().
  bool draft = false;  // Proposed by a program and not looked through by a person yet.
  std::vector<Question> questions;
  std::vector<Message> notes;  // For people: what was passed over and why.
};

}  // namespace saseo::eval
