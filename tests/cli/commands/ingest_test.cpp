// saseo ingest, as another program sees it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "index/library_writer.h"
#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

using nlohmann::json;

TEST(Ingest, WritesOneLineAFileAndASummary) {
  Workplace place;
  const std::string kettle = place.write("m/kettle.md", kKettle).string();
  const std::string empty = place.write("m/empty.md", "").string();
  const Finished ingest = place.run({"ingest", "--json", (place.folder() / "m").string()});
  EXPECT_EQ(ingest.exit_code, 3);  // One file failed.
  const std::vector<json> lines = ingest.json_lines();
  ASSERT_EQ(lines.size(), 3u) << ingest.out;
  EXPECT_EQ(lines[0]["path"], empty);
  EXPECT_EQ(lines[0]["outcome"], "failed");
  EXPECT_EQ(lines[0]["error"]["code"], "bad-input");
  EXPECT_TRUE(lines[0]["document"].is_null());
  EXPECT_EQ(lines[1]["path"], kettle);
  EXPECT_EQ(lines[1]["outcome"], "added");
  EXPECT_EQ(lines[1]["kind"], "markdown");
  EXPECT_EQ(lines[1]["title"], "다온포트 K1 사용 설명서");
  EXPECT_EQ(lines[1]["product"], "다온포트 K1");
  EXPECT_EQ(lines[1]["model_number"], "DK-100");
  EXPECT_EQ(lines[1]["edition"], "제2판");
  EXPECT_EQ(lines[1]["language"], "ko");
  EXPECT_GT(lines[1]["chunks"].get<int>(), 0);
  EXPECT_TRUE(lines[1]["warnings"].is_array());
  EXPECT_EQ(lines[2]["summary"]["added"], 1);
  EXPECT_EQ(lines[2]["summary"]["failed"], 1);
  EXPECT_EQ(lines[2]["summary"]["cancelled"], false);
}

TEST(Ingest, LeavesAnUnchangedFileAloneAndKeepsTheChunksThatDidNotChange) {
  Workplace place;
  const std::string kettle = place.write("kettle.md", kKettle).string();
  ASSERT_EQ(place.run({"ingest", kettle}).exit_code, 0);
  EXPECT_EQ(place.run({"ingest", "--json", kettle}).json_lines()[0]["outcome"], "unchanged");
  const json again = place.run({"ingest", "--json", "--again", kettle}).json_lines()[0];
  EXPECT_EQ(again["outcome"], "updated");
  EXPECT_EQ(again["kept_chunks"], again["chunks"]);
  place.write("kettle.md", std::string(kKettle) + "\n# 청소\n\n젖은 천으로 닦으세요.\n");
  const json changed = place.run({"ingest", "--json", kettle}).json_lines()[0];
  EXPECT_EQ(changed["outcome"], "updated");
  EXPECT_EQ(changed["kept_chunks"].get<int>() + 1, changed["chunks"].get<int>());
}

TEST(Ingest, TakesAProductAndLanguageForAllFiles) {
  Workplace place;
  const std::string lamp = place.write("lamp.md", kLamp).string();
  const json line =
      place.run({"ingest", "--json", "--product", "다른 램프", "--language", "en", lamp})
          .json_lines()[0];
  EXPECT_EQ(line["product"], "다른 램프");
  EXPECT_EQ(line["language"], "en");
}

TEST(Ingest, TellsWhatCannotBeRead) {
  Workplace place;
  std::filesystem::create_directory(place.folder() / "none");
  const Finished missing = place.run({"ingest", "--json", "/no/such/manual.pdf"});
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_EQ(missing.json()["error"]["code"], "not-found");
  EXPECT_EQ(place.run({"ingest", (place.folder() / "none").string()}).exit_code, 3);
  EXPECT_EQ(place.run({"ingest"}).exit_code, 2);
  // No library came of it.
  EXPECT_FALSE(std::filesystem::exists(place.library()));
  const std::string broken = place.write("broken.pdf", "%PDF-1.4\nbroken").string();
  const Finished damaged = place.run({"ingest", "--json", broken});
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_EQ(damaged.json_lines()[0]["outcome"], "failed");
}

// As root too: without the capability to read everything (setpriv is part of Debian's base).
TEST(Ingest, TellsThatPermissionIsMissing) {
  Workplace place;
  const std::filesystem::path secret = place.write("secret.md", kLamp);
  std::filesystem::permissions(secret, std::filesystem::perms::none);
  const std::string as_a_mere_user =
      ::geteuid() == 0 ? "setpriv --bounding-set=-dac_override,-dac_read_search " : "";
  const Finished ingest =
      place.run_shell(as_a_mere_user + "\"$SASEO\" ingest --json " + secret.string());
  EXPECT_EQ(ingest.exit_code, 3);
  EXPECT_EQ(ingest.json_lines()[0]["error"]["code"], "io");
}

TEST(Ingest, IncludeAndExcludeChooseFiles) {
  Workplace place;
  place.write("m/kettle.md", kKettle);
  place.write("m/lamp.md", kLamp);
  place.write("m/note.txt", "메모입니다.\n");
  const Finished ingest = place.run({"ingest", "--json", (place.folder() / "m").string(),
                                     "--include", "*.md", "--exclude", "lamp*"});
  EXPECT_EQ(ingest.json_lines().size(), 2u) << ingest.out;
}

TEST(Ingest, WaitsForNobodyWhenTheLibraryIsLocked) {
  Workplace place;
  const std::string lamp = place.write("lamp.md", kLamp).string();
  const Result<LibraryWriter> holder = LibraryWriter::open(place.library());
  ASSERT_TRUE(holder.ok());
  const Finished ingest = place.run({"ingest", "--json", lamp});
  EXPECT_EQ(ingest.exit_code, 5);
  EXPECT_EQ(ingest.json()["error"]["code"], "locked");
  EXPECT_NE(ingest.json()["error"]["message"].get<std::string>().find(std::to_string(::getpid())),
            std::string::npos);
}

TEST(Ingest, ReportsForPeopleInTheirLanguage) {
  Workplace place;
  const std::string kettle = place.write("kettle.md", kKettle).string();
  const Finished korean = place.run({"--lang", "ko", "ingest", kettle});
  EXPECT_NE(korean.out.find("제품 다온포트 K1"), std::string::npos) << korean.out;
  EXPECT_NE(korean.out.find("saseo library set"), std::string::npos) << korean.out;
  const Finished english = place.run({"ingest", "--again", kettle});
  EXPECT_NE(english.out.find("product 다온포트 K1"), std::string::npos) << english.out;
  EXPECT_EQ(place.run({"ingest", "--again", "--quiet", kettle}).out, "");
}

TEST(Ingest, WarnsThatAPasswordOnTheCommandLineIsSeen) {
  Workplace place;
  const std::string kettle = place.write("kettle.md", kKettle).string();
  EXPECT_NE(place.run({"ingest", "--password", "x", kettle}).err.find("SASEO_PDF_PASSWORD"),
            std::string::npos);
  place.environment["SASEO_PDF_PASSWORD"] = "x";
  EXPECT_EQ(place.run({"ingest", kettle}).err, "");
}

}  // namespace
}  // namespace saseo::cli
