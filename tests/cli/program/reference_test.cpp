// What is made from the program's statement of its options: manual pages, completions, docs/cli.md.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

std::string reference(const Workplace& place, const std::string& form,
                      const std::string& language = "en") {
  const Finished printed = place.run({"--lang", language, "reference", form});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  return printed.out;
}

// Names that start with "--" in the help of a command.
std::set<std::string> options_in_help(const Workplace& place, std::vector<std::string> command) {
  command.emplace_back("--help");
  const std::string help = place.run(command).out;
  std::set<std::string> names;
  for (std::size_t at = help.find("  -"); at != std::string::npos; at = help.find("  -", at + 1)) {
    const std::size_t name = help.find("--", at);
    if (name == std::string::npos || name > help.find('\n', at)) continue;
    names.insert(help.substr(name, help.find_first_of(" ,=\n", name) - name));
  }
  names.erase("--help");
  return names;
}

std::string without_backslashes(std::string text) {
  std::erase(text, '\\');
  return text;
}

// What bash offers for the words of a command line, the last of which is being typed.
std::string completions_of(const Workplace& place, const std::string& words) {
  place.write("completion.bash", reference(place, "bash"));
  const Finished offered =
      place.run_shell("cd " + place.folder().string() +
                      " && bash -c 'saseo() { \"$SASEO\" \"$@\"; }; source ./completion.bash; "
                      "COMP_WORDS=(" +
                      words +
                      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _saseo; "
                      "printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
  EXPECT_EQ(offered.exit_code, 0) << offered.err;
  EXPECT_EQ(offered.err, "");
  return "\n" + offered.out;
}

const std::vector<std::vector<std::string>> kSomeCommands = {
    {"ingest"},         {"ask"},           {"chat"},     {"search"},
    {"library", "set"}, {"models", "add"}, {"eval"},     {"eval", "tune"},
    {"eval", "report"}, {"generate"},      {"tokenize"}, {"doctor"}};

TEST(Reference, EveryOptionOfHelpStandsInPageTableAndCompletions) {
  const Workplace place;
  for (const char* form : {"commands", "markdown", "bash", "zsh"}) {
    const std::string text = without_backslashes(reference(place, form));
    for (const std::vector<std::string>& command : kSomeCommands) {
      const std::set<std::string> options = options_in_help(place, command);
      EXPECT_FALSE(options.empty()) << command.back();
      for (const std::string& option : options)
        EXPECT_NE(text.find(option), std::string::npos) << form << ": " << option;
    }
  }
}

TEST(Reference, ThePageHasAKoreanAndAnEnglishForm) {
  const Workplace place;
  EXPECT_NE(reference(place, "commands", "ko").find("라이브러리 폴더"), std::string::npos);
  EXPECT_NE(reference(place, "commands", "en").find("Folder of the library"), std::string::npos);
  EXPECT_NE(reference(place, "synopsis", "ko").find("saseo library set"), std::string::npos);
}

TEST(Reference, HelpDoesNotShowIt) {
  const Workplace place;
  EXPECT_EQ(place.run({"--help"}).out.find("reference"), std::string::npos);
}

TEST(Reference, AnUnknownFormIsAUsageError) {
  const Workplace place;
  EXPECT_EQ(place.run({"reference", "html"}).exit_code, 2);
}

TEST(Reference, BashCompletesCommandsOptionsAndValues) {
  const Workplace place;
  place.write("manual.pdf", "");
  EXPECT_NE(completions_of(place, "saseo in").find("\ningest\n"), std::string::npos);
  EXPECT_NE(completions_of(place, "saseo library re").find("\nrebuild\n"), std::string::npos);
  EXPECT_NE(completions_of(place, "saseo ask --qu").find("\n--quote\n"), std::string::npos);
  EXPECT_EQ(completions_of(place, "saseo search --qu"), "\n\n") << "an option of another command";
  EXPECT_EQ(completions_of(place, "saseo search --mode lex"), "\nlexical\n");
  EXPECT_EQ(completions_of(place, "saseo ask --lang k"), "\nko\n") << "an option of every command";
  EXPECT_EQ(completions_of(place, "saseo ingest man"), "\nmanual.pdf\n");
  EXPECT_NE(completions_of(place, "saseo ask --model extr").find("\nextractive\n"),
            std::string::npos);
}

TEST(Reference, TheTablesOfTheDocumentationAreThoseOfTheProgram) {
  const Workplace place;
  std::ifstream file(std::string(SASEO_CORPORA) + "/../docs/cli.md");
  const std::string document(std::istreambuf_iterator<char>(file), {});
  const std::string begin = "<!-- made by: saseo reference markdown -->\n",
                    end = "<!-- end of what is made -->";
  const std::size_t from = document.find(begin), to = document.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(document.substr(from + begin.size(), to - from - begin.size()),
            reference(place, "markdown"))
      << "put the output of `saseo --lang en reference markdown` between the two marks";
}

}  // namespace
}  // namespace saseo::cli
