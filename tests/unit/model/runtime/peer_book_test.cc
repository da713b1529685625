#include "model/runtime/peer_book.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "model/learning/credibility_case.h"
#include "model/runtime/ensemble_forecast.h"
#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::model {
namespace {

using graph::EdgeKind;
using graph::GraphBuilder;
using graph::NodeKind;
using testing::BitsOf;
using testing::RowOf;
using testing::ServedWorld;

using Loans = std::vector<std::uint32_t>;

std::shared_ptr<const PeerBook> BookOf(const graph::GraphStore& store, const ModelArtifact& model) {
  auto book = PeerBook::Read(store, *model.ensemble, model.schema);
  REQUIRE(book.has_value());
  return std::move(book).value();
}

TEST_CASE("Serving hears of every loan of the book what learning heard, bit for bit") {
  const ServedWorld served;
  const LoanBook& book = served.book;
  const Timeline& timeline = served.learnt->timeline();
  const auto peers = BookOf(*served.store, served.artifact);
  REQUIRE(peers->loans().examples == book.examples);
  CHECK(BitsOf(peers->expected()) == BitsOf(timeline.expected));

  Loans all(book.size());
  std::iota(all.begin(), all.end(), 0U);
  TimelineOptions walk;
  walk.cuts.assign(served.learnt->cuts().begin(), served.learnt->cuts().end());
  const FittingTask task{
      .book = book, .timeline = timeline, .walk = walk, .base = 1, .day = served.LearntBefore()};
  const CredibilityCase made = MakeCredibilityCase(task, served.learnt->fitted(), all);
  const std::size_t slots = made.inputs.slots.relations * kCredibilitySlots;
  REQUIRE(slots >= 2 * kCredibilitySlots);
  std::size_t by_last_base = 0;
  for (const std::uint32_t loan : all) {
    const Example& example = book.examples[loan];
    INFO("loan " << loan << " valued on " << example.as_of.ToString());
    const auto view = served.store->ViewAsOf(example.as_of);
    EncodedNeighbourhood encoded = served.Encoded(*view, example.loan);
    REQUIRE(peers->Attach(*view, example.loan, &encoded).has_value());
    const PeerAnswer& answer = *encoded.peers;
    REQUIRE(BitsOf(answer.outcome) == BitsOf(RowOf(timeline.outcome, loan)));
    REQUIRE(BitsOf(answer.residual) == BitsOf(RowOf(timeline.residual, loan)));
    REQUIRE(answer.has_history == (timeline.has_history[loan] != 0));
    const auto of_loan = [&](const auto& values) {
      return std::vector(values.begin() + static_cast<std::ptrdiff_t>(loan * slots),
                         values.begin() + static_cast<std::ptrdiff_t>((loan + 1) * slots));
    };
    REQUIRE(answer.slots.relations == made.inputs.slots.relations);
    REQUIRE(answer.slots.slots == kCredibilitySlots);
    REQUIRE(answer.slots.peers == of_loan(made.inputs.slots.peers));
    REQUIRE(BitsOf(answer.slots.years) == BitsOf(of_loan(made.inputs.slots.years)));
    REQUIRE(BitsOf(answer.slots.residuals) == BitsOf(of_loan(made.inputs.slots.residuals)));
    // Earlier loans were expected and compared by the base of their own time.
    if (example.as_of < served.LearntBefore()) continue;
    REQUIRE(BitsOf(answer.nearest) == BitsOf(timeline.nearest[loan]));
    const std::size_t width = made.inputs.context_width;
    REQUIRE(BitsOf(encoded.context) ==
            BitsOf(std::span(made.inputs.context).subspan(loan * width, width)));
    ++by_last_base;
  }
  CHECK(by_last_base > 30);
}

TEST_CASE("The peers' rows are the book's loans as the networks see them") {
  const ServedWorld served(1);
  const auto peers = BookOf(*served.store, served.artifact);
  const auto view = served.store->ViewAsOf(ServedWorld::Today());
  const graph::NodeId loan = view->Find(served.world.loans.back().key).value();
  EncodedNeighbourhood encoded = served.Encoded(*view, loan);
  REQUIRE(peers->Attach(*view, loan, &encoded).has_value());
  Loans all(served.book.size());
  std::iota(all.begin(), all.end(), 0U);
  const LoanRows rows = RowsOf(EncodeLoans(served.book, served.artifact.schema, all),
                               served.artifact.schema.Of(NodeKind::kLoan));
  CHECK(encoded.peers->rows->numeric == rows.numeric);
  CHECK(encoded.peers->rows->categories == rows.categories);
  CHECK(encoded.peers->rows->category_sizes == rows.category_sizes);
  CHECK(peers->PositionOf(loan) == PeerQuestion::kNotInBook);
  CHECK(peers->PositionOf(served.book.examples[7].loan) == 7);
}

TEST_CASE("Without the ledger, what the model learnt from has no residual") {
  const ServedWorld served(1);
  testing::PeerWorld bare = served.world;
  bare.more.clear();
  const auto store = bare.Store();
  const auto peers = BookOf(*store, served.artifact);
  const LoanBook book = ReadLoanBook(*store).value();
  Loans missing;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const bool learnt = book.examples[loan].outcome_known_at < ServedWorld::LearntBefore();
    INFO("loan " << loan);
    REQUIRE(std::isnan(peers->expected()[loan]) == learnt);
    if (learnt) continue;
    missing.push_back(loan);
    // The base of the model as it is says what it expects, whenever the loan was valued.
    const Table own = EncodeLoans(book, served.artifact.schema, {{loan}}).table;
    const bool has_history = served.learnt->timeline().has_history[loan] != 0;
    const double value = ForecastBase(*served.artifact.ensemble, own.values, has_history);
    REQUIRE(peers->expected()[loan] == static_cast<float>(std::clamp(value, 0.0, 1.0)));
  }
  CHECK(missing.size() > 50);
  CHECK(peers->MissingInLedger() == missing);
  CHECK(peers->not_in_ledger() == book.size() - missing.size());
  const auto with_ledger = BookOf(*served.store, served.artifact);
  CHECK(with_ledger->MissingInLedger().empty());
  // Loans without an entry because nothing was expected of them yet.
  const auto expected = served.learnt->timeline().expected;
  CHECK(with_ledger->not_in_ledger() ==
        static_cast<std::size_t>(std::count_if(expected.begin(), expected.end(),
                                               [](float x) { return std::isnan(x); })));
}

constexpr graph::NodeKey kBank{NodeKind::kParty, "bank"};
constexpr graph::NodeKey kOther{NodeKind::kParty, "other"};

// A model that expects 0.25 of every loan, 0.75 where the lender is new; labels before day 1000.
ModelArtifact HandMade() {
  ModelArtifact model;
  model.schema = FeatureSchema(
      {{NodeKind::kLoan, {{"size", graph::AttributeType::kNumber, {0.0, 10.0}, ""}}, {}}}, 0.5);
  Ensemble ensemble;
  ensemble.relations = {"group.unheard_of", "out.originated_by.party"};
  ensemble.history_relations = {"out.originated_by.party"};
  ensemble.message_relations = {"out.originated_by.party", "group.unheard_of"};
  ensemble.own_trees = {FlatTrees::Make(1, 0.25F, {}, {}).value()};
  ensemble.own_ridge = RidgeRegression::FromParts({1.25, {0.0}, {0.0}, {0.0}}).value();
  ensemble.labels_before = Date(1000);
  ensemble.calibration.window = 3;
  model.ensemble = ensemble;
  return model;
}

// Loan i is valued on day `as_of` and brings in `rate` on day `known_at`.
void AddLoan(GraphBuilder& graph, const std::string& id, const graph::NodeKey& lender, int as_of,
             int known_at, double rate) {
  graph.Node(NodeKind::kLoan, id, as_of - 10, {{"size", 5.0}});
  graph.Edge(EdgeKind::kOriginatedBy, {NodeKind::kLoan, id}, lender, as_of - 10);
  if (known_at > 0) graph.Outcome(id, rate, as_of, known_at);
}

// L0 and L1 were learnt from, the first with an entry; L2 and L3 became known since.
GraphBuilder SmallStore() {
  GraphBuilder graph;
  AddLoan(graph, "L0", kBank, 100, 500, 1.0);
  AddLoan(graph, "L1", kBank, 110, 999, 0.0);
  AddLoan(graph, "L2", kBank, 400, 1000, 0.5);
  AddLoan(graph, "L3", kBank, 800, 1200, 0.5);
  AddLoan(graph, "open", kBank, 1200, 0, 0.0);
  graph.Add(
      ToFact({0.625, "v0", LedgerForecast{0.5, 0.25, 0.75}}, {NodeKind::kLoan, "L0"}, Date(500)));
  graph.Apply();
  return graph;
}

EncodedNeighbourhood Asked(const GraphBuilder& graph, const PeerBook& peers,
                           const ModelArtifact& model, const std::string& loan, int day) {
  const auto view = graph.View(day);
  const Encoder encoder(model.schema, view->Attributes());
  auto encoded =
      encoder.Encode(*view, graph::SampleNeighbourhood(*view, graph.Loan(loan), {}).value());
  REQUIRE(encoded.has_value());
  REQUIRE(peers.Attach(*view, graph.Loan(loan), &*encoded).has_value());
  return std::move(encoded).value();
}

TEST_CASE("What was expected: the ledger's, else the base's of those not learnt from") {
  const GraphBuilder graph = SmallStore();
  const ModelArtifact model = HandMade();
  const auto peers = BookOf(graph.store(), model);
  const std::span<const float> expected = peers->expected();
  REQUIRE(expected.size() == 4);
  CHECK(expected[0] == 0.625F);
  CHECK(std::isnan(expected[1]));  // known the day before, so learnt from
  CHECK(expected[2] == 0.75F);     // when it was valued nobody of its lender was known
  CHECK(expected[3] == 0.25F);
  CHECK(peers->not_in_ledger() == 1);
  CHECK(peers->MissingInLedger() == Loans{2, 3});
}

TEST_CASE("An expectation is cut to what a loan can bring in") {
  const GraphBuilder graph = SmallStore();
  ModelArtifact model = HandMade();
  model.ensemble->own_trees = {FlatTrees::Make(1, 1.5F, {}, {}).value()};
  model.ensemble->own_ridge = RidgeRegression::FromParts({-4.0, {0.0}, {0.0}, {0.0}}).value();
  const auto peers = BookOf(graph.store(), model);
  CHECK(peers->expected()[2] == 0.0F);
  CHECK(peers->expected()[3] == 1.0F);
}

TEST_CASE("Peers are heard from the day after their outcome on, and never of themselves") {
  const GraphBuilder graph = SmallStore();
  const ModelArtifact model = HandMade();
  const auto peers = BookOf(graph.store(), model);
  const auto heard = [&](const std::string& loan, int day) {
    const EncodedNeighbourhood asked = Asked(graph, *peers, model, loan, day);
    std::vector<std::int32_t> found;  // through the lender, which comes first of the messages
    for (std::size_t i = 0; i < kCredibilitySlots; ++i) {
      if (asked.peers->slots.peers[i] >= 0) found.push_back(asked.peers->slots.peers[i]);
    }
    const float log_count = asked.peers->outcome[kOutcomeColumnsPerRelation + 3];
    CHECK(asked.peers->has_history == (log_count > 0.0F));
    CHECK(asked.context.front() == (asked.peers->has_history ? 0.25F : 0.75F));
    return std::pair(found, static_cast<int>(std::lround(std::expm1(log_count))));
  };
  using Heard = std::pair<std::vector<std::int32_t>, int>;
  CHECK(heard("open", 1200) == Heard{{2, 0}, 3});  // L1 speaks without a residual
  CHECK(heard("open", 1201) == Heard{{3, 2, 0}, 4});
  CHECK(heard("L3", 1201) == Heard{{2, 0}, 3});
  CHECK(heard("L0", 500) == Heard{{}, 0});
  CHECK(heard("L0", 501) == Heard{{}, 0});
  CHECK(heard("L1", 501) == Heard{{0}, 1});
}

TEST_CASE("A relation that no loan of the store has is missing in its own place") {
  const GraphBuilder graph = SmallStore();
  const ModelArtifact model = HandMade();
  const auto peers = BookOf(graph.store(), model);
  const EncodedNeighbourhood asked = Asked(graph, *peers, model, "open", 1300);
  const PeerAnswer& answer = *asked.peers;
  REQUIRE(answer.outcome.size() == 2 * kOutcomeColumnsPerRelation);
  REQUIRE(answer.residual.size() == 2 * kResidualColumnsPerRelation);
  for (std::size_t i = 0; i < kOutcomeColumnsPerRelation; ++i) {
    CHECK(std::isnan(answer.outcome[i]));
    CHECK_FALSE(std::isnan(answer.outcome[kOutcomeColumnsPerRelation + i]));
  }
  CHECK(std::isnan(answer.residual[0]));
  // (1 - 0.625) + (0.5 - 0.75) + (0.5 - 0.25), over three and five pseudo-peers.
  CHECK(answer.residual[2] == 0.375F / 8.0F);
  REQUIRE(answer.slots.relations == 2);
  for (std::size_t i = 0; i < kCredibilitySlots; ++i) {
    CHECK(answer.slots.peers[kCredibilitySlots + i] == -1);
  }
  CHECK(asked.context ==
        std::vector<float>{0.25F, 0.0F, 0.0F, answer.residual[2], answer.residual[3]});
}

TEST_CASE("A loan that the day does not show yet cannot be asked for") {
  const GraphBuilder graph = SmallStore();
  const auto peers = BookOf(graph.store(), HandMade());
  EncodedNeighbourhood encoded;
  const auto attached = peers->Attach(*graph.View(1000), graph.Loan("open"), &encoded);
  REQUIRE_FALSE(attached.has_value());
  CHECK(attached.error().code == ErrorCode::kNotFound);
}

TEST_CASE("Margins go on from the model's scores with the ledger's forecasts, day by day") {
  GraphBuilder graph = SmallStore();
  ModelArtifact model = HandMade();
  // L0's forecast (of day 500) is among those that the model was calibrated on; L2's and L3's are
  // not: their outcome of 0.5 lies 0.25 above 0.25, and 0.125 below 0.625.
  model.ensemble->calibration.scores = {{Date(400), 0.5F, 0.0625F}, {Date(500), 0.5F, 0.5F}};
  model.ensemble->calibration.coverage = 0.5;
  graph.Add(
      ToFact({0.25, "v1", LedgerForecast{0.125, 0.0, 0.25}}, {NodeKind::kLoan, "L2"}, Date(1000)));
  graph.Add(
      ToFact({0.25, "v1", LedgerForecast{0.75, 0.625, 1.0}}, {NodeKind::kLoan, "L3"}, Date(1200)));
  graph.Apply();
  const auto peers = BookOf(graph.store(), model);
  const auto margin = [&](const std::string& loan, int day) {
    const auto margins = Asked(graph, *peers, model, loan, day).peers->margins;
    CHECK(margins[0] == margins[2]);
    return margins[1];
  };
  CHECK(margin("L1", 400) == 0.0);      // nothing is known
  CHECK(margin("L1", 401) == 0.0625);   // of one
  CHECK(margin("L1", 501) == 0.5);      // 3 * 0.5 = 1.5: the second of two
  CHECK(margin("L1", 1000) == 0.5);     // not on the day itself
  CHECK(margin("L1", 1001) == 0.25);    // 4 * 0.5: the second of 1/16, 1/4, 1/2
  CHECK(margin("open", 1201) == 0.25);  // the second of 1/8, 1/4, 1/2: the window holds three
  CHECK(margin("L1", 401) == 0.0625);   // whatever was asked in between
}

TEST_CASE("Outcomes, entries of the ledger, removals and late news of valued loans touch a book") {
  const GraphBuilder graph = SmallStore();
  const auto peers = BookOf(graph.store(), HandMade());
  const auto touched = [&peers](graph::Fact fact) {
    graph::FactBatch batch;
    batch.facts.push_back(std::move(fact));
    return peers->IsTouchedBy(batch);
  };
  const graph::NodeKey loan{NodeKind::kLoan, "new"};
  const graph::NodeKey first{NodeKind::kLoan, "L0"};
  const auto on = [](int day) { return graph::FactDates{Date(day), Date(day)}; };
  // The last resolved loan was valued on day 800.
  CHECK(touched(graph::OutcomeFact{loan, 0.5, Date(1300), on(1400)}));
  CHECK(touched(ToFact({0.5, "v1", {}}, first, Date(1400))));
  CHECK(touched(graph::NodeFact{.node = loan, .attributes = {}, .dates = on(800)}));
  CHECK_FALSE(touched(graph::NodeFact{.node = loan, .attributes = {}, .dates = on(801)}));
  CHECK_FALSE(
      touched(graph::NodeFact{.node = first, .attributes = {{"size", 1.0}}, .dates = on(801)}));
  CHECK(touched(graph::EdgeFact{.from = kBank, .to = loan, .attributes = {}, .dates = on(800)}));
  CHECK_FALSE(
      touched(graph::EdgeFact{.from = kBank, .to = loan, .attributes = {}, .dates = on(801)}));
  CHECK(touched(graph::NodeFact{.node = first,
                                .operation = graph::FactOperation::kRemove,
                                .attributes = {},
                                .dates = on(1400)}));
  CHECK_FALSE(peers->IsTouchedBy({}));
  // What is said late counts by when it was known, not by when it was so.
  CHECK_FALSE(touched(graph::NodeFact{
      .node = first, .attributes = {{"size", 1.0}}, .dates = {Date(5), Date(801)}}));
}

TEST_CASE("A book that facts do not touch would be read the same with them") {
  GraphBuilder graph = SmallStore();
  const ModelArtifact model = HandMade();
  const auto before = BookOf(graph.store(), model);
  graph::FactBatch later;
  const auto on = [](int day) { return graph::FactDates{Date(day), Date(day)}; };
  later.facts = {
      graph::NodeFact{
          .node = {NodeKind::kLoan, "L2"}, .attributes = {{"size", 9.0}}, .dates = on(801)},
      graph::EdgeFact{.kind = EdgeKind::kOriginatedBy,
                      .from = {NodeKind::kLoan, "L3"},
                      .to = kOther,
                      .attributes = {},
                      .dates = on(900)},
      graph::EdgeFact{.kind = EdgeKind::kOriginatedBy,
                      .from = {NodeKind::kLoan, "new"},
                      .to = kBank,
                      .attributes = {},
                      .dates = on(900)}};
  REQUIRE_FALSE(before->IsTouchedBy(later));
  graph.Apply(later);
  const auto after = BookOf(graph.store(), model);
  CHECK(after->loans().records == before->loans().records);
  CHECK(after->loans().members == before->loans().members);
  CHECK(BitsOf(after->expected()) == BitsOf(before->expected()));
  const auto old_answer = Asked(graph, *before, model, "open", 1300);
  const auto new_answer = Asked(graph, *after, model, "open", 1300);
  CHECK(BitsOf(old_answer.peers->outcome) == BitsOf(new_answer.peers->outcome));
  CHECK(BitsOf(old_answer.peers->residual) == BitsOf(new_answer.peers->residual));
}

TEST_CASE("A loan that was gone before its outcome was known is not missing in the ledger") {
  GraphBuilder graph = SmallStore();
  graph.Add(graph::NodeFact{
      {NodeKind::kLoan, "L3"}, graph::FactOperation::kRemove, {}, {Date(1100), Date(1100)}});
  graph.Apply();
  const auto peers = BookOf(graph.store(), HandMade());
  CHECK(peers->expected()[3] == 0.25F);  // it is heard all the same
  CHECK(peers->MissingInLedger() == Loans{2});
}

}  // namespace
}  // namespace recoup::model
