// Requests for valuations and their answers (valuation_service.proto) from and to our own.
#pragma once

#include "graph/types/result.h"
#include "recoup/v1/valuation_service.pb.h"
#include "server/engine/valuation_source.h"

namespace recoup::server::wire {

void ToProto(const model::ValuationTerms& terms, v1::ValuationTerms* proto);
void ToProto(const Provenance& provenance, v1::Provenance* proto);
void ToProto(const LoanAnswer& answer, v1::LoanValuation* proto);
void ToProto(const PortfolioItem& item, v1::ValueLoansResponse* proto);

/// A term left out takes its default.
model::ValuationTerms FromProto(const v1::ValuationTerms& proto);

/// Errors: kInvalidArgument (as_of is malformed).
Result<ValueRequest> RequestFromProto(const v1::ValueLoanRequest& proto);
Result<ValueRequest> RequestFromProto(const v1::ValueLoansRequest& proto);

/// Errors: kInvalidArgument (what an answer must not be without is unset or malformed).
Result<Provenance> FromProto(const v1::Provenance& proto);
Result<LoanAnswer> FromProto(const v1::LoanValuation& proto);
Result<PortfolioItem> FromProto(const v1::ValueLoansResponse& proto);

}  // namespace recoup::server::wire
