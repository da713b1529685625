// The services of recoup.v1: thin edges over one ValuationSource.
#pragma once

#include "recoup/v1/graph_service.grpc.pb.h"
#include "recoup/v1/model_service.grpc.pb.h"
#include "recoup/v1/valuation_service.grpc.pb.h"
#include "server/grpc/call_context.h"

namespace recoup::server {

/// Lifetime of each: `context` outlives it.
class ValuationService final : public v1::ValuationService::CallbackService {
 public:
  explicit ValuationService(const CallContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ValueLoan(grpc::CallbackServerContext* context,
                                      const v1::ValueLoanRequest* request,
                                      v1::ValueLoanResponse* response) override;
  grpc::ServerWriteReactor<v1::ValueLoansResponse>* ValueLoans(
      grpc::CallbackServerContext* context, const v1::ValueLoansRequest* request) override;

 private:
  const CallContext& context_;
};

class GraphService final : public v1::GraphService::CallbackService {
 public:
  explicit GraphService(const CallContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ApplyFacts(grpc::CallbackServerContext* context,
                                       const v1::ApplyFactsRequest* request,
                                       v1::ApplyFactsResponse* response) override;
  grpc::ServerUnaryReactor* GetNode(grpc::CallbackServerContext* context,
                                    const v1::GetNodeRequest* request,
                                    v1::GetNodeResponse* response) override;
  grpc::ServerUnaryReactor* GetNeighbourhood(grpc::CallbackServerContext* context,
                                             const v1::GetNeighbourhoodRequest* request,
                                             v1::GetNeighbourhoodResponse* response) override;
  grpc::ServerUnaryReactor* GetStatistics(grpc::CallbackServerContext* context,
                                          const v1::GetStatisticsRequest* request,
                                          v1::GetStatisticsResponse* response) override;

 private:
  const CallContext& context_;
};

class ModelService final : public v1::ModelService::CallbackService {
 public:
  explicit ModelService(const CallContext& context) : context_(context) {}

  grpc::ServerUnaryReactor* ListModels(grpc::CallbackServerContext* context,
                                       const v1::ListModelsRequest* request,
                                       v1::ListModelsResponse* response) override;
  grpc::ServerUnaryReactor* GetModelCard(grpc::CallbackServerContext* context,
                                         const v1::GetModelCardRequest* request,
                                         v1::GetModelCardResponse* response) override;

 private:
  const CallContext& context_;
};

}  // namespace recoup::server
