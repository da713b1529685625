// What an ensemble adds to the residual ledger of the store that it was learnt on.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "graph/schema/fact.h"
#include "model/learning/learnt_ensemble.h"
#include "model/peers/ledger_entry.h"

namespace recoup::model {

/// Returns the entries that the store lacks: for every loan with a time-forward expectation and
/// none in the ledger, unless it was removed before its outcome was known. `expected_by` names the
/// version and the day before which the base had learnt. An entry is written once: what stands in
/// the ledger is left as it is. `forecasts` are what the whole model forecast of loans whose
/// outcomes it did not learn, by their position in the book.
std::vector<graph::Fact> LedgerEntries(const LearntEnsemble& learnt, std::string_view version,
                                       const std::map<std::uint32_t, LedgerForecast>& forecasts);

}  // namespace recoup::model
