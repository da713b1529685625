#include "server/engine/peer_cache.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/support/temporary_directory.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::server {
namespace {

using Catch::Matchers::ContainsSubstring;

/// A learnt world, and a cache beside its store that can be reopened.
struct CachedWorld {
  CachedWorld() {
    served.artifact.checksum = "of v1";
    model = std::make_shared<const ActiveModel>(ActiveModel{served.artifact, nullptr, {}});
  }

  PeerCache Open(std::filesystem::path in = {}) {
    return PeerCache(*served.store, {in.empty() ? file : in, [this](const std::string& what) {
                                       warnings.push_back(what);
                                     }});
  }
  /// Asks a new cache that finds nothing if it has to read the facts: how many loans it has then
  /// tells where they come from.
  std::size_t LoansFoundWithoutFacts() {
    const auto nothing = graph::MakeMemoryGraphStore();
    std::filesystem::copy_file(file, folder / "kept",
                               std::filesystem::copy_options::overwrite_existing);
    const auto note = served.store->Note("peers").value();
    PeerCache cache = Open();
    const auto book = cache.For(model, *nothing);
    REQUIRE(book.has_value());
    const std::size_t loans = (*book)->loans().size();
    // What it wrote of nothing must not stay.
    std::filesystem::rename(folder / "kept", file);
    if (note) REQUIRE(served.store->SetNote("peers", *note).has_value());
    return loans;
  }
  std::string Bytes() const {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Overwrite(const std::string& bytes) const {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }
  // A loan that nobody has spoken for yet; known after all valuations of resolved ones.
  graph::FactBatch Untouching() const {
    const Date day = served.Today().PlusDays(2000);
    graph::FactBatch batch;
    batch.facts = {graph::NodeFact{
        .node = {graph::NodeKind::kLoan, "new"}, .attributes = {}, .dates = {day, day}}};
    return batch;
  }

  TemporaryDirectory folder;
  std::filesystem::path file = folder / "peers.cache";
  model::testing::ServedWorld served{1};
  std::shared_ptr<const ActiveModel> model;
  std::vector<std::string> warnings;
};

void ReadOnce(CachedWorld& world) {
  PeerCache cache = world.Open();
  REQUIRE(cache.For(world.model, *world.served.store).has_value());
}

std::size_t All(const CachedWorld& world) {
  return model::PeerBook::Read(*world.served.store, *world.served.artifact.ensemble,
                               world.served.artifact.schema)
      .value()
      ->loans()
      .size();
}

TEST_CASE("A book that was read once is found again without the facts, and says the same") {
  CachedWorld world;
  PeerCache first = world.Open();
  const auto read = first.For(world.model, *world.served.store);
  REQUIRE(read.has_value());
  REQUIRE(world.LoansFoundWithoutFacts() == All(world));
  PeerCache second = world.Open();
  const auto found = second.For(world.model, *world.served.store);
  REQUIRE(found.has_value());
  const auto view = world.served.store->ViewAsOf(world.served.Today());
  for (const std::uint32_t loan : {0U, 100U, 400U, 700U}) {
    const graph::NodeId id = (*read)->loans().examples[loan].loan;
    model::EncodedNeighbourhood before = world.served.Encoded(*view, id);
    model::EncodedNeighbourhood after = before;
    REQUIRE((*read)->Attach(*view, id, &before).has_value());
    REQUIRE((*found)->Attach(*view, id, &after).has_value());
    CHECK(model::testing::BitsOf(before.peers->outcome) ==
          model::testing::BitsOf(after.peers->outcome));
    CHECK(model::testing::BitsOf(before.peers->residual) ==
          model::testing::BitsOf(after.peers->residual));
    CHECK(before.peers->nearest == after.peers->nearest);
    CHECK(before.peers->margins == after.peers->margins);
    CHECK(before.context == after.context);
  }
  CHECK(world.warnings.empty());
}

TEST_CASE("Facts that nobody has told the cache of make its snapshot stale") {
  CachedWorld world;
  ReadOnce(world);
  // As another process would, which knows nothing of snapshots.
  REQUIRE(world.served.store->Apply(world.Untouching()).has_value());
  CHECK(world.LoansFoundWithoutFacts() == 0);
  CHECK(world.warnings.empty());
}

TEST_CASE("A closing cache vouches for its snapshot if facts did not touch it, else not") {
  CachedWorld world;
  {
    PeerCache cache = world.Open();
    REQUIRE(cache.For(world.model, *world.served.store).has_value());
    REQUIRE_FALSE(cache.MayBeTouchedBy(world.Untouching()));
    REQUIRE(world.served.store->Apply(world.Untouching()).has_value());
  }
  REQUIRE(world.LoansFoundWithoutFacts() == All(world));
  {
    PeerCache cache = world.Open();
    REQUIRE(cache.For(world.model, *world.served.store).has_value());
    graph::FactBatch outcomes;
    for (const model::testing::WorldLoan& loan : world.served.world.loans) {
      if (!loan.is_resolved)
        outcomes.facts.emplace_back(model::testing::PeerWorld::OutcomeOf(loan));
    }
    REQUIRE(cache.MayBeTouchedBy(outcomes));
    REQUIRE(world.served.store->Apply(outcomes).has_value());
    cache.Forget();
  }
  CHECK(world.LoansFoundWithoutFacts() == 0);
}

TEST_CASE("A store that went back in time does not take the snapshot of its lost future") {
  CachedWorld world;
  ReadOnce(world);
  const std::string old_note = world.served.store->Note("peers").value().value();
  graph::FactBatch outcomes;
  for (const model::testing::WorldLoan& loan : world.served.world.loans) {
    if (!loan.is_resolved) outcomes.facts.emplace_back(model::testing::PeerWorld::OutcomeOf(loan));
  }
  REQUIRE(world.served.store->Apply(outcomes).has_value());
  ReadOnce(world);
  // Restored from a backup: epoch, facts and note are of then, and only the file is of now.
  const auto restored = graph::MakeMemoryGraphStore();
  REQUIRE(restored->SetNote("peers", old_note).has_value());
  std::uint64_t left = world.served.store->Statistics()->epoch - 1;
  const auto copied =
      world.served.store->Replay([&](const graph::FactBatch& batch) -> Result<void> {
        if (left-- == 0) return {};
        RECOUP_TRY(restored->Apply(batch));
        return {};
      });
  REQUIRE(copied.has_value());
  PeerCache cache(*restored, {world.file, {}});
  const auto book = cache.For(world.model, *restored);
  REQUIRE(book.has_value());
  CHECK((*book)->loans().size() == All(world) - outcomes.facts.size());
}

TEST_CASE("A damaged snapshot, a missing one and one of another model are the same as none") {
  CachedWorld world;
  ReadOnce(world);
  const std::string whole = world.Bytes();
  REQUIRE(world.LoansFoundWithoutFacts() == All(world));
  std::string damaged = whole;
  damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 4);
  for (const std::string& bytes :
       {damaged, whole.substr(0, whole.size() - 1), std::string(), std::string("peers")}) {
    world.Overwrite(bytes);
    INFO(bytes.size() << " bytes");
    CHECK(world.LoansFoundWithoutFacts() == 0);
  }
  world.Overwrite(whole);
  CHECK(world.LoansFoundWithoutFacts() == All(world));
  world.served.artifact.checksum = "of v2";
  world.model =
      std::make_shared<const ActiveModel>(ActiveModel{world.served.artifact, nullptr, {}});
  CHECK(world.LoansFoundWithoutFacts() == 0);
  CHECK(world.warnings.empty());
}

TEST_CASE("Where no snapshot can be written, answers are the same and somebody is told") {
  CachedWorld world;
  PeerCache cache = world.Open(world.folder / "nowhere" / "peers.cache");
  const auto book = cache.For(world.model, *world.served.store);
  REQUIRE(book.has_value());
  CHECK((*book)->loans().size() == All(world));
  REQUIRE(world.warnings.size() == 1);
  CHECK_THAT(world.warnings.front(), ContainsSubstring("slower"));
}

}  // namespace
}  // namespace recoup::server
