#include "model/learning/timeline.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "model/runtime/ensemble_forecast.h"
#include "tests/unit/model/learning/peer_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::PeerWorld;
using testing::RowOf;
using testing::SmallWalk;
using testing::Walked;
using testing::WorldLoan;

constexpr const char* kLender = "out.originated_by.party";

using Bits = std::vector<std::uint32_t>;

// All that a timeline says of one loan, in bits. Which loans are nearest is asked of the first base
// even for loans valued before it, so for those the nearest are left out.
Bits AllOf(const Timeline& timeline, std::size_t loan, bool with_nearest = true) {
  Bits bits = BitsOf({&timeline.expected[loan], 1});
  const auto add = [&bits](std::span<const float> numbers) {
    const Bits more = BitsOf(numbers);
    bits.insert(bits.end(), more.begin(), more.end());
  };
  add(RowOf(timeline.outcome, loan));
  add(RowOf(timeline.residual, loan));
  if (with_nearest) add(timeline.nearest[loan]);
  bits.push_back(static_cast<std::uint32_t>(timeline.has_history[loan]));
  return bits;
}

// Days on which a loan is valued and the outcome of another loan of its lender becomes known, and
// the cuts.
std::vector<Date> BusyDays(const PeerWorld& world, const TimelineOptions& walk) {
  std::set<std::pair<Date, std::string>> known;
  for (const WorldLoan& loan : world.loans) known.emplace(loan.known_at, loan.lender);
  std::vector<Date> days = walk.cuts;
  for (std::size_t i = 30; i < world.loans.size(); ++i) {
    const WorldLoan& loan = world.loans[i];
    if (!known.contains({loan.as_of, loan.lender})) continue;
    days.push_back(loan.as_of);
    i += 30;
  }
  return days;
}

TEST_CASE("Outcomes known on or after a day change nothing of a loan valued on or before it") {
  PeerWorld world;
  TimelineOptions walk = SmallWalk();
  walk.ensemble.boosting.max_depth = 4;  // so that a depth is chosen, by outcomes
  const LoanBook book = world.Book();
  const Timeline honest = Walked(book, walk);
  const std::vector<Date> days = BusyDays(world, walk);
  REQUIRE(days.size() >= 6);
  for (const Date day : days) {
    PeerWorld other = world;
    for (WorldLoan& loan : other.loans) {
      if (loan.known_at >= day) loan.recovery_rate = 1.0 - loan.recovery_rate;
    }
    const LoanBook other_book = other.Book();
    const Timeline altered = Walked(other_book, walk);
    REQUIRE(altered.relations == honest.relations);
    std::size_t same = 0;
    std::size_t changed = 0;
    for (std::size_t loan = 0; loan < book.size(); ++loan) {
      const Date as_of = book.examples[loan].as_of;
      REQUIRE(other_book.examples[loan].as_of == as_of);
      const bool by_model = as_of >= walk.cuts.front();
      const bool equal = AllOf(honest, loan, by_model) == AllOf(altered, loan, by_model);
      INFO("loan " << loan << " valued on " << as_of.ToString() << ", outcomes altered from "
                   << day.ToString());
      if (as_of <= day) REQUIRE(equal);
      (equal ? same : changed) += 1;
    }
    CHECK(same > 20);
    CHECK((changed > 20 || day > world.loans.back().as_of.PlusDays(-200)));
  }
}

TEST_CASE("What was known of a loan stays as it was when the world goes on") {
  const PeerWorld world;
  const TimelineOptions walk = SmallWalk();
  const Date day = walk.cuts.back().PlusDays(5);
  PeerWorld early = world;
  for (WorldLoan& loan : early.loans) loan.is_resolved = loan.known_at < day;
  const LoanBook book = world.Book();
  const LoanBook early_book = early.Book();
  REQUIRE(early_book.size() == book.KnownBefore(day));
  const Timeline whole = Walked(book, walk);
  const Timeline then = Walked(early_book, walk);
  REQUIRE(then.relations == whole.relations);
  for (std::size_t loan = 0; loan < early_book.size(); ++loan) {
    REQUIRE(AllOf(then, loan) == AllOf(whole, loan));
  }
}

// Every fifth loan, among them some of the first that are known.
std::vector<char> EveryFifth(const LoanBook& book) {
  std::vector<char> flags(book.size(), 0);
  for (std::size_t loan = 2; loan < flags.size(); loan += 5) flags[loan] = 1;
  return flags;
}

// The world in which the flagged loans of its book have other outcomes, or none.
PeerWorld WithOthers(const PeerWorld& world, const LoanBook& book, const std::vector<char>& flags,
                     bool resolved) {
  std::set<std::string> flagged;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    if (flags[loan] != 0) flagged.insert(book.records[loan].key.external_id);
  }
  PeerWorld other = world;
  for (WorldLoan& loan : other.loans) {
    if (!flagged.contains(loan.key.external_id)) continue;
    loan.recovery_rate = 1.0 - loan.recovery_rate;
    loan.is_resolved = resolved;
  }
  return other;
}

TEST_CASE("Silent loans' outcomes change nothing at all") {
  const PeerWorld world;
  const LoanBook book = world.Book();
  TimelineOptions walk = SmallWalk();
  walk.silent = EveryFifth(book);
  const LoanBook other_book = WithOthers(world, book, walk.silent, true).Book();
  const Timeline one = Walked(book, walk);
  const Timeline other = Walked(other_book, walk);
  CHECK(one.bases.back().trees == other.bases.back().trees);
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    INFO("loan " << loan << (walk.silent[loan] != 0 ? ", silent" : ""));
    REQUIRE(AllOf(one, loan) == AllOf(other, loan));
  }
  // Not so if they are heard.
  const std::vector<char> silent = std::exchange(walk.silent, {});
  const Timeline heard = Walked(book, walk);
  std::size_t changed = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    changed += AllOf(one, loan) == AllOf(heard, loan) ? 0 : 1;
  }
  CHECK(changed > 150);
}

TEST_CASE("Silent loans leave to the others a world without them") {
  const PeerWorld world;
  const LoanBook book = world.Book();
  TimelineOptions walk = SmallWalk();
  walk.silent = EveryFifth(book);
  const Timeline silent = Walked(book, walk);
  const LoanBook smaller = WithOthers(world, book, walk.silent, false).Book();
  walk.silent.clear();
  const Timeline without = Walked(smaller, walk);
  REQUIRE(without.relations == silent.relations);
  std::map<std::string, std::size_t> positions;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    positions[book.records[loan].key.external_id] = loan;
  }
  for (std::size_t loan = 0; loan < smaller.size(); ++loan) {
    const std::size_t position = positions.at(smaller.records[loan].key.external_id);
    INFO("loan " << position);
    REQUIRE(AllOf(without, loan) == AllOf(silent, position));
  }
}

TEST_CASE("Loans that are not learnt from are heard all the same") {
  const PeerWorld world;
  const LoanBook book = world.Book();
  TimelineOptions walk = SmallWalk();
  walk.not_learnt = EveryFifth(book);
  const LoanBook other_book = WithOthers(world, book, walk.not_learnt, true).Book();
  const Timeline one = Walked(book, walk);
  const Timeline other = Walked(other_book, walk);
  CHECK(one.bases.back().trees == other.bases.back().trees);
  CHECK(one.bases.back().ridge == other.bases.back().ridge);
  std::size_t changed = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    if (book.examples[loan].as_of >= walk.cuts.front()) {
      REQUIRE(one.expected[loan] == other.expected[loan]);
    }
    changed += AllOf(one, loan) == AllOf(other, loan) ? 0 : 1;
  }
  CHECK(changed > 150);
}

TEST_CASE("Without edges no relation is used, and no lender can be new") {
  const LoanBook book = PeerWorld().Book();
  TimelineOptions walk = SmallWalk();
  walk.without_edges = true;
  const Timeline timeline = Walked(book, walk);
  CHECK(timeline.relations.empty());
  CHECK(timeline.numbers.empty());
  CHECK(timeline.history_relations.empty());
  CHECK(timeline.outcome.values.empty());
  CHECK(timeline.residual.values.empty());
  CHECK(timeline.has_history == std::vector<char>(book.size(), 1));
  // The ties of another loan change nothing, either.
  LoanBook untied = book;
  untied.members.clear();
  untied.member_ends.assign(book.size() + 1, 0);
  const Timeline other = Walked(untied, walk);
  CHECK(BitsOf(other.expected) == BitsOf(timeline.expected));
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    REQUIRE(AllOf(other, loan) == AllOf(timeline, loan));
  }
}

TEST_CASE("Relations that lead nowhere are left out; lenders and courts make the history") {
  const LoanBook book = PeerWorld().Book();
  const Timeline timeline = Walked(book, SmallWalk());
  CHECK(timeline.relations ==
        std::vector<std::string>{
            "group.vintage", "in.borrows.party", "in.borrows.party/in.owns.party",
            "in.borrows.party/out.owns.party", "in.guarantees.party",
            "in.guarantees.party/in.owns.party", "in.guarantees.party/out.owns.party",
            "out.located_in.region.state", kLender});
  CHECK(timeline.history_relations == std::vector<std::string>{kLender});
  for (std::size_t i = 0; i < timeline.relations.size(); ++i) {
    CHECK(book.catalog.relations()[timeline.numbers[i]] == timeline.relations[i]);
  }
  CHECK(timeline.history_numbers == std::vector<std::uint32_t>{timeline.numbers.back()});
  REQUIRE(timeline.outcome.columns.size() == 9 * kOutcomeColumnsPerRelation);
  CHECK(timeline.outcome.columns.front() == "group.vintage.outcome_mean");
  CHECK(timeline.residual.columns.back() == "out.originated_by.party.residual_mean_one_year");
  // The first loans of a lender have no history: nobody's, or only outcomes of their own day on.
  const PeerWorld world;
  std::map<std::string, const WorldLoan*> by_id;
  for (const WorldLoan& loan : world.loans) by_id[loan.key.external_id] = &loan;
  std::size_t without = 0;
  for (std::size_t i = 0; i < book.size(); ++i) {
    const WorldLoan& asks = *by_id.at(book.records[i].key.external_id);
    const bool heard = std::any_of(world.loans.begin(), world.loans.end(), [&](const auto& peer) {
      return peer.lender == asks.lender && peer.known_at < asks.as_of;
    });
    REQUIRE((timeline.has_history[i] != 0) == heard);
    without += heard ? 0 : 1;
  }
  CHECK(without > 10);
}

TEST_CASE("The store's ledger says what was expected, if it is asked and where it has an entry") {
  const LoanBook book = PeerWorld().Book();
  LoanBook kept = book;
  for (std::size_t loan = 0; loan < book.size(); loan += 3) {
    kept.expected[loan] = 0.001F * static_cast<float>(loan);
  }
  TimelineOptions walk = SmallWalk();
  const Timeline without = Walked(book, walk);
  const Timeline unasked = Walked(kept, walk);
  CHECK(BitsOf(unasked.expected) == BitsOf(without.expected));
  walk.use_ledger = true;
  const Timeline with = Walked(kept, walk);
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    const float expected = loan % 3 == 0 ? kept.expected[loan] : without.expected[loan];
    REQUIRE(BitsOf({&with.expected[loan], 1}) == BitsOf({&expected, 1}));
  }
  // Peers are heard with those residuals, and nothing is fitted otherwise.
  CHECK(with.index->ResidualOf(0) == static_cast<float>(book.examples[0].recovery_rate));
  CHECK(BitsOf(with.outcome.values) == BitsOf(without.outcome.values));
  CHECK(BitsOf(with.residual.values) != BitsOf(without.residual.values));
  CHECK(with.bases.back().trees == without.bases.back().trees);
}

TEST_CASE("Before the first cut the mean of what was known is expected, from 20 outcomes on") {
  const LoanBook book = PeerWorld().Book();
  const TimelineOptions walk = SmallWalk();
  const Timeline timeline = Walked(book, walk);
  std::size_t means = 0;
  std::size_t none = 0;
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    const Date day = book.examples[loan].as_of;
    if (day >= walk.cuts.front()) continue;
    double sum = 0.0;
    double count = 0.0;
    for (const Example& example : book.examples) {
      if (example.outcome_known_at >= day) continue;
      sum += example.recovery_rate;
      count += 1.0;
    }
    INFO("loan " << loan << ", " << count << " known");
    REQUIRE(std::isnan(timeline.expected[loan]) == (count < 20.0));
    if (count >= 20.0) REQUIRE(std::abs(timeline.expected[loan] - sum / count) < 1e-6);
    (count < 20.0 ? none : means) += 1;
  }
  CHECK(means > 20);
  CHECK(none > 20);
}

TEST_CASE("From a cut on its base expects, and looks for the nearest loans") {
  const LoanBook book = PeerWorld().Book();
  TimelineOptions walk = SmallWalk();
  walk.ensemble.seeds = 3;
  const Timeline timeline = Walked(book, walk);
  REQUIRE(timeline.bases.size() == 2);
  CHECK(timeline.bases[0].trees.size() == 1);  // the ledger needs one opinion
  CHECK(timeline.bases[1].trees.size() == 3);
  std::vector<std::uint32_t> all(book.size());
  std::iota(all.begin(), all.end(), 0U);
  std::array<std::size_t, 2> blended{};
  for (std::size_t i = 0; i < 2; ++i) {
    const BaseModel& base = timeline.bases[i];
    Ensemble ensemble;  // as serving forecasts from its base
    ensemble.own_trees = base.trees;
    ensemble.own_ridge = base.ridge;
    const Table rows = EncodeLoans(book, base.schema, all).table;
    const LoanMetric metric = MetricOf(base.trees.front());
    const std::vector<float> compared = MetricRows(metric, rows);
    const std::span<const float> by_metric = compared;
    for (const std::uint32_t loan : all) {
      const Date day = book.examples[loan].as_of;
      if ((day >= walk.cuts[1] ? 1U : 0U) != i) continue;
      const Nearest nearest = NearestRows(by_metric.subspan(loan * metric.width(), metric.width()),
                                          by_metric, book.KnownBefore(day), loan);
      REQUIRE(BitsOf(timeline.nearest[loan]) ==
              BitsOf(NearestMeans(*timeline.index, nearest.all())));
      if (day < walk.cuts[0]) continue;
      const bool has_history = timeline.has_history[loan] != 0;
      const double value = ForecastBase(ensemble, RowOf(rows, loan), has_history);
      REQUIRE(timeline.expected[loan] == static_cast<float>(std::clamp(value, 0.0, 1.0)));
      blended[i] += has_history ? 0 : 1;
    }
  }
  CHECK(blended[0] + blended[1] > 2);
}

TEST_CASE("A base is fitted on what was known before its cut, and stays so in any walk") {
  const LoanBook book = PeerWorld().Book();
  const TimelineOptions walk = SmallWalk();
  const Timeline timeline = Walked(book, walk);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto base = FitBase(book, LearntBefore(book, walk, walk.cuts[i]), walk.ensemble, nullptr);
    REQUIRE(base.has_value());
    CHECK(base->trees == timeline.bases[i].trees);
    CHECK(base->ridge == timeline.bases[i].ridge);
  }
  CHECK_FALSE(timeline.bases[0].trees == timeline.bases[1].trees);
}

TEST_CASE("Learnt is what was known strictly before the day, but for whom nobody may learn from") {
  LoanBook book;
  for (const int known_at : {10, 20, 20, 30}) {
    book.examples.push_back({graph::NodeId(1, book.size()), Date(1), Date(known_at), 0.5});
  }
  using Loans = std::vector<std::uint32_t>;
  TimelineOptions options;
  CHECK(LearntBefore(book, options, Date(20)) == Loans{0});
  CHECK(LearntBefore(book, options, Date(21)) == Loans{0, 1, 2});
  CHECK(LearntBefore(book, options, Date(10)).empty());
  options.silent = {1, 0, 0, 0};
  options.not_learnt = {0, 0, 1, 0};
  CHECK(LearntBefore(book, options, Date(99)) == Loans{1, 3});
}

Date NewYear(int year) { return Date::FromYearMonthDay(year, 1, 1).value(); }

TEST_CASE("Yearly cuts begin on the first January before which 500 outcomes were known") {
  LoanBook book;
  const auto add = [&book](std::size_t count, Date known_at) {
    for (std::size_t i = 0; i < count; ++i) {
      book.examples.push_back({graph::NodeId(1, book.size()), Date(1), known_at, 0.5});
    }
  };
  using Cuts = std::vector<Date>;
  CHECK(YearlyCuts(book, NewYear(2005)) == Cuts{NewYear(2005)});  // nothing is known
  add(499, NewYear(2001).PlusDays(-1));
  add(1, NewYear(2001));  // the 500th, a day too late for 2001
  add(300, NewYear(2003));
  CHECK(YearlyCuts(book, NewYear(2004)) == Cuts{NewYear(2002), NewYear(2003), NewYear(2004)});
  CHECK(YearlyCuts(book, NewYear(2003).PlusDays(10)) ==
        Cuts{NewYear(2002), NewYear(2003), NewYear(2003).PlusDays(10)});
  CHECK(YearlyCuts(book, NewYear(2001).PlusDays(10)) == Cuts{NewYear(2001).PlusDays(10)});
}

TEST_CASE("A walk without a day to learn before is refused, and one told to stop stops") {
  const LoanBook book = PeerWorld(60).Book();
  const auto code_of = [&book](const TimelineOptions& options) {
    const auto timeline = WalkForward(book, options, {});
    REQUIRE_FALSE(timeline.has_value());
    return timeline.error().code;
  };
  TimelineOptions walk = SmallWalk();
  walk.cuts.clear();
  CHECK(code_of(walk) == ErrorCode::kInvalidArgument);
  walk.cuts = {book.examples.front().outcome_known_at};
  CHECK(code_of(walk) == ErrorCode::kInvalidArgument);
  walk.cuts = {PeerWorld::FirstDay().PlusDays(300)};
  REQUIRE(WalkForward(book, walk, {}).has_value());
  walk.silent.assign(book.size(), 1);
  CHECK(code_of(walk) == ErrorCode::kInvalidArgument);
  walk.silent.clear();
  std::atomic<bool> stop = false;
  const Observer observer{[&stop](const EvaluationProgress&) { stop = true; }, &stop};
  const auto stopped = WalkForward(book, walk, observer);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recoup::model
