// How far the central interval is widened, from how the newest outcomes fell.
#pragma once

#include <span>

#include "graph/types/date.h"
#include "model/artifact/ensemble.h"
#include "model/peers/ledger_entry.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Bands of the forecast mean with fewer outcomes than this are judged by all bands together.
inline constexpr std::size_t kFewestInBand = 200;

/// Returns what the ledger keeps of a forecast: its mean and its central interval, not yet widened.
LedgerForecast ForLedger(const RecoveryDistribution& forecast, double coverage);

/// Returns how an outcome fell against a forecast.
ConformityScore ScoreOf(const LedgerForecast& forecast, double outcome, Date known_at);

/// Returns 0, 1 or 2.
std::size_t BandOf(const RollingCalibration& calibration, double forecast_mean);

/// The margins of one day: what is added to both ends of an interval, by band.
struct Margins {
  std::array<double, 3> of_band{};
  /// How many outcomes they rest on.
  std::size_t outcomes = 0;
};

/// Takes the newest `calibration.window` scores known strictly before `day`, and of them, in each
/// band, the ceil((n + 1) coverage)-th smallest (Romano, Patterson and Candes 2019, on a rolling
/// window). Without any score all margins are 0.
/// REQUIRES: scores ascend by known_at.
Margins MarginsOn(const RollingCalibration& calibration, std::span<const ConformityScore> scores,
                  Date day);

}  // namespace recoup::model
