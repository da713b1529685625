// How one model does on parts of the test loans: a good average can hide a bad segment.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/evaluation/model_predictions.h"
#include "model/evaluation/segment_labels.h"

namespace recoup::model {

/// One model on the test loans of one segment; NaN where a figure is not defined.
struct SegmentFigures {
  std::string by;       // what divides, such as `loan_class`
  std::string segment;  // the part, such as `secured`
  std::size_t loans = 0;
  double r_squared = 0.0;  // against the mean of this segment
  double bias = 0.0;
  double coverage80 = 0.0;
  double width80 = 0.0;
};

/// Segments of fewer than `fewest_loans` are pooled as `other`, and with them loans that are
/// labelled so. A division of which a single segment is left is left out: it is the whole.
/// Returns the segments in the order of `divisions`, then by name, `other` last.
std::vector<SegmentFigures> MeasureSegments(std::span<const double> outcomes,
                                            const ModelPredictions& predictions,
                                            std::span<const SegmentLabels> divisions,
                                            std::size_t fewest_loans = 50);

}  // namespace recoup::model
