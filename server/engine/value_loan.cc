#include "server/engine/value_loan.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/sampling/neighbourhood.h"
#include "graph/schema/attribute.h"

namespace recoup::server {
namespace {

using graph::NodeKind;

Error UnknownLoan(const std::string& loan_id, Date as_of) {
  return {ErrorCode::kNotFound, "no loan of this id is known by " + as_of.ToString() +
                                    " (check the id, or value as of a later day): " + loan_id};
}

}  // namespace

Result<Money> ClaimOf(const graph::NodeRecord& loan) {
  for (const graph::AttributeId id :
       {graph::attribute::kLoanBalance, graph::attribute::kLoanExposureAtDefault}) {
    const graph::AttributeValue* value = loan.Find(id);
    if (value == nullptr) continue;
    if (const Money* money = std::get_if<Money>(value)) return *money;
  }
  return Error{ErrorCode::kFailedPrecondition,
               "the loan has no balance; map a column to `balance` and import again: " +
                   loan.key.external_id};
}

Result<LoanAnswer> ValueOneLoan(const ValuationContext& context, const std::string& loan_id) {
  const graph::GraphView& view = *context.view;
  const Result<graph::NodeId> id = view.Find({NodeKind::kLoan, loan_id});
  if (!id.has_value()) {
    return id.error().code == ErrorCode::kNotFound ? UnknownLoan(loan_id, view.as_of())
                                                   : id.error();
  }
  RECOUP_ASSIGN(const graph::NodeRecord loan, view.Node(*id));
  RECOUP_ASSIGN(const Money claim, ClaimOf(loan));
  RECOUP_ASSIGN(const graph::Neighbourhood neighbourhood,
                graph::SampleNeighbourhood(view, *id, context.sampling));
  RECOUP_ASSIGN(model::EncodedNeighbourhood encoded, context.encoder->Encode(view, neighbourhood));
  if (context.peers != nullptr) RECOUP_TRY(context.peers->Attach(view, *id, &encoded));
  RECOUP_ASSIGN(const std::vector<model::RecoveryForecast> forecasts,
                context.predictor->Predict({&encoded, 1}));
  RECOUP_CHECK(forecasts.size() == 1);
  RECOUP_ASSIGN(model::LoanValuation valuation,
                model::ValueLoan(forecasts.front(), claim, context.terms));
  return LoanAnswer{loan_id, forecasts.front(), std::move(valuation), context.provenance};
}

Result<std::vector<std::string>> NonPerformingLoans(const graph::GraphView& view) {
  RECOUP_ASSIGN(const std::vector<graph::NodeId> loans, view.Nodes(NodeKind::kLoan));
  std::vector<std::string> all;
  std::vector<std::string> ids;
  bool dates_known = false;
  for (const graph::NodeId id : loans) {
    RECOUP_ASSIGN(graph::NodeRecord loan, view.Node(id));
    const graph::AttributeValue* value = loan.Find(graph::attribute::kLoanDefaultDate);
    const Date* default_date = value == nullptr ? nullptr : std::get_if<Date>(value);
    dates_known = dates_known || default_date != nullptr;
    if (default_date != nullptr && *default_date <= view.as_of()) {
      ids.push_back(loan.key.external_id);
    }
    if (!dates_known) all.push_back(std::move(loan.key.external_id));
  }
  if (!dates_known) ids = std::move(all);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace recoup::server
