#include "model/learning/learnt_ensemble.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/learning/peer_world.h"
#include "tests/unit/model/learning/random_plugin.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::PeerWorld;
using testing::RandomPlugin;
using testing::WorldLoan;

// 700 loans in less than four years: the first yearly cut has its 500 outcomes.
const PeerWorld& World() {
  static const PeerWorld world(700, 2);
  return world;
}
const LoanBook& Book() {
  static const LoanBook book = World().Book();
  return book;
}
Date TheDay() { return PeerWorld::FirstDay().PlusDays(1350); }

LearnOptions Options() {
  LearnOptions options{.ensemble = testing::SmallWalk().ensemble};
  options.credibility.variant = CredibilityVariant::kDeep;
  return options;
}

LearntEnsemble Learnt(const LoanBook& book, const LearnOptions& options,
                      const NetworkPlugin* plugin) {
  auto learnt = LearntEnsemble::Learn(book, TheDay(), options, plugin, {});
  if (!learnt.has_value()) FAIL(learnt.error().message);
  return std::move(learnt).value();
}

TEST_CASE("An ensemble is walked in yearly steps and fitted on the day") {
  const RandomPlugin plugin;
  const LearntEnsemble learnt = Learnt(Book(), Options(), &plugin);
  const std::vector<Date> cuts = YearlyCuts(Book(), TheDay());
  REQUIRE(cuts.size() == 2);
  CHECK(std::vector(learnt.cuts().begin(), learnt.cuts().end()) == cuts);
  CHECK(learnt.day() == TheDay());
  CHECK(learnt.depth() == 3);
  CHECK(&learnt.book() == &Book());
  CHECK(learnt.LearntLoans().size() == Book().KnownBefore(TheDay()));

  TimelineOptions walk = testing::SmallWalk();
  walk.cuts = cuts;
  const Timeline timeline = testing::Walked(Book(), walk);
  CHECK(BitsOf(learnt.timeline().expected) == BitsOf(timeline.expected));
  CHECK(BitsOf(learnt.timeline().residual.values) == BitsOf(timeline.residual.values));
  const FittingTask task{.book = Book(),
                         .timeline = timeline,
                         .walk = walk,
                         .base = 1,
                         .day = TheDay(),
                         .plugin = &plugin,
                         .credibility = Options().credibility};
  const auto fitted = FitEnsemble(task, {});
  REQUIRE(fitted.has_value());
  CHECK(learnt.ensemble() == fitted->ensemble);
  CHECK(learnt.fitted().schema == fitted->schema);

  const std::vector<std::uint32_t> loans = {690, 1, 300};
  const auto forecasts = learnt.Forecast(loans);
  const auto expected = ForecastLoans(task, *fitted, loans);
  REQUIRE((forecasts.has_value() && expected.has_value()));
  for (std::size_t i = 0; i < loans.size(); ++i) {
    CHECK((*forecasts)[i].members == (*expected)[i].members);
    CHECK(BitsOf(learnt.ContextOf(loans[i])) ==
          BitsOf(ContextOfLoan(timeline, fitted->schema.prior_recovery_rate(), loans[i])));
  }
}

TEST_CASE("Loans that nobody may learn from are not learnt from") {
  const RandomPlugin plugin;
  for (const bool silent : {true, false}) {
    LearnOptions options = Options();
    std::vector<char>& flags = silent ? options.silent : options.not_learnt;
    flags.assign(Book().size(), 0);
    for (std::size_t loan = 0; loan < flags.size(); loan += 2) flags[loan] = 1;
    const LearntEnsemble learnt = Learnt(Book(), options, &plugin);
    for (const std::uint32_t loan : learnt.LearntLoans()) REQUIRE(flags[loan] == 0);
    REQUIRE_FALSE(plugin.seen.empty());
    for (const std::uint32_t loan : plugin.seen.back().inputs.loans) REQUIRE(flags[loan] == 0);
    std::size_t heard = 0;
    for (const std::int32_t peer : plugin.seen.back().inputs.slots.peers) {
      heard += peer >= 0 && flags[static_cast<std::size_t>(peer)] != 0 ? 1 : 0;
    }
    CHECK((heard == 0) == silent);
  }
}

TEST_CASE("What is known later changes no forecast of a loan valued by then") {
  const RandomPlugin plugin;
  PeerWorld other = World();
  for (WorldLoan& loan : other.loans) {
    if (loan.known_at >= TheDay()) loan.recovery_rate = 1.0 - loan.recovery_rate;
  }
  const LoanBook other_book = other.Book();
  const LearntEnsemble one = Learnt(Book(), Options(), &plugin);
  const LearntEnsemble two = Learnt(other_book, Options(), &plugin);
  std::vector<std::uint32_t> loans;
  for (std::uint32_t loan = 0; loan < Book().size(); ++loan) {
    if (Book().examples[loan].as_of <= TheDay()) loans.push_back(loan);
  }
  CHECK(loans.size() > Book().KnownBefore(TheDay()));
  const auto forecasts = one.Forecast(loans);
  const auto altered = two.Forecast(loans);
  REQUIRE((forecasts.has_value() && altered.has_value()));
  for (std::size_t i = 0; i < loans.size(); ++i) {
    REQUIRE((*forecasts)[i].base == (*altered)[i].base);
    REQUIRE((*forecasts)[i].members == (*altered)[i].members);
  }
}

TEST_CASE("The walk's options reach the walk") {
  LearnOptions options = Options();
  options.without_edges = true;
  CHECK(Learnt(Book(), options, nullptr).ensemble().relations.empty());
  options.without_edges = false;
  options.use_ledger = true;
  LoanBook kept = Book();
  kept.expected.assign(kept.size(), 0.25F);
  CHECK(Learnt(kept, options, nullptr).timeline().expected == kept.expected);
  CHECK(Learnt(kept, options, nullptr).ensemble().credibility.empty());
}

TEST_CASE("A day before any outcome is refused") {
  const auto learnt = LearntEnsemble::Learn(Book(), PeerWorld::FirstDay(), Options(), nullptr, {});
  REQUIRE_FALSE(learnt.has_value());
  CHECK(learnt.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace recoup::model
