#include "server/wire/valuations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/wire/vocabulary.h"

namespace recoup::server::wire {
namespace {

void ForecastToProto(const model::RecoveryForecast& forecast, v1::RecoveryForecast* proto) {
  proto->set_expected_rate(forecast.distribution.Mean());
  proto->set_lower_rate(forecast.lower);
  proto->set_upper_rate(forecast.upper);
  proto->set_coverage(forecast.coverage);
  const auto& masses = forecast.distribution.masses();
  proto->mutable_masses()->Add(masses.begin(), masses.end());
}

Result<model::RecoveryForecast> ForecastFromProto(const v1::RecoveryForecast& proto) {
  model::RecoveryDistribution::Masses masses{};
  if (static_cast<std::size_t>(proto.masses_size()) != masses.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 "a forecast has 27 masses: " + std::to_string(proto.masses_size())};
  }
  std::copy(proto.masses().begin(), proto.masses().end(), masses.begin());
  model::RecoveryForecast forecast;
  RECOUP_ASSIGN(forecast.distribution, model::RecoveryDistribution::FromMasses(masses));
  forecast.lower = proto.lower_rate();
  forecast.upper = proto.upper_rate();
  forecast.coverage = proto.coverage();
  return forecast;
}

Result<model::LoanValuation> ValuationFromProto(const v1::LoanValuation& proto) {
  model::LoanValuation valuation;
  valuation.expected_rate = Rate(proto.forecast().expected_rate());
  valuation.lower_rate = Rate(proto.forecast().lower_rate());
  valuation.upper_rate = Rate(proto.forecast().upper_rate());
  valuation.coverage = proto.forecast().coverage();
  RECOUP_ASSIGN(valuation.claim, FromProto(proto.claim()));
  RECOUP_ASSIGN(valuation.expected_recovery, FromProto(proto.expected_recovery()));
  RECOUP_ASSIGN(valuation.recovery_p10, FromProto(proto.recovery_p10()));
  RECOUP_ASSIGN(valuation.recovery_p50, FromProto(proto.recovery_p50()));
  RECOUP_ASSIGN(valuation.recovery_p90, FromProto(proto.recovery_p90()));
  RECOUP_ASSIGN(valuation.recovery_lower, FromProto(proto.recovery_lower()));
  RECOUP_ASSIGN(valuation.recovery_upper, FromProto(proto.recovery_upper()));
  RECOUP_ASSIGN(valuation.price, FromProto(proto.price()));
  RECOUP_ASSIGN(valuation.price_lower, FromProto(proto.price_lower()));
  RECOUP_ASSIGN(valuation.price_upper, FromProto(proto.price_upper()));
  for (const std::int64_t minor_units : proto.monthly_recovery_minor_units()) {
    valuation.monthly_recoveries.emplace_back(minor_units, valuation.claim.currency());
  }
  return valuation;
}

template <typename Request>
Result<ValueRequest> ReadRequest(const Request& proto) {
  ValueRequest request;
  RECOUP_ASSIGN(request.as_of, OptionalDate(proto.has_as_of(), proto.as_of(), "as_of"));
  request.terms = FromProto(proto.terms());
  return request;
}

}  // namespace

void ToProto(const model::ValuationTerms& terms, v1::ValuationTerms* proto) {
  proto->set_target_irr(terms.target_irr.fraction());
  proto->set_cost_share(terms.cost_share.fraction());
  proto->set_mean_months_to_recovery(terms.mean_months_to_recovery);
  proto->set_horizon_months(terms.horizon_months);
}

model::ValuationTerms FromProto(const v1::ValuationTerms& proto) {
  model::ValuationTerms terms;
  if (proto.has_target_irr()) terms.target_irr = Rate(proto.target_irr());
  if (proto.has_cost_share()) terms.cost_share = Rate(proto.cost_share());
  if (proto.has_mean_months_to_recovery()) {
    terms.mean_months_to_recovery = proto.mean_months_to_recovery();
  }
  if (proto.has_horizon_months()) terms.horizon_months = proto.horizon_months();
  return terms;
}

void ToProto(const Provenance& provenance, v1::Provenance* proto) {
  proto->set_model_version(provenance.model_version);
  proto->set_artifact_checksum(provenance.artifact_checksum);
  proto->set_feature_schema_hash(provenance.feature_schema_hash);
  proto->set_graph_epoch(provenance.graph_epoch);
  ToProto(provenance.as_of, proto->mutable_as_of());
  proto->set_backend(provenance.backend);
}

Result<Provenance> FromProto(const v1::Provenance& proto) {
  Provenance provenance{.model_version = proto.model_version(),
                        .artifact_checksum = proto.artifact_checksum(),
                        .feature_schema_hash = proto.feature_schema_hash(),
                        .graph_epoch = proto.graph_epoch(),
                        .as_of = {},
                        .backend = proto.backend()};
  RECOUP_ASSIGN(provenance.as_of, RequiredDate(proto.has_as_of(), proto.as_of(), "as_of"));
  return provenance;
}

void ToProto(const LoanAnswer& answer, v1::LoanValuation* proto) {
  const model::LoanValuation& valuation = answer.valuation;
  proto->set_loan_id(answer.loan_id);
  ForecastToProto(answer.forecast, proto->mutable_forecast());
  proto->mutable_forecast()->set_expected_rate(valuation.expected_rate.fraction());
  ToProto(valuation.claim, proto->mutable_claim());
  ToProto(valuation.expected_recovery, proto->mutable_expected_recovery());
  ToProto(valuation.recovery_p10, proto->mutable_recovery_p10());
  ToProto(valuation.recovery_p50, proto->mutable_recovery_p50());
  ToProto(valuation.recovery_p90, proto->mutable_recovery_p90());
  ToProto(valuation.recovery_lower, proto->mutable_recovery_lower());
  ToProto(valuation.recovery_upper, proto->mutable_recovery_upper());
  for (const Money month : valuation.monthly_recoveries) {
    proto->add_monthly_recovery_minor_units(month.minor_units());
  }
  ToProto(valuation.price, proto->mutable_price());
  ToProto(valuation.price_lower, proto->mutable_price_lower());
  ToProto(valuation.price_upper, proto->mutable_price_upper());
  ToProto(answer.provenance, proto->mutable_provenance());
}

Result<LoanAnswer> FromProto(const v1::LoanValuation& proto) {
  LoanAnswer answer;
  answer.loan_id = proto.loan_id();
  RECOUP_ASSIGN(answer.forecast, ForecastFromProto(proto.forecast()));
  RECOUP_ASSIGN(answer.valuation, ValuationFromProto(proto));
  RECOUP_ASSIGN(answer.provenance, FromProto(proto.provenance()));
  return answer;
}

void ToProto(const PortfolioItem& item, v1::ValueLoansResponse* proto) {
  proto->set_total(item.total);
  if (item.answer) {
    ToProto(*item.answer, proto->mutable_valuation());
    return;
  }
  v1::LoanError* error = proto->mutable_error();
  error->set_loan_id(item.loan_id);
  error->set_code(static_cast<std::int32_t>(item.answer.error().code));
  error->set_message(item.answer.error().message);
}

Result<PortfolioItem> FromProto(const v1::ValueLoansResponse& proto) {
  if (proto.has_valuation()) {
    RECOUP_ASSIGN(LoanAnswer answer, FromProto(proto.valuation()));
    std::string loan_id = answer.loan_id;
    return PortfolioItem{std::move(loan_id), std::move(answer), proto.total()};
  }
  if (!proto.has_error()) {
    return Error{ErrorCode::kInvalidArgument, "the reply has neither valuation nor error"};
  }
  const v1::LoanError& error = proto.error();
  const bool known = error.code() >= static_cast<int>(ErrorCode::kCancelled) &&
                     error.code() <= static_cast<int>(ErrorCode::kUnauthenticated);
  const auto code = known ? static_cast<ErrorCode>(error.code()) : ErrorCode::kUnknown;
  return PortfolioItem{error.loan_id(), Error{code, error.message()}, proto.total()};
}

Result<ValueRequest> RequestFromProto(const v1::ValueLoanRequest& proto) {
  return ReadRequest(proto);
}

Result<ValueRequest> RequestFromProto(const v1::ValueLoansRequest& proto) {
  return ReadRequest(proto);
}

}  // namespace recoup::server::wire
