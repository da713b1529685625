#include "server/engine/ledger_writer.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <variant>

#include "graph/sampling/neighbourhood.h"
#include "model/peers/ledger_entry.h"
#include "model/runtime/rolling_calibration.h"

namespace recoup::server {
namespace {

Result<model::LedgerForecast> ForecastOf(const graph::GraphView& view, graph::NodeId loan,
                                         const ActiveModel& model, const model::Encoder& encoder,
                                         const model::PeerBook& peers) {
  RECOUP_ASSIGN(const graph::Neighbourhood neighbourhood,
                graph::SampleNeighbourhood(view, loan, model.artifact.sampling));
  RECOUP_ASSIGN(model::EncodedNeighbourhood encoded, encoder.Encode(view, neighbourhood));
  RECOUP_TRY(peers.Attach(view, loan, &encoded));
  RECOUP_ASSIGN(const auto forecasts, model.predictor->Predict({&encoded, 1}));
  return model::ForLedger(forecasts.front().distribution,
                          model.artifact.ensemble->calibration.coverage);
}

std::unordered_set<std::string_view> LoansResolvedBy(const graph::FactBatch& facts) {
  std::unordered_set<std::string_view> loans;
  for (const graph::Fact& fact : facts.facts) {
    const auto* outcome = std::get_if<graph::OutcomeFact>(&fact);
    if (outcome != nullptr) loans.insert(outcome->loan.external_id);
  }
  return loans;
}

}  // namespace

bool ResolvesLoans(const graph::FactBatch& facts) {
  return std::any_of(facts.facts.begin(), facts.facts.end(), [](const graph::Fact& fact) {
    return std::holds_alternative<graph::OutcomeFact>(fact);
  });
}

Result<graph::FactBatch> LedgerFor(const graph::FactBatch& facts, const graph::GraphStore& store,
                                   const ActiveModel& model, const model::Encoder& encoder,
                                   const model::PeerBook& peers) {
  const std::unordered_set<std::string_view> resolved = LoansResolvedBy(facts);
  graph::FactBatch batch;
  const model::LoanBook& book = peers.loans();
  for (const std::uint32_t loan : peers.MissingInLedger()) {
    if (!resolved.contains(book.records[loan].key.external_id)) continue;
    const model::Example& example = book.examples[loan];
    const std::unique_ptr<const graph::GraphView> view = store.ViewAsOf(example.as_of);
    RECOUP_ASSIGN(const model::LedgerForecast forecast,
                  ForecastOf(*view, example.loan, model, encoder, peers));
    const model::LedgerEntry entry{static_cast<double>(peers.expected()[loan]),
                                   model.artifact.version, forecast};
    batch.facts.push_back(model::ToFact(entry, book.records[loan].key, example.outcome_known_at));
  }
  return batch;
}

}  // namespace recoup::server
