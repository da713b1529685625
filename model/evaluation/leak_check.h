// Looks for inputs that betray the outcome: attributes that explain more than they honestly could.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/boosting/gradient_boosting.h"
#include "model/evaluation/prepared_data.h"
#include "model/evaluation/table_columns.h"
#include "model/learning/observer.h"

namespace recoup::model {

struct LeakCheckOptions {
  /// Flag an attribute whose lift in R2 is above this.
  double lift_threshold = 0.05;
  /// An R2 above this, of all inputs or of one attribute alone, is an alarm: recovery is not that
  /// predictable before default.
  double alarm_r_squared = 0.5;
  BoostingOptions boosting{};
};

/// One attribute of the loans. For an input, lift is R2 of XGBoost with all inputs minus R2
/// without this one; for an attribute that is stored as forbidden, R2 of all inputs and this one
/// minus R2 of all inputs. A high lift is a reason to look, not a proof: an honest feature that
/// matters this much is flagged as well.
struct LeakFinding {
  std::string attribute;
  bool is_input = true;
  double lift_validation = 0.0;
  double lift_test = 0.0;
  /// R2 on validation with this attribute as the only input: shows leaks that cover for each
  /// other, of which none is missed when it is left out.
  double alone_validation = 0.0;
  /// Lift on validation or test above the threshold, or alone above the alarm.
  bool flagged = false;
};

struct LeakReport {
  double validation_r_squared = 0.0;  // of all inputs
  double test_r_squared = 0.0;
  /// One of the two is above alarm_r_squared.
  bool alarm = false;
  double lift_threshold = 0.0;
  std::vector<LeakFinding> findings;  // by descending lift on validation, undefined ones last
  std::vector<std::string> notes;
};

/// Measures every attribute of the tables; those named in `forbidden` are no inputs.
/// Errors: those of GradientBoosting::Fit.
Result<LeakReport> MeasureLeaks(const SplitTables& tables, const SplitOutcomes& outcomes,
                                std::span<const std::string> forbidden,
                                const LeakCheckOptions& options, const Observer& observer);

/// Measures the loans' own features and every forbidden attribute of loans in the store.
/// Errors: those of PrepareData and MeasureLeaks.
Result<LeakReport> CheckLeaks(const graph::GraphStore& store, const SplitOptions& split,
                              const FitOptions& fit, const LeakCheckOptions& options,
                              const Observer& observer);

std::string RenderText(const LeakReport& report);
std::string RenderJson(const LeakReport& report);

}  // namespace recoup::model
