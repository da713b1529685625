#include "model/training/check_credibility_training.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "model/training/option_range.h"

namespace recoup::model {
namespace {

Error Refuse(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

template <typename Numbers>
bool AllFinite(const Numbers& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](auto x) { return std::isfinite(x); });
}

Result<void> CheckRows(const LoanRows& rows) {
  if (rows.numeric_width == 0) return Refuse("loans without numeric columns");
  const std::size_t width = rows.category_sizes.size();
  if (rows.numeric.size() % rows.numeric_width != 0 ||
      rows.categories.size() != rows.rows() * width) {
    return Refuse("numbers of loans do not fill their rows");
  }
  if (!AllFinite(rows.numeric)) return Refuse("loan holds a number that is not finite");
  for (std::size_t i = 0; i < rows.categories.size(); ++i) {
    if (rows.categories[i] < 0 || rows.categories[i] >= rows.category_sizes[i % width]) {
      return Refuse("category outside of its vocabulary, loan " + std::to_string(i / width));
    }
  }
  return {};
}

Result<void> CheckSlots(const PeerSlots& slots, std::size_t loans, std::size_t rows) {
  if (slots.relations == 0 || slots.slots == 0) return Refuse("no relations or no slots for peers");
  const std::size_t count = loans * slots.relations * slots.slots;
  if (slots.peers.size() != count || slots.years.size() != count ||
      slots.residuals.size() != count) {
    return Refuse("number of slots disagrees with loans and relations");
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (slots.peers[i] < 0) continue;
    const std::string where = "slot " + std::to_string(i);
    if (static_cast<std::size_t>(slots.peers[i]) >= rows) return Refuse("no such peer, " + where);
    if (!(slots.years[i] >= 0.0F) || !std::isfinite(slots.years[i])) {
      return Refuse("peer whose outcome is not in the loan's past, " + where);
    }
    if (!std::isfinite(slots.residuals[i])) return Refuse("residual is not finite, " + where);
  }
  return {};
}

}  // namespace

Result<void> CheckCredibilityTraining(const CredibilityTraining& training) {
  if (training.rows == nullptr || training.inputs == nullptr) return Refuse("no loans to train on");
  const CredibilityInputs& inputs = *training.inputs;
  const std::size_t loans = inputs.loans.size();
  if (loans == 0) return Refuse("no loans to train on");
  if (training.targets.size() != loans) return Refuse("loans and targets differ in number");
  if (!AllFinite(training.targets)) return Refuse("target is not finite");
  RECOUP_TRY(CheckRows(*training.rows));
  const std::size_t rows = training.rows->rows();
  for (const std::uint32_t loan : inputs.loans) {
    if (loan >= rows) return Refuse("no such loan: row " + std::to_string(loan));
  }
  RECOUP_TRY(CheckSlots(inputs.slots, loans, rows));
  if (inputs.context.size() != loans * inputs.context_width || !AllFinite(inputs.context)) {
    return Refuse("context disagrees with the number of loans, or is not finite");
  }
  return {};
}

Result<void> CheckCredibilityOptions(const CredibilityOptions& options) {
  const OptionRange ranges[] = {
      {"variant", static_cast<double>(options.variant), 0, 1},
      {"heads", static_cast<double>(options.heads), 1, 64},
      {"hidden_width", static_cast<double>(options.hidden_width), 1, 4096},
      {"batch_size", static_cast<double>(options.batch_size), 1, 1 << 20},
      {"epochs", static_cast<double>(options.epochs), 1, 1 << 20},
      {"threads", static_cast<double>(options.threads), 1, 1024},
      {"learning_rate", options.learning_rate, 1e-9, 10},
      {"weight_decay", options.weight_decay, 0, 10},
      {"dropout", options.dropout, 0, 0.95},
      {"peer_dropout", options.peer_dropout, 0, 0.95},
      {"initial_kappa", options.initial_kappa, 1e-6, 1e6},
  };
  return CheckRanges(ranges);
}

}  // namespace recoup::model
