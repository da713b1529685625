#include "server/engine/value_loan.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <memory>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"

namespace recoup::server {
namespace {

using Catch::Matchers::ContainsSubstring;
using graph::NodeKind;

Date Day(const char* text) { return Date::Parse(text).value(); }

Money Usd(std::int64_t cents) { return {cents, Currency::Parse("USD").value()}; }

graph::NodeFact Loan(const std::string& id, std::vector<graph::NamedAttribute> attributes,
                     const char* known_at) {
  return {{NodeKind::kLoan, id},
          graph::FactOperation::kUpsert,
          std::move(attributes),
          {Day(known_at), Day(known_at)}};
}

// Predicts a sure recovery of 40 percent, whatever the loan.
class FortyPercent final : public model::Predictor {
 public:
  Result<std::vector<model::RecoveryForecast>> Predict(
      std::span<const model::EncodedNeighbourhood> inputs) const override {
    model::RecoveryDistribution::Masses masses{};
    masses[0] = 0.6;
    masses.back() = 0.4;
    return std::vector(inputs.size(),
                       model::RecoveryForecast{
                           model::RecoveryDistribution::FromMasses(masses).value(), 0.0, 1.0, 0.8});
  }
  std::string_view backend() const override { return "fake"; }
};

// A store with one defaulted loan, one that performs, and one without a balance.
struct World {
  World() {
    graph::FactBatch batch;
    batch.facts = {
        Loan("bad", {{"balance", Usd(100'00)}, {"default_date", Day("2020-06-30")}}, "2020-06-30"),
        Loan("good", {{"balance", Usd(50'00)}}, "2020-01-01"),
        Loan("empty", {{"default_date", Day("2020-03-01")}}, "2020-03-01"),
    };
    REQUIRE(store->Apply(batch).has_value());
  }

  Result<LoanAnswer> Value(const std::string& loan_id, const char* as_of) const {
    const auto view = store->ViewAsOf(Day(as_of));
    const model::Encoder encoder(model::FeatureSchema({}, 0.3), view->Attributes());
    const FortyPercent predictor;
    const ValuationContext context{view.get(), &encoder, &predictor, nullptr, {}, {}, {}};
    return ValueOneLoan(context, loan_id);
  }

  std::unique_ptr<graph::GraphStore> store = graph::MakeMemoryGraphStore();
};

TEST_CASE("A loan is valued on its balance", "[engine]") {
  const auto answer = World().Value("bad", "2020-12-31");
  REQUIRE(answer.has_value());
  CHECK(answer->valuation.claim == Usd(100'00));
  CHECK(answer->valuation.expected_recovery == Usd(40'00));
}

TEST_CASE("A loan that is not yet known is not found, and the error says as of when", "[engine]") {
  const auto answer = World().Value("bad", "2020-06-29");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::kNotFound);
  CHECK_THAT(answer.error().message, ContainsSubstring("2020-06-29"));
  CHECK_THAT(answer.error().message, ContainsSubstring("bad"));
}

TEST_CASE("An unknown loan is not found", "[engine]") {
  CHECK(World().Value("nobody", "2020-12-31").error().code == ErrorCode::kNotFound);
}

TEST_CASE("A loan without a balance is refused with what to do", "[engine]") {
  const auto answer = World().Value("empty", "2020-12-31");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::kFailedPrecondition);
  CHECK_THAT(answer.error().message, ContainsSubstring("balance"));
}

TEST_CASE("Only loans that have defaulted by the day are non-performing", "[engine]") {
  const World world;
  using Ids = std::vector<std::string>;
  CHECK(NonPerformingLoans(*world.store->ViewAsOf(Day("2020-12-31"))).value() ==
        Ids{"bad", "empty"});
  CHECK(NonPerformingLoans(*world.store->ViewAsOf(Day("2020-04-01"))).value() == Ids{"empty"});
}

TEST_CASE("Where no loan has a default date, every loan is non-performing", "[engine]") {
  const auto store = graph::MakeMemoryGraphStore();
  graph::FactBatch batch;
  batch.facts = {Loan("b", {{"balance", Usd(2)}}, "2020-01-01"),
                 Loan("a", {{"balance", Usd(1)}}, "2020-01-01")};
  REQUIRE(store->Apply(batch).has_value());
  CHECK(NonPerformingLoans(*store->ViewAsOf(Day("2020-12-31"))).value() ==
        std::vector<std::string>{"a", "b"});
}

}  // namespace
}  // namespace recoup::server
