// Small pictures that stand in the rows of the report's tables, beside the figures that they show.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/svg_chart.h"

namespace recoup::model {

/// The common scale of a column of interval bars; it holds 0.
LinearScale ScaleOf(std::span<const DifferenceEstimate> differences);

/// The ends of a scale and its 0, for the head of the column.
std::string IntervalAxis(const LinearScale& scale);

/// A bar from lower to upper with a dot at the value; without bounds the dot alone.
std::string IntervalBar(const std::optional<DifferenceEstimate>& difference,
                        const LinearScale& scale);

/// The axis of SegmentDots: 0, .8 and 1.
std::string SegmentAxis();

/// Coverage as a dot and width as a ring, beside the line of 80 %.
std::string SegmentDots(const SegmentFigures& segment);

}  // namespace recoup::model
