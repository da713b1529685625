// Measures how fast both stores take facts and answer what training asks.
// Usage: graph_store_bench [loans]
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"

namespace recoup::graph {
namespace {

/// Measures the wall clock, and this thread's share of the processor.
class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  double ThreadSeconds() const { return ThreadTime() - thread_start_; }

 private:
  static double ThreadTime() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double thread_start_ = ThreadTime();
};

/// Makes loans with a borrower, collateral, court, region, portfolio and, half of them, an outcome.
class Tape {
 public:
  explicit Tape(int loans) : loans_(loans) {}

  bool Next(FactBatch* batch) {
    *batch = FactBatch{"bench", ++batches_, {}, {}};
    while (loan_ < loans_ && batch->facts.size() < 20'000) AddLoan(batch);
    return !batch->facts.empty();
  }

 private:
  void AddEdge(FactBatch* batch, EdgeKind kind, NodeKey from, NodeKey to) {
    batch->facts.emplace_back(
        EdgeFact{kind, std::move(from), std::move(to), FactOperation::kUpsert, {}, dates_});
  }

  void AddLoan(FactBatch* batch) {
    const std::string number = std::to_string(loan_++);
    const Date known_at(10'000 + static_cast<int>(random_() % 6000));
    dates_ = {known_at, known_at};
    const Currency dollars = *Currency::Parse("USD");
    const NodeKey loan{NodeKind::kLoan, "L" + number};
    const NodeKey party{NodeKind::kParty, "P" + std::to_string(random_() % 60'000)};
    const NodeKey collateral{NodeKind::kCollateral, "C" + number};
    NodeFact fact{loan, FactOperation::kUpsert, {}, dates_};
    fact.attributes = {
        {"balance", Money(static_cast<std::int64_t>(random_() % 90'000'000), dollars)},
        {"original_amount", Money(100'000'000, dollars)},
        {"origination_date", known_at.PlusDays(-900)},
        {"default_date", known_at.PlusDays(-90)},
        {"interest_rate", 0.05},
        {"asset_class", Category{"sme"}}};
    for (int i = 0; i < 14; ++i) {
      fact.attributes.push_back({"extra_" + std::to_string(i), static_cast<double>(random_())});
    }
    batch->facts.emplace_back(fact);
    batch->facts.emplace_back(
        NodeFact{party, FactOperation::kUpsert, {{"party_type", Category{"corporate"}}}, dates_});
    batch->facts.emplace_back(NodeFact{collateral,
                                       FactOperation::kUpsert,
                                       {{"appraisal_value", Money(7'000'000, dollars)}},
                                       dates_});
    AddEdge(batch, EdgeKind::kBorrows, party, loan);
    AddEdge(batch, EdgeKind::kSecures, collateral, loan);
    AddEdge(batch, EdgeKind::kLocatedIn, loan, {NodeKind::kRegion, "R" + Pick(50)});
    AddEdge(batch, EdgeKind::kInIndustry, loan, {NodeKind::kIndustry, "I" + Pick(80)});
    AddEdge(batch, EdgeKind::kHeardAt, loan, {NodeKind::kCourt, "J" + Pick(300)});
    AddEdge(batch, EdgeKind::kPartOf, loan, {NodeKind::kPortfolio, "F" + Pick(3)});
    dates_ = {known_at.PlusDays(700), known_at.PlusDays(700)};
    batch->facts.emplace_back(
        OutcomeFact{loan, static_cast<double>(random_() % 1000) / 1000.0, known_at, dates_});
  }

  std::string Pick(unsigned below) { return std::to_string(random_() % below); }

  const int loans_;
  int loan_ = 0;
  std::uint64_t batches_ = 0;
  std::mt19937 random_{1};
  FactDates dates_;
};

void Apply(const char* name, int loans, GraphStore* store) {
  Tape tape(loans);
  FactBatch batch;
  double seconds = 0.0;
  double thread_seconds = 0.0;
  std::size_t facts = 0;
  while (tape.Next(&batch)) {
    const Stopwatch watch;
    const Result<ApplyReceipt> receipt = store->Apply(batch);
    seconds += watch.Seconds();
    thread_seconds += watch.ThreadSeconds();
    if (!receipt) {
      std::fprintf(stderr, "%s\n", receipt.error().message.c_str());
      std::exit(1);
    }
    facts += receipt->facts_applied;
  }
  std::printf("%-7s apply %9zu facts %6.2f s wall %6.2f s thread %9.0f facts/s wall\n", name, facts,
              seconds, thread_seconds, static_cast<double>(facts) / seconds);
}

template <typename Question>
void Ask(const char* name, const char* what, int times, Question question) {
  std::size_t answers = 0;
  const Stopwatch watch;
  for (int i = 0; i < times; ++i) answers += question(static_cast<std::uint64_t>(i) * 7919);
  std::printf("%-7s %-22s %8.2f us wall %8.2f us thread (%.1f answers)\n", name, what,
              watch.Seconds() * 1e6 / times, watch.ThreadSeconds() * 1e6 / times,
              static_cast<double>(answers) / times);
}

void Read(const char* name, int loans, const GraphStore& store) {
  const auto view = store.ViewAsOf(Date(16'000));
  const auto id = [](NodeKind kind, std::uint64_t index) {
    return NodeId(static_cast<std::uint8_t>(kind), index);
  };
  const auto count = static_cast<std::uint64_t>(loans);
  Ask(name, "Node", 200'000, [&](std::uint64_t i) {
    const auto node = view->Node(id(NodeKind::kLoan, i % count));
    return node ? node->attributes.size() : 0;
  });
  Ask(name, "Neighbours(loan)", 200'000, [&](std::uint64_t i) {
    const NodeId loan = id(NodeKind::kLoan, i % count);
    return view->Neighbours({&loan, 1}, {EdgeKind::kBorrows, Direction::kIn}, 16)->targets.size();
  });
  Ask(name, "Neighbours(region, 16)", 50'000, [&](std::uint64_t i) {
    const NodeId region = id(NodeKind::kRegion, i % 50);
    return view->Neighbours({&region, 1}, {EdgeKind::kLocatedIn, Direction::kIn}, 16)
        ->targets.size();
  });
  Ask(name, "Edges(region, 16)", 50'000, [&](std::uint64_t i) {
    return view->Edges(id(NodeKind::kRegion, i % 50), {EdgeKind::kLocatedIn, Direction::kIn}, 16)
        ->size();
  });
  Ask(name, "ResolvedPeers(512)", 20'000, [&](std::uint64_t i) {
    return view
        ->ResolvedPeers(id(NodeKind::kRegion, i % 50), {EdgeKind::kLocatedIn, Direction::kIn}, 512)
        ->size();
  });
  Ask(name, "OutcomeOf", 200'000, [&](std::uint64_t i) {
    return static_cast<std::size_t>(view->OutcomeOf(id(NodeKind::kLoan, i % count))->has_value());
  });
}

int Main(int loans) {
  const std::unique_ptr<GraphStore> memory = MakeMemoryGraphStore();
  Apply("memory", loans, memory.get());
  Read("memory", loans, *memory);
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / "recoup-graph-store-bench";
  std::filesystem::remove_all(directory);
  {
    auto opened = OpenRocksGraphStore(directory);
    if (!opened) return 1;
    Apply("rocks", loans, opened->get());
    Read("rocks", loans, **opened);
    const Stopwatch watch;
    const auto copy = CopyToMemory(**opened);
    std::printf("CopyToMemory %.2f s\n", watch.Seconds());
    if (!copy) return 1;
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace recoup::graph

int main(int argc, char** argv) {
  return recoup::graph::Main(argc > 1 ? std::atoi(argv[1]) : 84'000);
}
