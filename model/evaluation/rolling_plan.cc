#include "model/evaluation/rolling_plan.h"

#include <algorithm>
#include <string>

namespace recoup::model {
namespace {

constexpr std::size_t kFewestKnown = 1000;

}  // namespace

Result<RollingPlan> PlanRolling(const LoanBook& book, const RollingOptions& options) {
  Date last = Date::Min();
  for (const Example& example : book.examples) last = std::max(last, example.as_of);
  RollingPlan plan;
  plan.to = options.to.value_or(last.PlusDays(1));
  if (options.from) {
    plan.from = *options.from;
  } else {
    int year = book.examples.front().outcome_known_at.year();
    const auto january = [](int of) { return Date::FromYearMonthDay(of, 1, 1).value(); };
    while (january(year) < plan.to && book.KnownBefore(january(year)) < kFewestKnown) ++year;
    plan.from = january(year);
  }
  plan.scored_from = options.scored_from.value_or(PlusMonths(plan.from, 12));
  if (plan.from >= plan.to || plan.scored_from >= plan.to || options.months < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "nothing to score: refits from " + plan.from.ToString() + ", loans valued from " +
                     plan.scored_from.ToString() + " to before " + plan.to.ToString() +
                     "; the first refit needs " + std::to_string(kFewestKnown) +
                     " known outcomes unless its day is given"};
  }
  for (Date step = plan.from; step < plan.to; step = PlusMonths(step, options.months)) {
    plan.steps.push_back(step);
  }
  return plan;
}

Date PlusMonths(Date day, int months) {
  const int count = day.year() * 12 + day.month() - 1 + months;
  // The first of a month is always a day.
  return Date::FromYearMonthDay(count / 12, count % 12 + 1, 1).value();
}

}  // namespace recoup::model
