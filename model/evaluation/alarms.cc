#include "model/evaluation/alarms.h"

#include <cmath>
#include <string>

#include "model/evaluation/row_names.h"

namespace recoup::model {
namespace {

void LookForLeak(const EvaluationRow& row, std::vector<Alarm>& alarms) {
  if (!(row.figures->r_squared > kUnbelievableR2)) return;
  alarms.push_back({AlarmKind::kUnbelievable, row.model,
                    "R2 above 0.5 is not believable before default; look for a leak: " + row.model +
                        " has " + FormatFigure(row.figures->r_squared)});
}

void LookAtShuffled(const EvaluationTable& table, const EvaluationRow& row,
                    std::vector<Alarm>& alarms) {
  const auto ablation = AblationOf(row.model);
  if (!ablation || !ablation->shuffled) return;
  const EvaluationRow* without = table.Find(NameWithout(*ablation));
  if (without == nullptr || !without->figures) return;
  const double lead = row.figures->r_squared - without->figures->r_squared;
  // The slack keeps a lead of .26 - .25 at .01 in spite of rounding.
  if (!(lead >= kShuffledLead - 1e-9)) return;
  alarms.push_back({AlarmKind::kShuffled, row.model,
                    row.model + " beats " + without->model + " by " + FormatFigure(lead) +
                        " of R2: surroundings of another loan cannot help, so something else "
                        "comes in with them; do not read the worth of the " +
                        ablation->part + " off this table"});
}

void LookForSkill(const EvaluationTable& table, std::vector<Alarm>& alarms) {
  bool is_compared = false;
  bool is_judged = false;
  for (const EvaluationRow& row : table.rows) {
    if (!row.to_mean) continue;
    const DifferenceEstimate& difference = row.to_mean->r_squared;
    if (difference.lower > 0.0) return;
    is_compared = true;
    is_judged = is_judged || !std::isnan(difference.lower);
  }
  if (!is_compared) return;
  alarms.push_back({AlarmKind::kNoSkill,
                    {},
                    is_judged ? "NO SKILL: no row beats `mean` with a 95 % interval above 0"
                              : "NO SKILL SHOWN: there are too few groups to judge whether any row "
                                "beats `mean`"});
}

}  // namespace

std::vector<Alarm> FindAlarms(const EvaluationTable& table) {
  std::vector<Alarm> alarms;
  LookForSkill(table, alarms);
  for (const EvaluationRow& row : table.rows) {
    if (!row.figures) continue;
    LookForLeak(row, alarms);
    LookAtShuffled(table, row, alarms);
  }
  return alarms;
}

const char* AlarmKindName(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::kUnbelievable:
      return "unbelievable_r2";
    case AlarmKind::kShuffled:
      return "shuffled_beats_without";
    case AlarmKind::kNoSkill:
      return "no_skill";
    case AlarmKind::kNoted:
      break;
  }
  return "noted";
}

}  // namespace recoup::model
