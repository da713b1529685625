#include "model/training/check_training.h"

#include <string>

#include "model/predictor/check_input.h"
#include "model/training/option_range.h"

namespace recoup::model {
namespace {

Error Refuse(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

}  // namespace

Result<void> CheckTrainingSet(const TrainingSet& set, const FeatureSchema& schema, const char* what,
                              std::size_t context_width) {
  const std::string name(what);
  if (set.inputs.empty()) return Refuse("no examples in set: " + name);
  if (set.inputs.size() != set.recovery_rates.size()) {
    return Refuse("inputs and recovery rates differ in number in set: " + name);
  }
  for (std::size_t i = 0; i < set.inputs.size(); ++i) {
    const std::string where = name + " example " + std::to_string(i);
    const auto fits = CheckInput(set.inputs[i], schema, context_width);
    if (!fits) return Annotate(fits.error(), where);
    if (set.inputs[i].seeds != 1) return Refuse("input must hold one loan: " + where);
    if (!(set.recovery_rates[i] >= 0.0 && set.recovery_rates[i] <= 1.0)) {
      return Refuse("recovery rate outside [0, 1]: " + where);
    }
  }
  return {};
}

Result<void> CheckTrainingOptions(const TrainingOptions& options) {
  const OptionRange ranges[] = {
      {"hidden_width", static_cast<double>(options.hidden_width), 1, 4096},
      {"head_width", static_cast<double>(options.head_width), 1, 4096},
      {"batch_size", static_cast<double>(options.batch_size), 1, 1 << 20},
      {"max_epochs", static_cast<double>(options.max_epochs), 1, 1 << 20},
      {"patience", static_cast<double>(options.patience), 1, 1 << 20},
      {"threads", static_cast<double>(options.threads), 1, 1024},
      {"learning_rate", options.learning_rate, 1e-9, 10},
      {"weight_decay", options.weight_decay, 0, 10},
      {"dropout", options.dropout, 0, 0.95},
      {"edge_dropout", options.edge_dropout, 0, 1},
  };
  return CheckRanges(ranges);
}

}  // namespace recoup::model
