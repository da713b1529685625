// Whose directory a store takes, and whose it leaves alone.
#include <rocksdb/db.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "graph/store/byte_codec.h"
#include "graph/store/record.h"
#include "graph/store/rocks_database.h"
#include "tests/unit/graph/store/tested_stores.h"

namespace recoup::graph {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("A store is open in one process at a time") {
  const TemporaryDirectory directory;
  const auto first = OpenRocksGraphStore(directory.path());
  REQUIRE(first.has_value());
  const auto second = OpenRocksGraphStore(directory.path());
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(second.error().message, ContainsSubstring("--server"));
}

TEST_CASE("A store of a newer format is left alone") {
  const TemporaryDirectory directory;
  REQUIRE(OpenRocksGraphStore(directory.path()).has_value());
  {
    const auto database = RocksDatabase::Open(directory.path(), {}, {});
    REQUIRE(database.has_value());
    std::string body;
    ByteWriter(&body).Varint(kStoreFormat + 1);
    rocksdb::WriteBatch batch;
    (*database)->Put(Family::kMeta, kFormatKey, Seal(kFormatKey, body), &batch);
    REQUIRE((*database)->Write(&batch).has_value());
  }
  const auto opened = OpenRocksGraphStore(directory.path());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kFailedPrecondition);
  CHECK_THAT(opened.error().message,
             ContainsSubstring("written by a newer Recoup (store format 2, this program reads up "
                               "to 1)"));
}

TEST_CASE("A directory that holds something else is left alone") {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "notes.txt") << "not a store";
  const auto opened = OpenRocksGraphStore(directory.path());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kFailedPrecondition);
  CHECK_FALSE(std::filesystem::exists(directory.path() / "CURRENT"));
}

TEST_CASE("Another program's database is left alone") {
  const TemporaryDirectory directory;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* foreign = nullptr;
  REQUIRE(rocksdb::DB::Open(options, directory.path().string(), &foreign).ok());
  REQUIRE(foreign->Put({}, "key", "value").ok());
  delete foreign;
  const auto opened = OpenRocksGraphStore(directory.path());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kFailedPrecondition);
}

TEST_CASE("A store that must exist is not created") {
  const TemporaryDirectory directory;
  RocksStoreOptions options;
  options.must_exist = true;
  const auto opened = OpenRocksGraphStore(directory.path() / "none", options);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == ErrorCode::kNotFound);
  CHECK_FALSE(std::filesystem::exists(directory.path() / "none"));
}

}  // namespace
}  // namespace recoup::graph
