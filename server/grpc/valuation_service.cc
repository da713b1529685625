#include "server/grpc/services.h"
#include "server/grpc/unary_call.h"
#include "server/grpc/value_loans_call.h"
#include "server/wire/valuations.h"

namespace recoup::server {

grpc::ServerUnaryReactor* ValuationService::ValueLoan(grpc::CallbackServerContext*,
                                                      const v1::ValueLoanRequest* request,
                                                      v1::ValueLoanResponse* response) {
  const auto answer = [&source = context_.source](const v1::ValueLoanRequest& proto,
                                                  v1::ValueLoanResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const ValueRequest asked, wire::RequestFromProto(proto));
    RECOUP_ASSIGN(const LoanAnswer loan, source.ValueLoan(proto.loan_id(), asked));
    wire::ToProto(loan, out->mutable_valuation());
    return {};
  };
  return UnaryCall<v1::ValueLoanRequest, v1::ValueLoanResponse>::Start(context_, "ValueLoan",
                                                                       request, response, answer);
}

grpc::ServerWriteReactor<v1::ValueLoansResponse>* ValuationService::ValueLoans(
    grpc::CallbackServerContext* context, const v1::ValueLoansRequest* request) {
  return ValueLoansCall::Start(context_, context, request);
}

}  // namespace recoup::server
