#include "server/grpc/services.h"
#include "server/grpc/unary_call.h"
#include "server/wire/facts.h"
#include "server/wire/graph_answers.h"
#include "server/wire/vocabulary.h"

namespace recoup::server {

grpc::ServerUnaryReactor* GraphService::ApplyFacts(grpc::CallbackServerContext*,
                                                   const v1::ApplyFactsRequest* request,
                                                   v1::ApplyFactsResponse* response) {
  const auto answer = [&source = context_.source](const v1::ApplyFactsRequest& proto,
                                                  v1::ApplyFactsResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const graph::FactBatch batch, wire::FromProto(proto));
    RECOUP_ASSIGN(const graph::ApplyReceipt receipt, source.ApplyFacts(batch));
    wire::ToProto(receipt, out);
    return {};
  };
  return UnaryCall<v1::ApplyFactsRequest, v1::ApplyFactsResponse>::Start(context_, "ApplyFacts",
                                                                         request, response, answer);
}

grpc::ServerUnaryReactor* GraphService::GetNode(grpc::CallbackServerContext*,
                                                const v1::GetNodeRequest* request,
                                                v1::GetNodeResponse* response) {
  const auto answer = [&source = context_.source](const v1::GetNodeRequest& proto,
                                                  v1::GetNodeResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const graph::NodeKey key, wire::FromProto(proto.key()));
    RECOUP_ASSIGN(const std::optional<Date> as_of,
                  wire::OptionalDate(proto.has_as_of(), proto.as_of(), "as_of"));
    RECOUP_ASSIGN(const NamedNode node, source.GetNode(key, as_of));
    wire::ToProto(node, out->mutable_node());
    return {};
  };
  return UnaryCall<v1::GetNodeRequest, v1::GetNodeResponse>::Start(context_, "GetNode", request,
                                                                   response, answer);
}

grpc::ServerUnaryReactor* GraphService::GetNeighbourhood(grpc::CallbackServerContext*,
                                                         const v1::GetNeighbourhoodRequest* request,
                                                         v1::GetNeighbourhoodResponse* response) {
  const auto answer = [&source = context_.source](
                          const v1::GetNeighbourhoodRequest& proto,
                          v1::GetNeighbourhoodResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const std::optional<Date> as_of,
                  wire::OptionalDate(proto.has_as_of(), proto.as_of(), "as_of"));
    RECOUP_ASSIGN(const std::optional<graph::SamplingOptions> limits, wire::LimitsFromProto(proto));
    RECOUP_ASSIGN(const NeighbourhoodAnswer found,
                  source.GetNeighbourhood(proto.loan_id(), as_of, limits));
    wire::ToProto(found, out);
    return {};
  };
  return UnaryCall<v1::GetNeighbourhoodRequest, v1::GetNeighbourhoodResponse>::Start(
      context_, "GetNeighbourhood", request, response, answer);
}

grpc::ServerUnaryReactor* GraphService::GetStatistics(grpc::CallbackServerContext*,
                                                      const v1::GetStatisticsRequest* request,
                                                      v1::GetStatisticsResponse* response) {
  const auto answer = [&source = context_.source](const v1::GetStatisticsRequest&,
                                                  v1::GetStatisticsResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const graph::StoreStatistics statistics, source.Statistics());
    wire::ToProto(statistics, out);
    return {};
  };
  return UnaryCall<v1::GetStatisticsRequest, v1::GetStatisticsResponse>::Start(
      context_, "GetStatistics", request, response, answer);
}

}  // namespace recoup::server
