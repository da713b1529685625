// The phrases that text and HTML share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// What the bootstrap drew from: `1200 lenders (or loans without one)`.
std::string GroupsText(const EvaluationTable& table);

/// The verdict without its figures, which have a column of their own.
std::string VerdictWords(const std::string& verdict);

/// `[0.0100, 0.0900]`.
std::string IntervalText(const DifferenceEstimate& difference);

/// `0.0500 [0.0100, 0.0900]`, or `-`.
std::string DifferenceText(const std::optional<DifferenceEstimate>& difference);

/// One line for each reason, with the rows that it keeps away: `absent: network: no plug-in`.
std::vector<std::string> AbsentLines(const EvaluationTable& table);

}  // namespace recoup::model
