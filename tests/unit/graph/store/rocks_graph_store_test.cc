// What the store on disk does when the disk or the power fails it.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "graph/store/rocks_database.h"
#include "tests/support/failing_file_system.h"
#include "tests/unit/graph/store/random_batches.h"
#include "tests/unit/graph/store/tested_stores.h"

namespace recoup::graph {
namespace {

/// A store on a file system that can fail.
class FailingStore {
 public:
  FailingStore(const std::filesystem::path& directory, bool sync_writes)
      : files_(std::make_shared<FailingFileSystem>()), env_(rocksdb::NewCompositeEnv(files_)) {
    RocksEnvironment environment;
    environment.env = env_.get();
    environment.sync_writes = sync_writes;
    environment.write_buffer_bytes = 64 << 10;
    auto opened = OpenRocksGraphStoreIn(directory, {}, environment);
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened.has_value());
    store_ = *std::move(opened);
  }

  FailingFileSystem& files() { return *files_; }
  GraphStore& store() { return *store_; }

  void LosePower() {
    files_->CutPower();
    store_.reset();
    files_->ForgetUnsynced();
  }

 private:
  std::shared_ptr<FailingFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<GraphStore> store_;
};

std::vector<FactBatch> ReplayAll(const GraphStore& store) {
  std::vector<FactBatch> batches;
  const Result<void> replayed = store.Replay([&](const FactBatch& batch) -> Result<void> {
    batches.push_back(batch);
    return {};
  });
  REQUIRE(replayed.has_value());
  return batches;
}

// Applies batches, loses power, and returns how many acknowledged ones are lost.
std::size_t BatchesLost(std::uint32_t seed, bool sync_writes) {
  const TemporaryDirectory directory;
  RandomBatches random(seed, {});
  std::vector<FactBatch> acknowledged;
  std::size_t lost = 0;
  for (std::uint32_t cycle = 0; cycle < 4; ++cycle) {
    FailingStore failing(directory.path() / "store", sync_writes);
    const std::vector<FactBatch> kept = ReplayAll(failing.store());
    REQUIRE(kept.size() <= acknowledged.size());
    lost += acknowledged.size() - kept.size();
    acknowledged.resize(kept.size());
    CHECK(kept == acknowledged);
    for (std::uint32_t i = 0; i < 3 + 10 * cycle; ++i) {
      FactBatch batch = random.Next();
      batch.source.clear();
      REQUIRE(failing.store().Apply(batch).has_value());
      acknowledged.push_back(std::move(batch));
    }
    failing.LosePower();
  }
  return lost;
}

TEST_CASE("A store keeps every acknowledged batch when the power fails", "[faults]") {
  for (std::uint32_t seed = 1; seed <= 3; ++seed) CHECK(BatchesLost(seed, true) == 0);
}

TEST_CASE("The power test notices a store that does not sync", "[faults]") {
  CHECK(BatchesLost(1, false) > 0);
}

TEST_CASE("A full disk refuses writes, and loses nothing that was acknowledged", "[faults]") {
  const TemporaryDirectory directory;
  RandomBatches random(5, {});
  std::vector<FactBatch> acknowledged;
  {
    FailingStore failing(directory.path(), true);
    failing.files().SetBytesLeft(300'000);
    Result<ApplyReceipt> receipt = ApplyReceipt{};
    while (receipt.has_value()) {
      const FactBatch batch = random.Next();
      receipt = failing.store().Apply(batch);
      if (receipt.has_value()) acknowledged.push_back(batch);
      REQUIRE(acknowledged.size() < 1000);
    }
    CHECK(receipt.error().code == ErrorCode::kUnavailable);
    failing.files().SetBytesLeft(1 << 30);
    const auto again = failing.store().Apply(random.Next());
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == ErrorCode::kUnavailable);
    CHECK(failing.store().Statistics()->epoch == acknowledged.size());
    CHECK(failing.store().ViewAsOf(Date(100))->Nodes(NodeKind::kLoan).has_value());
  }
  auto reopened = OpenRocksGraphStore(directory.path());
  REQUIRE(reopened.has_value());
  std::vector<FactBatch> kept = ReplayAll(**reopened);
  // The one that failed was not acknowledged; the disk may hold it or not.
  REQUIRE(kept.size() >= acknowledged.size());
  REQUIRE(kept.size() <= acknowledged.size() + 1);
  kept.resize(acknowledged.size());
  CHECK(kept == acknowledged);
  CHECK((*reopened)->Apply(random.Next()).has_value());
}

// Returns the one log of a closed store.
std::filesystem::path LogOf(const std::filesystem::path& directory) {
  std::filesystem::path log;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".log" || entry.file_size() == 0) continue;
    REQUIRE(log.empty());
    log = entry.path();
  }
  REQUIRE_FALSE(log.empty());
  return log;
}

void FlipByte(const std::filesystem::path& file, std::uintmax_t position) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(static_cast<std::streamoff>(position));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(position));
  stream.put(static_cast<char>(byte ^ 0x10));
  REQUIRE(stream.good());
}

TEST_CASE("Damage in the middle of the log is an error, not a shorter history", "[faults]") {
  const TemporaryDirectory directory;
  const std::filesystem::path whole = directory.path() / "whole";
  RandomBatches random(11, {});
  std::size_t batches = 0;
  {
    const auto store = OpenRocksGraphStore(whole);
    REQUIRE(store.has_value());
    for (; batches < 20; ++batches) {
      FactBatch batch = random.Next();
      batch.source.clear();
      REQUIRE((*store)->Apply(batch).has_value());
    }
  }
  const std::uintmax_t size = std::filesystem::file_size(LogOf(whole));
  REQUIRE(size > (std::uintmax_t{256} << 10));
  std::size_t errors = 0;
  // Steps that meet headers as well as contents; the last blocks of 32 KiB are left out, where a
  // record that seems longer than the file cannot be told from a torn one.
  const std::uintmax_t step = size / 37;
  for (std::uintmax_t position = step; position + (64 << 10) < size; position += step) {
    INFO(position);
    const std::filesystem::path copy = directory.path() / std::to_string(position);
    std::filesystem::copy(whole, copy);
    FlipByte(LogOf(copy), position);
    const auto opened = OpenRocksGraphStore(copy);
    if (opened.has_value()) {
      CHECK((*opened)->Statistics()->epoch == batches);
    } else {
      CHECK(opened.error().code == ErrorCode::kDataLoss);
      ++errors;
    }
    std::filesystem::remove_all(copy);
  }
  CHECK(errors > 0);
}

TEST_CASE("A log that was cut short within its last record opens without it", "[faults]") {
  const TemporaryDirectory directory;
  RandomBatches random(12, {});
  {
    const auto store = OpenRocksGraphStore(directory.path());
    REQUIRE(store.has_value());
    for (int i = 0; i < 5; ++i) {
      FactBatch batch = random.Next();
      batch.source.clear();
      REQUIRE((*store)->Apply(batch).has_value());
    }
  }
  const std::filesystem::path log = LogOf(directory.path());
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 5);
  const auto store = OpenRocksGraphStore(directory.path());
  REQUIRE(store.has_value());
  CHECK((*store)->Statistics()->epoch == 4);
}

// Changes one byte of the first record of a family, from behind the store.
void Damage(const std::filesystem::path& directory, Family family) {
  const auto database = RocksDatabase::Open(directory, {}, {});
  REQUIRE(database.has_value());
  RocksDatabase::Cursor cursor(**database, family, "", nullptr);
  cursor.SeekToFirst();
  REQUIRE(cursor.Valid());
  std::string value(cursor.value());
  value.back() = static_cast<char>(value.back() ^ 1);
  rocksdb::WriteBatch batch;
  (*database)->Put(family, cursor.key(), value, &batch);
  REQUIRE((*database)->Write(&batch).has_value());
}

TEST_CASE("A damaged block is reported, not misread", "[faults]") {
  const TemporaryDirectory directory;
  const NodeKey loan{NodeKind::kLoan, "L1"};
  const NodeKey party{NodeKind::kParty, "P1"};
  const FactDates dates{Date(1), Date(1)};
  {
    const auto store = OpenRocksGraphStore(directory.path());
    REQUIRE(store.has_value());
    FactBatch batch;
    batch.facts.emplace_back(
        EdgeFact{EdgeKind::kBorrows, party, loan, FactOperation::kUpsert, {}, dates});
    batch.facts.emplace_back(OutcomeFact{loan, 0.5, Date(0), dates});
    REQUIRE((*store)->Apply(batch).has_value());
  }
  for (const Family family :
       {Family::kAdjacency, Family::kNode, Family::kOutcome, Family::kFact, Family::kExternalId}) {
    Damage(directory.path(), family);
  }
  const auto store = OpenRocksGraphStore(directory.path());
  REQUIRE(store.has_value());
  const auto view = (*store)->ViewAsOf(Date(5));
  const NodeId id(1, 0);
  const Relation borrowers{EdgeKind::kBorrows, Direction::kIn};
  CHECK(view->Neighbours({&id, 1}, borrowers, 5).error().code == ErrorCode::kDataLoss);
  CHECK(view->Edges(id, borrowers, 5).error().code == ErrorCode::kDataLoss);
  CHECK(view->Node(id).error().code == ErrorCode::kDataLoss);
  CHECK(view->Nodes(NodeKind::kLoan).error().code == ErrorCode::kDataLoss);
  CHECK(view->OutcomeOf(id).error().code == ErrorCode::kDataLoss);
  CHECK(view->Find(loan).error().code == ErrorCode::kDataLoss);
  const auto replayed = (*store)->Replay([](const FactBatch&) -> Result<void> { return {}; });
  CHECK(replayed.error().code == ErrorCode::kDataLoss);
}

TEST_CASE("A note is still there after the store was opened again", "[store]") {
  const TemporaryDirectory directory;
  {
    const auto store = OpenRocksGraphStore(directory.path() / "store");
    REQUIRE(store.has_value());
    REQUIRE((*store)->SetNote("peers", "seal").has_value());
  }
  const auto store = OpenRocksGraphStore(directory.path() / "store");
  REQUIRE(store.has_value());
  CHECK(*(*store)->Note("peers") == "seal");
  CHECK(*(*store)->Note("seal") == std::nullopt);
}

}  // namespace
}  // namespace recoup::graph
