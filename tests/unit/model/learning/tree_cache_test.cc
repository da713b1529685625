#include "model/learning/tree_cache.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "model/artifact/sha256.h"
#include "tests/support/temporary_directory.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

// Sixty rows of two columns, some of them missing.
struct Rows {
  Table table{{"a", "b"}, {}};
  std::vector<double> outcomes;

  Rows() {
    std::mt19937 random(1);
    for (int i = 0; i < 60; ++i) {
      const auto a = static_cast<float>(random() % 100) / 100.0F;
      table.values.push_back(a);
      table.values.push_back(i % 7 == 0 ? std::numeric_limits<float>::quiet_NaN() : 1.0F - a * a);
      outcomes.push_back(0.5 * static_cast<double>(a) +
                         0.004 * static_cast<double>(random() % 100));
    }
  }
  LabelledTable Labelled() const { return {&table, outcomes}; }
};

BoostingOptions Small() {
  return {.max_depth = 3, .min_child_weight = 1.0, .row_share = 0.6, .max_rounds = 5, .threads = 1};
}

FlatTrees Grown(const fs::path& folder, const Rows& rows,
                const BoostingOptions& options = Small()) {
  auto trees = GrowOrRecall(folder, rows.Labelled(), options, nullptr);
  if (!trees.has_value()) FAIL(trees.error().message);
  return std::move(trees).value();
}

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

std::string BytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_CASE("Recalled trees are the grown ones, bit for bit") {
  const TemporaryDirectory folder;
  const Rows rows;
  const FlatTrees alone = Grown("", rows);
  const FlatTrees grown = Grown(folder / "new", rows);
  REQUIRE(FilesIn(folder / "new").size() == 1);
  const FlatTrees recalled = Grown(folder / "new", rows);
  CHECK(grown == alone);
  CHECK(recalled == alone);
  CHECK(WriteTrees(recalled) == WriteTrees(alone));
  CHECK(recalled.trees() == 5);
  CHECK(FilesIn(folder / "new").size() == 1);
}

TEST_CASE("What is kept is recalled and not grown again") {
  const TemporaryDirectory folder;
  const Rows rows;
  const FlatTrees grown = Grown(folder.path(), rows);
  const std::atomic<bool> stop = true;  // nothing is grown, so nothing is stopped
  const auto recalled = GrowOrRecall(folder.path(), rows.Labelled(), Small(), &stop);
  REQUIRE(recalled.has_value());
  CHECK(*recalled == grown);
  CHECK_FALSE(GrowOrRecall("", rows.Labelled(), Small(), &stop).has_value());
}

TEST_CASE("Other rows, outcomes or options are not what was kept") {
  const TemporaryDirectory folder;
  const Rows rows;
  Grown(folder.path(), rows);
  std::size_t files = 1;
  const auto misses = [&](const Rows& other, const BoostingOptions& options) {
    const FlatTrees trees = Grown(folder.path(), other, options);
    CHECK(FilesIn(folder.path()).size() == ++files);
    CHECK(trees == Grown("", other, options));
  };
  Rows other = rows;
  other.table.values[8] += 1e-6F;
  misses(other, Small());
  other = rows;
  other.outcomes[59] += 1e-12;
  misses(other, Small());
  other = rows;
  other.table.columns = {"a"};  // the same numbers as 120 rows
  other.outcomes.insert(other.outcomes.end(), rows.outcomes.begin(), rows.outcomes.end());
  misses(other, Small());
  const auto with = [&](auto member, auto value) {
    BoostingOptions options = Small();
    options.*member = value;
    misses(rows, options);
  };
  with(&BoostingOptions::seed, 2U);
  with(&BoostingOptions::seed, (std::uint64_t{1} << 60) + 1);
  with(&BoostingOptions::seed, (std::uint64_t{1} << 60) + 2);
  with(&BoostingOptions::max_depth, 2);
  with(&BoostingOptions::max_rounds, 6);
  with(&BoostingOptions::min_child_weight, 3.0);
  with(&BoostingOptions::learning_rate, 0.1);
  with(&BoostingOptions::learning_rate, 0.1 + 1e-9);
  with(&BoostingOptions::column_share, 1.0);
  with(&BoostingOptions::row_share, 1.0);
  with(&BoostingOptions::penalty, 1e-7);
  with(&BoostingOptions::penalty, 2e-7);
}

TEST_CASE("Damaged, cut and foreign files count as absent, and are made good") {
  const TemporaryDirectory folder;
  const Rows rows;
  const FlatTrees grown = Grown(folder.path(), rows);
  const fs::path path = FilesIn(folder.path()).front();
  const std::string whole = BytesOf(path);
  std::vector<std::string> bad = {"", "x", whole + "x", whole.substr(64)};
  for (std::size_t i = 0; i < whole.size(); i += whole.size() / 23) {
    bad.push_back(whole.substr(0, i));
    bad.push_back(whole);
    bad.back()[i] = static_cast<char>(bad.back()[i] ^ 4);
  }
  const std::string foreign = "sealed as it should be, but no trees";
  bad.push_back(Sha256Hex(foreign) + foreign);
  for (const std::string& bytes : bad) {
    Put(path, bytes);
    REQUIRE(Grown(folder.path(), rows) == grown);
    REQUIRE(BytesOf(path) == whole);
  }
  fs::rename(path, path.string() + ".partial");  // written, but not renamed
  CHECK(Grown(folder.path(), rows) == grown);
  CHECK(FilesIn(folder.path()) == std::vector{path});
}

TEST_CASE("What was told to stop keeps nothing") {
  const TemporaryDirectory folder;
  const Rows rows;
  const std::atomic<bool> stop = true;
  const auto stopped = GrowOrRecall(folder / "new", rows.Labelled(), Small(), &stop);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  CHECK_FALSE(fs::exists(folder / "new"));
}

TEST_CASE("A folder that cannot be written is an error") {
  const TemporaryDirectory folder;
  Put(folder / "file", "x");
  const auto trees = GrowOrRecall(folder / "file" / "trees", Rows().Labelled(), Small(), nullptr);
  REQUIRE_FALSE(trees.has_value());
  CHECK(trees.error().code == ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recoup::model
