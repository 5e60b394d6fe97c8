// saseo library and doctor, also on libraries that are damaged.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

using nlohmann::json;

class LibraryCommandTest : public ::testing::Test {
 protected:
  LibraryCommandTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    EXPECT_EQ(place_.run({"ingest", (place_.folder() / "m").string()}).exit_code, 0);
  }
  json run_json(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return place_.run(arguments).json();
  }
  void sql(const char* statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((place_.library() / "library.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  Workplace place_;
};

TEST_F(LibraryCommandTest, ListsShowsSetsAndRemoves) {
  const json list = run_json({"library", "list"});
  ASSERT_EQ(list["documents"].size(), 2u);
  EXPECT_EQ(list["documents"][0]["product"], "다온포트 K1");
  const json shown = run_json({"library", "show", "다온포트 K1"});
  EXPECT_EQ(shown["id"], 1);
  EXPECT_EQ(shown["outline"][0]["text"], "물 끓이기");
  EXPECT_EQ(shown["outline"][1]["level"], 2);
  EXPECT_TRUE(shown["outline"][0]["page"].is_null());

  const json set = run_json({"library", "set", "2", "--product", "램프 새 이름", "--edition", "3"});
  EXPECT_EQ(set["product"], "램프 새 이름");
  EXPECT_EQ(set["edition"], "3");
  // What a person set survives.
  place_.run({"ingest", "--again", (place_.folder() / "m").string()});
  EXPECT_EQ(run_json({"library", "show", "2"})["product"], "램프 새 이름");

  EXPECT_EQ(run_json({"library", "remove", "1"})["removed"]["id"], 1);
  EXPECT_EQ(run_json({"library", "list"})["documents"].size(), 1u);
  EXPECT_EQ(run_json({"library", "stats"})["documents"], 1);
  EXPECT_EQ(place_.run({"ask", "물때 제거하는 방법"}).exit_code, 4);
  EXPECT_EQ(run_json({"library", "verify"})["healthy"], true);
}

TEST_F(LibraryCommandTest, TellsWhatIsNotThere) {
  EXPECT_EQ(place_.run({"library", "show", "9"}).exit_code, 3);
  EXPECT_EQ(place_.run({"library", "remove", "없음"}).exit_code, 3);
  EXPECT_EQ(place_.run({"library", "set", "1"}).exit_code, 2);
  EXPECT_EQ(place_.run({"library", "set", "1", "--language", "fr"}).exit_code, 2);
  EXPECT_EQ(place_.run({"library"}).exit_code, 2);
}

TEST_F(LibraryCommandTest, NoCommandButIngestMakesALibrary) {
  const std::string nowhere = (place_.folder() / "nowhere").string();
  for (const char* command : {"list", "verify", "rebuild", "stats"})
    EXPECT_EQ(place_.run({"library", command, "-L", nowhere}).exit_code, 3) << command;
  EXPECT_EQ(place_.run({"library", "remove", "1", "-L", nowhere}).exit_code, 3);
  const Finished asked = place_.run({"ask", "--json", "x", "-L", nowhere});
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_EQ(asked.json()["error"]["code"], "not-found");
  EXPECT_NE(asked.json()["error"]["message"].get<std::string>().find("saseo ingest"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(nowhere));
}

TEST_F(LibraryCommandTest, VerifyFindsARowThatWasChangedAndRebuildCorrectsWhatIsDerived) {
  EXPECT_EQ(place_.run({"library", "verify"}).exit_code, 0);
  sql("UPDATE chunk_terms SET bigrams = 'x' WHERE rowid = 1");
  sql("UPDATE vectors SET vector = zeroblob(4) WHERE chunk_id = 2");
  const Finished verify = place_.run({"library", "verify", "--json"});
  EXPECT_EQ(verify.exit_code, 5);
  EXPECT_EQ(verify.json()["healthy"], false);
  EXPECT_EQ(place_.run({"library", "rebuild"}).exit_code, 0);
  EXPECT_EQ(place_.run({"library", "verify"}).exit_code, 0);
}

TEST_F(LibraryCommandTest, StatsVerifyAndDoctorTellOfEveryEmbedder) {
  sql("INSERT INTO embedders(name, dims, fit, fitted_chunks, parameters) "
      "VALUES('other', 1, 1, 0, '{}')");
  sql("INSERT INTO vectors SELECT (SELECT id FROM embedders WHERE name = 'other'), id, "
      "x'0000803F' FROM chunks");
  const json stats = run_json({"library", "stats"});
  ASSERT_EQ(stats["embedders"].size(), 2u);
  EXPECT_EQ(stats["embedders"][0]["name"], "lsa");
  EXPECT_EQ(stats["embedder"], "lsa");
  EXPECT_EQ(stats["embedders"][1]["name"], "other");
  EXPECT_EQ(stats["embedders"][1]["dims"], 1);
  EXPECT_EQ(stats["embedders"][1]["vectors"], stats["chunks"]);
  EXPECT_NE(place_.run({"library", "stats"}).out.find("(other, 1)"), std::string::npos);
  EXPECT_EQ(run_json({"library", "verify"})["healthy"], true);
  const std::string found = run_json({"doctor"})["findings"][0]["value"];
  EXPECT_NE(found.find("(other)"), std::string::npos) << found;
  // A title is embedded with every chunk: LSA's vectors follow, the other's wait for its embedder.
  EXPECT_EQ(place_.run({"library", "set", "1", "--title", "새 제목"}).exit_code, 0);
  const json after = run_json({"library", "stats"});
  EXPECT_EQ(after["vectors"], after["chunks"]);
  EXPECT_LT(after["embedders"][1]["vectors"], after["chunks"]);
}

TEST_F(LibraryCommandTest, AWriterTellsThatWordsWereIndexedAnew) {
  sql("UPDATE meta SET value = 0 WHERE key = 'analyzer_version'");
  EXPECT_EQ(place_.run({"ask", "물때 제거하는 방법"}).exit_code, 0);
  const Finished first = place_.run({"library", "set", "1", "--edition", "2"});
  EXPECT_EQ(first.exit_code, 0);
  EXPECT_NE(first.err.find("indexed anew"), std::string::npos) << first.err;
  const Finished second = place_.run({"ingest", (place_.folder() / "m").string()});
  EXPECT_EQ(second.err.find("indexed anew"), std::string::npos) << second.err;
  EXPECT_EQ(run_json({"library", "verify"})["healthy"], true);
}

TEST_F(LibraryCommandTest, ADamagedCacheIsRebuiltAndToldByDoctorAndVerify) {
  for (const auto& entry : std::filesystem::directory_iterator(place_.library() / "vectors"))
    std::ofstream(entry.path(), std::ios::binary) << "damaged";
  EXPECT_EQ(place_.run({"ask", "물때 제거하는 방법"}).exit_code, 0);
  const json verify = run_json({"library", "verify"});
  EXPECT_EQ(verify["healthy"], true);
  bool told = false;
  for (const json& check : verify["checks"])
    if (check["name"] == "caches") told = !check["notes"].empty();
  EXPECT_TRUE(told) << verify;
  const Finished doctor = place_.run({"doctor", "--json"});
  EXPECT_EQ(doctor.exit_code, 0);
  EXPECT_EQ(doctor.json()["findings"][1]["name"], "caches");
  EXPECT_EQ(doctor.json()["findings"][1]["status"], "missing");
  EXPECT_EQ(place_.run({"library", "rebuild"}).exit_code, 0);
  EXPECT_EQ(place_.run({"doctor", "--json"}).json()["findings"][1]["status"], "ok");
}

TEST_F(LibraryCommandTest, DoctorNamesTheKernelsInForceAndThoseThatRun) {
  place_.environment["SASEO_KERNELS"] = "scalar";
  const json forced = run_json({"doctor"});
  EXPECT_EQ(forced["model_kernels"], "scalar");
  EXPECT_EQ(forced["runnable_kernels"][0], "scalar");
  EXPECT_EQ(forced["findings"].back()["status"], "ok");

  place_.environment["SASEO_KERNELS"] = "sse9";
  const Finished doctor = place_.run({"doctor", "--json"});
  EXPECT_NE(doctor.err.find("saseo: warning: SASEO_KERNELS=sse9"), std::string::npos);
  EXPECT_EQ(doctor.json()["findings"].back()["name"], "kernels");
  EXPECT_EQ(doctor.json()["findings"].back()["status"], "missing");
}

TEST_F(LibraryCommandTest, ADamagedDatabaseEndsEveryCommandWithFive) {
  std::filesystem::remove(place_.library() / "library.db-wal");
  std::filesystem::remove(place_.library() / "library.db-shm");
  place_.write("library/library.db", std::string(20'000, 'x'));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"ask", "x"},
                                                  {"search", "x"},
                                                  {"library", "list"},
                                                  {"library", "verify"},
                                                  {"doctor"},
                                                  {"chat"}}) {
    const Finished finished = place_.run(command);
    EXPECT_EQ(finished.exit_code, 5) << command[0] << finished.out << finished.err;
  }
  EXPECT_EQ(place_.run({"ask", "x", "--json"}).json()["error"]["code"], "damaged");
}

TEST_F(LibraryCommandTest, ANewerLibraryIsLeftAlone) {
  sql("PRAGMA user_version = 99");
  const Finished asked = place_.run({"ask", "x", "--json"});
  EXPECT_EQ(asked.exit_code, 5);
  EXPECT_EQ(asked.json()["error"]["code"], "too-new");
  EXPECT_EQ(place_.run({"ingest", (place_.folder() / "m").string()}).exit_code, 5);
  EXPECT_EQ(place_.run({"doctor"}).exit_code, 5);
}

TEST_F(LibraryCommandTest, DoctorTellsWhereEachValueComesFrom) {
  const json doctor = run_json({"doctor"});
  EXPECT_EQ(doctor["healthy"], true);
  EXPECT_EQ(doctor["settings"]["library"]["value"], place_.library().string());
  EXPECT_EQ(doctor["settings"]["library"]["source"], "SASEO_LIBRARY");
  EXPECT_EQ(doctor["settings"]["limit"]["source"], "default");
  place_.environment["SASEO_PDF_HELPER"] = "/nowhere/saseo-pdf";
  const json without = run_json({"doctor"});
  EXPECT_EQ(without["findings"][2]["name"], "pdf_helper");
  EXPECT_EQ(without["findings"][2]["status"], "missing");
}

}  // namespace
}  // namespace saseo::cli
