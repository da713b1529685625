// Cuts examples into training, validation and test by the day on which their outcome became known.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Days that cut the time line of Example::outcome_known_at.
/// REQUIRES: train_before <= validation_before <= test_from < test_before.
struct DateSplit {
  Date train_before;                // training: outcome known before this day
  Date validation_before;           // validation: from train_before to the day before this
  Date test_from;                   // what lies between is the embargo: in no part
  std::optional<Date> test_before;  // none: no end

  bool operator==(const DateSplit&) const = default;
};

/// Positions in the list of examples that was split; each list ascending, no position in two lists.
struct ExampleSplit {
  std::vector<std::size_t> training;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
  std::vector<std::size_t> left_out;  // embargo, and outcomes after the end of the test
  /// The days that were used; none for a split that is not by date.
  std::optional<DateSplit> dates;
  bool is_at_random = false;
  /// For people, in one line: where the cuts are and why.
  std::string description;
};

/// Returns the cuts after 60, 75 and 80 percent of the outcomes, in the order in which they became
/// known: 60 % training, 15 % validation, 5 % embargo, 20 % test (days are not torn apart).
/// Errors: kInvalidArgument (fewer than 20 examples, or too few different days).
Result<DateSplit> DateSplitByQuantiles(std::span<const Example> examples);

/// Returns the cuts for a model that is about to learn everything: training ends a year before the
/// last outcome, validation half a year before it, and the rest is the test. Where the last year
/// holds less than a tenth of the outcomes, or its second half less than a twentieth, the cuts lie
/// after 80 and 90 percent of them. Errors: as DateSplitByQuantiles.
Result<DateSplit> DateSplitOfLastYear(std::span<const Example> examples);

/// Splits by `dates`, or by DateSplitByQuantiles if there are none; the description says which. If
/// that would leave a part with less than a twentieth, because outcomes have too few different
/// days, the split is at random: it has no dates, and its description says so loudly. Errors:
/// kInvalidArgument (dates out of order, or a part is empty).
Result<ExampleSplit> SplitByDate(std::span<const Example> examples,
                                 const std::optional<DateSplit>& dates);

/// Returns how many examples of the test were valued before every outcome of training and
/// validation was known: for them a model knew labels from the future of their own valuation.
std::size_t TestLoansValuedTooEarly(std::span<const Example> examples, const ExampleSplit& split);

/// Returns the examples at these positions, in their order.
std::vector<Example> Pick(std::span<const Example> examples,
                          std::span<const std::size_t> positions);

/// Returns the recovery rates of these examples, in their order.
std::vector<double> RecoveryRates(std::span<const Example> examples);

}  // namespace recoup::model
