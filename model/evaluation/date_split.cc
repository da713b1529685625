#include "model/evaluation/date_split.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/evaluation/counter_random.h"

namespace recoup::model {
namespace {

constexpr std::size_t kFewestExamples = 20;

Result<void> CheckOrder(const DateSplit& dates) {
  if (dates.train_before > dates.validation_before || dates.validation_before > dates.test_from) {
    return Error{ErrorCode::kInvalidArgument,
                 "the days of a split must ascend (train_before, validation_before, test_from): " +
                     dates.train_before.ToString() + ", " + dates.validation_before.ToString() +
                     ", " + dates.test_from.ToString()};
  }
  if (dates.test_before && *dates.test_before <= dates.test_from) {
    return Error{ErrorCode::kInvalidArgument,
                 "test_before must be after test_from: " + dates.test_before->ToString()};
  }
  return {};
}

std::string Describe(const DateSplit& dates, bool by_quantiles) {
  std::string text = "by date of the outcome: training before " + dates.train_before.ToString() +
                     ", validation before " + dates.validation_before.ToString() + ", test from " +
                     dates.test_from.ToString();
  if (dates.test_before) text += " to before " + dates.test_before->ToString();
  if (by_quantiles) text += " (no days were given: cut after 60, 75 and 80 % of the outcomes)";
  return text;
}

Result<void> CheckNotEmpty(const ExampleSplit& split) {
  for (const auto* part : {&split.training, &split.validation, &split.test}) {
    if (part->empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   "the split leaves a part empty (training, validation, test): " +
                       std::to_string(split.training.size()) + ", " +
                       std::to_string(split.validation.size()) + ", " +
                       std::to_string(split.test.size())};
    }
  }
  return {};
}

// Whether each part would hold a twentieth of the examples at least.
bool HasThreeParts(std::span<const Example> examples, const DateSplit& dates) {
  std::array<std::size_t, 3> parts{};
  for (const Example& example : examples) {
    const Date day = example.outcome_known_at;
    if (day < dates.train_before) ++parts[0];
    if (day >= dates.train_before && day < dates.validation_before) ++parts[1];
    if (day >= dates.test_from) ++parts[2];
  }
  return *std::min_element(parts.begin(), parts.end()) * 20 >= examples.size();
}

// Where all outcomes have one day or two, time tells nothing apart.
ExampleSplit SplitAtRandom(std::span<const Example> examples) {
  ExampleSplit split;
  split.is_at_random = true;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::uint64_t percent = Below(CounterRandom(1, 0, i), 100);
    auto& part = percent < 65 ? split.training : percent < 80 ? split.validation : split.test;
    part.push_back(i);
  }
  split.description =
      "AT RANDOM (65, 15 and 20 %), because too few different days are known on which outcomes "
      "became "
      "known; figures of a random split flatter, and no resolved loan can speak for another";
  return split;
}

}  // namespace

Result<DateSplit> DateSplitByQuantiles(std::span<const Example> examples) {
  if (examples.size() < kFewestExamples) {
    return Error{ErrorCode::kInvalidArgument,
                 "at least 20 loans with a known outcome are needed to split them: " +
                     std::to_string(examples.size())};
  }
  std::vector<Date> days;
  days.reserve(examples.size());
  for (const Example& example : examples) days.push_back(example.outcome_known_at);
  std::sort(days.begin(), days.end());
  const auto day_after = [&](std::size_t percent) { return days[days.size() * percent / 100]; };
  return DateSplit{day_after(60), day_after(75), day_after(80), std::nullopt};
}

Result<DateSplit> DateSplitOfLastYear(std::span<const Example> examples) {
  RECOUP_TRY(DateSplitByQuantiles(examples));  // there are enough
  std::vector<Date> days;
  for (const Example& example : examples) days.push_back(example.outcome_known_at);
  std::sort(days.begin(), days.end());
  const Date end = days.back().PlusDays(1);
  DateSplit split{end.PlusDays(-365), end.PlusDays(-182), end.PlusDays(-182), std::nullopt};
  const auto since = [&](Date day) {
    return static_cast<std::size_t>(days.end() - std::lower_bound(days.begin(), days.end(), day));
  };
  const bool sparse = 10 * since(split.train_before) < days.size() ||
                      20 * since(split.test_from) < days.size() ||
                      since(split.train_before) == days.size();
  if (!sparse) return split;
  const Date validation_end = days[days.size() * 9 / 10];
  return DateSplit{days[days.size() * 8 / 10], validation_end, validation_end, std::nullopt};
}

Result<ExampleSplit> SplitByDate(std::span<const Example> examples,
                                 const std::optional<DateSplit>& dates) {
  DateSplit used;
  if (dates) {
    used = *dates;
  } else {
    RECOUP_ASSIGN(used, DateSplitByQuantiles(examples));
    if (!HasThreeParts(examples, used)) return SplitAtRandom(examples);
  }
  RECOUP_TRY(CheckOrder(used));
  ExampleSplit split;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Date day = examples[i].outcome_known_at;
    const bool in_test = day >= used.test_from && (!used.test_before || day < *used.test_before);
    if (day < used.train_before) {
      split.training.push_back(i);
    } else if (day < used.validation_before) {
      split.validation.push_back(i);
    } else if (in_test) {
      split.test.push_back(i);
    } else {
      split.left_out.push_back(i);
    }
  }
  RECOUP_TRY(CheckNotEmpty(split));
  split.dates = used;
  split.description = Describe(used, !dates.has_value());
  return split;
}

std::size_t TestLoansValuedTooEarly(std::span<const Example> examples, const ExampleSplit& split) {
  Date last_label = Date::Min();
  for (const auto* part : {&split.training, &split.validation}) {
    for (std::size_t i : *part) last_label = std::max(last_label, examples[i].outcome_known_at);
  }
  return static_cast<std::size_t>(
      std::count_if(split.test.begin(), split.test.end(),
                    [&](std::size_t i) { return examples[i].as_of <= last_label; }));
}

std::vector<Example> Pick(std::span<const Example> examples,
                          std::span<const std::size_t> positions) {
  std::vector<Example> picked;
  picked.reserve(positions.size());
  for (std::size_t i : positions) picked.push_back(examples[i]);
  return picked;
}

std::vector<double> RecoveryRates(std::span<const Example> examples) {
  std::vector<double> rates;
  rates.reserve(examples.size());
  for (const Example& example : examples) rates.push_back(example.recovery_rate);
  return rates;
}

}  // namespace recoup::model
