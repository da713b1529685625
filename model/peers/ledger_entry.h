// The residual ledger: what was expected of a loan before its outcome was known, kept as facts that
// become known with the outcome. The residual is the outcome minus what was expected.
#pragma once

#include <optional>
#include <string>

#include "graph/schema/fact.h"
#include "graph/store/graph_view.h"
#include "graph/types/date.h"

namespace recoup::model {

/// What a whole model forecast, before its interval was calibrated.
struct LedgerForecast {
  double mean = 0.0;
  double low = 0.0;   // quantile .1
  double high = 0.0;  // quantile .9
};

/// What the ledger holds of one loan.
struct LedgerEntry {
  double expected = 0.0;  // by the base alone: what residuals are measured against
  std::string expected_by;
  std::optional<LedgerForecast> forecast{};
};

/// Returns the fact that writes an entry (attributes `expected_recovery`, `expected_by` and, with a
/// forecast, `forecast_recovery`, `forecast_low`, `forecast_high`).
graph::Fact ToFact(const LedgerEntry& entry, const graph::NodeKey& loan, Date outcome_known_at);

/// Reads the entry of a loan's record; nothing if there is none.
std::optional<LedgerEntry> ReadLedgerEntry(const graph::NodeRecord& loan);

/// Whether a fact writes to the ledger.
bool IsLedgerFact(const graph::Fact& fact);

}  // namespace recoup::model
