// The parts of the report, in the order of the page. A part without content is empty text.
#pragma once

#include <string>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// Title, split, sizes, seeds, bootstrap.
std::string HeadlineSection(const EvaluationTable& table);
std::string AlarmSection(const EvaluationTable& table);
/// Every row, with the best figures marked and the interval against XGBoost own drawn.
std::string MainTableSection(const EvaluationTable& table);
/// Bias, pinball losses, and the differences to other rows.
std::string SecondTableSection(const EvaluationTable& table);
/// Calibration and PIT of the row that is looked at segment by segment.
std::string CurveSection(const EvaluationTable& table);
std::string SegmentSection(const EvaluationTable& table);
/// What each part of a model is worth: rows `X without Y` and `X with shuffled Y` beside `X`.
std::string AblationSection(const EvaluationTable& table);
/// R2 by year, of a rolling evaluation.
std::string SeriesSection(const EvaluationTable& table);
/// Calibration and PIT of every row, as pictures and figures.
std::string AllCurvesSection(const EvaluationTable& table);
std::string NoteSection(const EvaluationTable& table);

}  // namespace recoup::model
