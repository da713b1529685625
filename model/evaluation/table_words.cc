#include "model/evaluation/table_words.h"

#include <algorithm>
#include <utility>

namespace recoup::model {

std::string GroupsText(const EvaluationTable& table) {
  const std::string count = std::to_string(table.clusters);
  if (table.cluster_unit == ClusterUnit::kLender) return count + " lenders (or loans without one)";
  return count +
         " groups of loans joined by debtors, guarantors or collateral (too few lenders to draw "
         "from)";
}

std::string VerdictWords(const std::string& verdict) {
  if (verdict.starts_with("not judged")) return verdict;
  return verdict.substr(0, verdict.find(':'));
}

std::string IntervalText(const DifferenceEstimate& difference) {
  return "[" + FormatFigure(difference.lower) + ", " + FormatFigure(difference.upper) + "]";
}

std::string DifferenceText(const std::optional<DifferenceEstimate>& difference) {
  if (!difference) return "-";
  return FormatFigure(difference->value) + " " + IntervalText(*difference);
}

std::vector<std::string> AbsentLines(const EvaluationTable& table) {
  std::vector<std::pair<std::string, std::string>> reasons;
  for (const EvaluationRow& row : table.rows) {
    if (row.figures) continue;
    const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) {
      return reason.first == row.absent_because;
    });
    if (known == reasons.end()) {
      reasons.emplace_back(row.absent_because, row.model);
    } else {
      known->second += ", " + row.model;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [reason, models] : reasons) lines.push_back("absent: " + models + ": " + reason);
  return lines;
}

}  // namespace recoup::model
