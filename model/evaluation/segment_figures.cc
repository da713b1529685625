#include "model/evaluation/segment_figures.h"

#include <map>
#include <utility>

#include "model/evaluation/metrics.h"

namespace recoup::model {
namespace {

constexpr const char* kOther = "other";

using Positions = std::vector<std::size_t>;

std::vector<std::pair<std::string, Positions>> SegmentsOf(const SegmentLabels& labels,
                                                          std::size_t fewest_loans) {
  std::map<std::string, Positions> by_name;
  for (std::size_t i = 0; i < labels.of_loan.size(); ++i) by_name[labels.of_loan[i]].push_back(i);
  std::vector<std::pair<std::string, Positions>> segments;
  Positions other;
  for (auto& [name, positions] : by_name) {
    if (name != kOther && positions.size() >= fewest_loans) {
      segments.emplace_back(name, std::move(positions));
    } else {
      other.insert(other.end(), positions.begin(), positions.end());
    }
  }
  if (!other.empty()) segments.emplace_back(kOther, std::move(other));
  return segments;
}

std::vector<double> Pick(std::span<const double> values, const Positions& positions) {
  std::vector<double> picked;
  picked.reserve(positions.size());
  for (const std::size_t i : positions) picked.push_back(values[i]);
  return picked;
}

}  // namespace

std::vector<SegmentFigures> MeasureSegments(std::span<const double> outcomes,
                                            const ModelPredictions& predictions,
                                            std::span<const SegmentLabels> divisions,
                                            std::size_t fewest_loans) {
  std::vector<SegmentFigures> figures;
  for (const SegmentLabels& labels : divisions) {
    RECOUP_CHECK(labels.of_loan.size() == outcomes.size());
    const auto segments = SegmentsOf(labels, fewest_loans);
    if (segments.size() < 2) continue;
    for (const auto& [name, positions] : segments) {
      const std::vector<double> of_segment = Pick(outcomes, positions);
      const std::vector<double> means = Pick(predictions.mean, positions);
      const IntervalQuality intervals = QualityOfIntervals(
          of_segment, Pick(predictions.lower, positions), Pick(predictions.upper, positions));
      figures.push_back({.by = labels.by,
                         .segment = name,
                         .loans = positions.size(),
                         .r_squared = RSquared(of_segment, means),
                         .bias = Bias(of_segment, means),
                         .coverage80 = intervals.coverage,
                         .width80 = intervals.width});
    }
  }
  return figures;
}

}  // namespace recoup::model
