// The large pictures of the report; the page prints their figures too.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// Mean outcome over mean forecast, with the diagonal on which they agree.
std::string CalibrationChart(std::span<const CalibrationGroup> groups);

/// Bars of the PIT, with the line of a tenth each.
std::string PitChart(std::span<const double> shares);

/// Names in order of first appearance; a model keeps its colour by this position.
std::vector<std::string> ModelsOf(std::span<const SeriesPoint> series);

/// Style of the line at this position; the legend names the same.
std::string SeriesStyle(std::size_t position);

/// One line a model over the years, with a gap where a year has no R2.
std::string SeriesChart(std::span<const SeriesPoint> series);

}  // namespace recoup::model
