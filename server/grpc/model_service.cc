#include "server/grpc/services.h"
#include "server/grpc/unary_call.h"
#include "server/wire/graph_answers.h"

namespace recoup::server {

grpc::ServerUnaryReactor* ModelService::ListModels(grpc::CallbackServerContext*,
                                                   const v1::ListModelsRequest* request,
                                                   v1::ListModelsResponse* response) {
  const auto answer = [&source = context_.source](const v1::ListModelsRequest&,
                                                  v1::ListModelsResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const std::vector<ModelSummary> models, source.ListModels());
    for (const ModelSummary& model : models) wire::ToProto(model, out->add_models());
    return {};
  };
  return UnaryCall<v1::ListModelsRequest, v1::ListModelsResponse>::Start(context_, "ListModels",
                                                                         request, response, answer);
}

grpc::ServerUnaryReactor* ModelService::GetModelCard(grpc::CallbackServerContext*,
                                                     const v1::GetModelCardRequest* request,
                                                     v1::GetModelCardResponse* response) {
  const auto answer = [&source = context_.source](const v1::GetModelCardRequest& proto,
                                                  v1::GetModelCardResponse* out) -> Result<void> {
    RECOUP_ASSIGN(const ModelCardAnswer card, source.GetModelCard(proto.version()));
    wire::ToProto(card.model, out->mutable_model());
    out->set_card_json(card.card_json);
    return {};
  };
  return UnaryCall<v1::GetModelCardRequest, v1::GetModelCardResponse>::Start(
      context_, "GetModelCard", request, response, answer);
}

}  // namespace recoup::server
