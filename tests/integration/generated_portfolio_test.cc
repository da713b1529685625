// A generated portfolio read by its own mapping into both stores: the whole way in, at once.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graph/ingest/import.h"
#include "graph/store/graph_store.h"
#include "graph/synthetic/generate_portfolio.h"
#include "model/features/encoder.h"

namespace recoup::graph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoLimit = 1'000'000;

// 2,000 loans on disk, generated once for all tests of this file.
class Portfolio {
 public:
  static const Portfolio& Get() {
    static const Portfolio portfolio;
    return portfolio;
  }
  ~Portfolio() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Portfolio(const Portfolio&) = delete;
  Portfolio& operator=(const Portfolio&) = delete;

  const GenerateReport& report() const { return report_; }
  // A directory for a store that does not exist yet.
  fs::path NewStore() const { return folder_ / ("store" + std::to_string(stores_++)); }

  ImportOptions Options() const {
    ImportOptions options;
    options.tape = folder_ / "tape";
    options.mapping = folder_ / "tape" / "mapping.toml";
    options.facts_per_batch = 3000;
    return options;
  }

 private:
  Portfolio() {
    std::string pattern = (fs::temp_directory_path() / "recoup_portfolio_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    GenerateOptions options;
    options.loans = 2000;
    options.seed = 7;
    const Result<GenerateReport> report = GeneratePortfolio(options, folder_);
    REQUIRE(report.has_value());
    report_ = *report;
  }

  fs::path folder_;
  GenerateReport report_;
  mutable int stores_ = 0;
};

FactSink Into(GraphStore* store) {
  return [store](const FactBatch& batch) -> Result<void> {
    const Result<ApplyReceipt> receipt = store->Apply(batch);
    if (!receipt.has_value()) return receipt.error();
    return {};
  };
}

ImportReport MustImport(const ImportOptions& options, const FactSink& sink) {
  const Result<ImportReport> report = ImportTape(options, sink);
  if (!report.has_value()) FAIL(report.error().message);
  return *report;
}

std::unique_ptr<GraphStore> OpenRocks(const fs::path& directory) {
  auto store = OpenRocksGraphStore(directory);
  if (!store.has_value()) FAIL(store.error().message);
  return std::move(*store);
}

std::unique_ptr<GraphStore> ImportedMemory() {
  auto store = MakeMemoryGraphStore();
  MustImport(Portfolio::Get().Options(), Into(store.get()));
  return store;
}

std::unique_ptr<GraphStore> ImportedRocks() {
  auto store = OpenRocks(Portfolio::Get().NewStore());
  MustImport(Portfolio::Get().Options(), Into(store.get()));
  return store;
}

void RequireSameStatistics(const StoreStatistics& a, const StoreStatistics& b) {
  CHECK(a.epoch == b.epoch);
  CHECK(a.facts == b.facts);
  CHECK(a.nodes == b.nodes);
  CHECK(a.edges == b.edges);
  CHECK(a.outcomes == b.outcomes);
  CHECK(a.latest_known_at == b.latest_known_at);
}

// Returns how many records the views were asked for. One REQUIRE a node keeps this quick.
std::size_t RequireSameNode(const GraphView& a, const GraphView& b, NodeId node) {
  const auto in_a = a.Node(node);
  const auto in_b = b.Node(node);
  REQUIRE((in_a.has_value() && in_b.has_value()));
  bool same = *in_a == *in_b;
  std::size_t records = 1;
  for (const EdgeKind kind : kAllEdgeKinds) {
    for (const Direction direction : {Direction::kOut, Direction::kIn}) {
      const auto edges = a.Edges(node, {kind, direction}, kNoLimit);
      REQUIRE(edges.has_value());
      same = same && *edges == *b.Edges(node, {kind, direction}, kNoLimit);
      same = same && *a.ResolvedPeers(node, {kind, direction}, kNoLimit) ==
                         *b.ResolvedPeers(node, {kind, direction}, kNoLimit);
      records += edges->size();
    }
  }
  if (in_a->key.kind == NodeKind::kLoan) same = same && *a.OutcomeOf(node) == *b.OutcomeOf(node);
  INFO(in_a->key.external_id << " as of " << a.as_of().ToString());
  REQUIRE(same);
  return records;
}

std::size_t RequireSameView(const GraphStore& one, const GraphStore& other, const char* day) {
  const auto a = one.ViewAsOf(*Date::Parse(day));
  const auto b = other.ViewAsOf(*Date::Parse(day));
  CHECK(a->Attributes() == b->Attributes());
  std::size_t records = 0;
  for (const NodeKind kind : kAllNodeKinds) {
    const auto nodes = a->Nodes(kind);
    REQUIRE(nodes.has_value());
    REQUIRE((*nodes == *b->Nodes(kind)));
    for (const NodeId node : *nodes) records += RequireSameNode(*a, *b, node);
  }
  return records;
}

TEST_CASE("A generated tape is read without a rejected row, and every loan is there") {
  const auto store = MakeMemoryGraphStore();
  const ImportReport report = MustImport(Portfolio::Get().Options(), Into(store.get()));
  const GenerateReport& generated = Portfolio::Get().report();
  CHECK(report.rows_rejected == 0);
  const StoreStatistics statistics = *store->Statistics();
  CHECK(statistics.nodes.at(NodeKind::kLoan) == generated.loans);
  CHECK(statistics.nodes.at(NodeKind::kCollateral) == generated.collateral);
  CHECK(statistics.nodes.at(NodeKind::kProceeding) == generated.proceedings);
  CHECK(statistics.nodes.at(NodeKind::kCourt) == generated.courts);
  CHECK(statistics.edges.at(EdgeKind::kGuarantees) == generated.guarantees);
  CHECK(statistics.edges.at(EdgeKind::kSecures) == generated.liens);
  CHECK(statistics.outcomes == generated.resolved);
}

TEST_CASE("Every resolved loan, and no other, becomes an example") {
  const auto store = ImportedMemory();
  const auto collected = model::CollectExamples(*store);
  REQUIRE(collected.has_value());
  CHECK(collected->examples.size() == Portfolio::Get().report().resolved);
}

TEST_CASE("RocksDB and memory hold the same portfolio") {
  const auto memory = ImportedMemory();
  const auto rocks = ImportedRocks();
  RequireSameStatistics(*memory->Statistics(), *rocks->Statistics());
  const std::size_t then = RequireSameView(*memory, *rocks, "2022-06-30");
  const std::size_t now = RequireSameView(*memory, *rocks, "2025-12-31");
  CHECK(then > 1000);
  CHECK(now > then);
  CHECK(model::CollectExamples(*memory)->examples == model::CollectExamples(*rocks)->examples);
}

TEST_CASE("Importing a portfolio again changes nothing, not even after reopening the store") {
  const fs::path directory = Portfolio::Get().NewStore();
  auto store = OpenRocks(directory);
  const FactSink sink = Into(store.get());
  MustImport(Portfolio::Get().Options(), sink);
  const StoreStatistics first = *store->Statistics();
  MustImport(Portfolio::Get().Options(), sink);
  RequireSameStatistics(*store->Statistics(), first);
  store.reset();
  store = OpenRocks(directory);
  MustImport(Portfolio::Get().Options(), Into(store.get()));
  RequireSameStatistics(*store->Statistics(), first);
}

TEST_CASE("An import stopped after its second batch goes on to the same store") {
  const fs::path directory = Portfolio::Get().NewStore();
  auto store = OpenRocks(directory);
  std::atomic<bool> stop = false;
  ImportOptions options = Portfolio::Get().Options();
  options.stop = &stop;
  const ImportReport part = MustImport(options, [&](const FactBatch& batch) {
    stop = batch.source_offset == 1;
    return Into(store.get())(batch);
  });
  CHECK(part.interrupted);
  CHECK(part.batches == 2);
  CHECK(store->Statistics()->epoch == 2);
  store.reset();

  store = OpenRocks(directory);
  MustImport(Portfolio::Get().Options(), Into(store.get()));
  const auto whole = ImportedMemory();
  RequireSameStatistics(*store->Statistics(), *whole->Statistics());
  CHECK(RequireSameView(*store, *whole, "2025-12-31") > 1000);
}

}  // namespace
}  // namespace recoup::graph
