#include "server/engine/memory_twin.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace recoup::server {
namespace {

using Catch::Matchers::ContainsSubstring;
using graph::NodeKind;

graph::FactBatch LoanBatch(int number) {
  graph::FactBatch batch;
  batch.facts = {graph::NodeFact{{NodeKind::kLoan, "L" + std::to_string(number)},
                                 graph::FactOperation::kUpsert,
                                 {{"size", static_cast<double>(number)}},
                                 {Date(number), Date(number)}}};
  return batch;
}

/// A store whose log can be held back while somebody reads it, or be unreadable.
class HeldStore final : public graph::GraphStore {
 public:
  Result<graph::ApplyReceipt> Apply(const graph::FactBatch& batch) override {
    return store_->Apply(batch);
  }
  std::unique_ptr<const graph::GraphView> ViewAsOf(Date day) const override {
    return store_->ViewAsOf(day);
  }
  Result<graph::StoreStatistics> Statistics() const override { return store_->Statistics(); }
  Result<std::optional<std::uint64_t>> AppliedOffset(std::string_view source) const override {
    return store_->AppliedOffset(source);
  }
  Result<void> Replay(const std::function<Result<void>(const graph::FactBatch&)>& visit,
                      std::uint64_t after) const override {
    if (fail_) return Error{ErrorCode::kDataLoss, "the log is damaged"};
    if (throw_) throw std::bad_alloc();
    const auto replayed = store_->Replay(visit, after);
    reached_ = true;
    reached_.notify_all();
    held_.wait(true);
    return replayed;
  }
  Result<void> SetNote(std::string_view name, std::string_view text) override {
    return store_->SetNote(name, text);
  }
  Result<std::optional<std::string>> Note(std::string_view name) const override {
    return store_->Note(name);
  }

  /// Waits until the log has been read once.
  void AwaitReader() const { reached_.wait(false); }
  void Hold() { held_ = true; }
  void Release() {
    held_ = false;
    held_.notify_all();
  }
  void Fail() { fail_ = true; }
  void Throw() { throw_ = true; }

 private:
  std::unique_ptr<graph::GraphStore> store_ = graph::MakeMemoryGraphStore();
  mutable std::atomic<bool> reached_ = false;
  std::atomic<bool> held_ = false;
  bool fail_ = false;
  bool throw_ = false;
};

void Write(HeldStore& store, std::mutex& writing, MemoryTwin* twin, int number) {
  const std::lock_guard lock(writing);
  const auto receipt = store.Apply(LoanBatch(number));
  REQUIRE(receipt.has_value());
  if (twin != nullptr) REQUIRE(twin->Follow(LoanBatch(number), *receipt).has_value());
}

std::size_t LoansIn(const graph::GraphStore& store) {
  const auto loans = store.ViewAsOf(Date::Max())->Nodes(NodeKind::kLoan);
  REQUIRE(loans.has_value());
  return loans->size();
}

TEST_CASE("A twin is there once it is complete, with what was written while it was made") {
  HeldStore store;
  std::mutex writing;
  for (int i = 0; i < 5; ++i) Write(store, writing, nullptr, i);
  store.Hold();
  MemoryTwin twin(store, writing, {});
  store.AwaitReader();
  for (int i = 5; i < 9; ++i) {
    Write(store, writing, &twin, i);
    REQUIRE(twin.Get() == nullptr);  // the first five are copied, and nobody may see only them
  }
  store.Release();
  twin.Wait();
  REQUIRE(twin.Get() != nullptr);
  CHECK(LoansIn(*twin.Get()) == 9);
  CHECK(twin.Get()->Statistics()->epoch == store.Statistics()->epoch);
  Write(store, writing, &twin, 9);
  CHECK(LoansIn(*twin.Get()) == 10);
  CHECK(twin.Get()->Statistics()->epoch == 10);
}

TEST_CASE("A store that cannot be copied has no twin, and somebody is told") {
  for (const bool throws : {false, true}) {
    HeldStore store;
    std::mutex writing;
    Write(store, writing, nullptr, 1);
    throws ? store.Throw() : store.Fail();
    std::vector<std::string> warnings;
    MemoryTwin twin(store, writing, [&](const std::string& what) { warnings.push_back(what); });
    twin.Wait();
    CHECK(twin.Get() == nullptr);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings.front(), ContainsSubstring("from disk"));
    Write(store, writing, &twin, 2);
  }
}

TEST_CASE("Whoever stops does not wait for the whole copy, and nobody is warned") {
  HeldStore store;
  std::mutex writing;
  for (int i = 0; i < 5; ++i) Write(store, writing, nullptr, i);
  std::vector<std::string> warnings;
  store.Hold();
  {
    MemoryTwin twin(store, writing, [&](const std::string& what) { warnings.push_back(what); });
    store.AwaitReader();
    Write(store, writing, &twin, 5);
    std::jthread later([&store] { store.Release(); });
  }
  CHECK(warnings.empty());
}

}  // namespace
}  // namespace recoup::server
