// What in a table must not be believed, or must not be overlooked.
#pragma once

#include <vector>

#include "model/evaluation/evaluation_table.h"

namespace recoup::model {

/// Recovery is not more predictable than this before default; see docs/evaluation.md.
inline constexpr double kUnbelievableR2 = 0.5;

/// From this lead in R2 on, shuffled edges that beat no edges are an alarm.
inline constexpr double kShuffledLead = 0.01;

/// Returns an alarm for each row with an R2 above kUnbelievableR2, for each row with shuffled edges
/// (or another shuffled part) that beats the row without them by kShuffledLead, and one if no row
/// beats `mean` with an interval above 0. REQUIRES: the rows are measured.
std::vector<Alarm> FindAlarms(const EvaluationTable& table);

/// `unbelievable_r2`, `shuffled_beats_without`, `no_skill` or `noted`.
const char* AlarmKindName(AlarmKind kind);

}  // namespace recoup::model
