#include "server/client/cpp/remote_source.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "recoup/v1/graph_service.grpc.pb.h"
#include "recoup/v1/model_service.grpc.pb.h"
#include "recoup/v1/valuation_service.grpc.pb.h"
#include "server/client/cpp/channel.h"
#include "server/wire/facts.h"
#include "server/wire/graph_answers.h"
#include "server/wire/status.h"
#include "server/wire/valuations.h"
#include "server/wire/vocabulary.h"

namespace recoup::server::client {
namespace {

using SystemClock = std::chrono::system_clock;

enum class Repeat { kNever, kIfUnavailable };

/// Cancels a call when `stop` becomes true, looking every 20 ms; gRPC's synchronous reader cannot
/// be woken otherwise.
class StopWatcher {
 public:
  StopWatcher(grpc::ClientContext& context, const std::atomic<bool>* stop) {
    if (stop == nullptr) return;
    thread_ = std::jthread([this, &context, stop](const std::stop_token& done) {
      std::unique_lock lock(mutex_);
      while (!wake_.wait_for(lock, done, std::chrono::milliseconds(20), [] { return false; }) &&
             !done.stop_requested()) {
        if (stop->load()) return context.TryCancel();
      }
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

/// A reply that does not make sense is the server's fault, not the caller's.
template <typename T>
Result<T> FromServer(Result<T> converted) {
  if (converted) return converted;
  return Error{ErrorCode::kInternal,
               "the server's reply makes no sense: " + converted.error().message};
}

template <typename Request>
Request MakeRequest(const ValueRequest& request) {
  Request proto;
  if (request.as_of) wire::ToProto(*request.as_of, proto.mutable_as_of());
  wire::ToProto(request.terms, proto.mutable_terms());
  return proto;
}

class GrpcSource final : public RemoteSource {
 public:
  GrpcSource(const std::shared_ptr<grpc::Channel>& channel, RemoteOptions options)
      : options_(std::move(options)),
        valuation_(v1::ValuationService::NewStub(channel)),
        graph_(v1::GraphService::NewStub(channel)),
        model_(v1::ModelService::NewStub(channel)) {}

  Result<LoanAnswer> ValueLoan(std::string_view loan_id,
                               const ValueRequest& request) const override {
    auto proto = MakeRequest<v1::ValueLoanRequest>(request);
    proto.set_loan_id(std::string(loan_id));
    RECOUP_ASSIGN(const v1::ValueLoanResponse reply,
                  Call(*valuation_, &v1::ValuationService::Stub::ValueLoan, proto));
    return FromServer(wire::FromProto(reply.valuation()));
  }

  Result<void> ValueLoans(std::span<const std::string> loan_ids, const ValueRequest& request,
                          const std::function<Result<void>(const PortfolioItem&)>& visit,
                          const std::atomic<bool>* stop) const override;

  Result<graph::ApplyReceipt> ApplyFacts(const graph::FactBatch& batch) override {
    v1::ApplyFactsRequest proto;
    wire::ToProto(batch, &proto);
    // Only a named batch is known again by the server.
    const Repeat repeat = batch.source.empty() ? Repeat::kNever : Repeat::kIfUnavailable;
    RECOUP_ASSIGN(const v1::ApplyFactsResponse reply,
                  Call(*graph_, &v1::GraphService::Stub::ApplyFacts, proto, repeat));
    return wire::FromProto(reply);
  }

  Result<NamedNode> GetNode(const graph::NodeKey& key, std::optional<Date> as_of) const override {
    v1::GetNodeRequest proto;
    wire::ToProto(key, proto.mutable_key());
    if (as_of) wire::ToProto(*as_of, proto.mutable_as_of());
    RECOUP_ASSIGN(const v1::GetNodeResponse reply,
                  Call(*graph_, &v1::GraphService::Stub::GetNode, proto));
    return FromServer(wire::FromProto(reply.node()));
  }

  Result<NeighbourhoodAnswer> GetNeighbourhood(
      std::string_view loan_id, std::optional<Date> as_of,
      std::optional<graph::SamplingOptions> options) const override {
    v1::GetNeighbourhoodRequest proto;
    proto.set_loan_id(std::string(loan_id));
    if (as_of) wire::ToProto(*as_of, proto.mutable_as_of());
    if (options) {
      proto.set_first_hop_limit(options->first_hop_limit);
      proto.set_second_hop_limit(options->second_hop_limit);
    }
    RECOUP_ASSIGN(const v1::GetNeighbourhoodResponse reply,
                  Call(*graph_, &v1::GraphService::Stub::GetNeighbourhood, proto));
    return FromServer(wire::FromProto(reply));
  }

  Result<graph::StoreStatistics> Statistics() const override {
    RECOUP_ASSIGN(
        const v1::GetStatisticsResponse reply,
        Call(*graph_, &v1::GraphService::Stub::GetStatistics, v1::GetStatisticsRequest()));
    return FromServer(wire::FromProto(reply));
  }

  Result<std::vector<ModelSummary>> ListModels() const override {
    RECOUP_ASSIGN(const v1::ListModelsResponse reply,
                  Call(*model_, &v1::ModelService::Stub::ListModels, v1::ListModelsRequest()));
    std::vector<ModelSummary> models;
    for (const v1::Model& model : reply.models()) models.push_back(wire::FromProto(model));
    return models;
  }

  Result<ModelCardAnswer> GetModelCard(std::string_view version) const override {
    v1::GetModelCardRequest proto;
    proto.set_version(std::string(version));
    RECOUP_ASSIGN(const v1::GetModelCardResponse reply,
                  Call(*model_, &v1::ModelService::Stub::GetModelCard, proto));
    return ModelCardAnswer{wire::FromProto(reply.model()), reply.card_json()};
  }

 private:
  template <typename Stub, typename Base, typename Request, typename Response>
  Result<Response> Call(Stub& stub,
                        grpc::Status (Base::*method)(grpc::ClientContext*, const Request&,
                                                     Response*),
                        const Request& request, Repeat repeat = Repeat::kIfUnavailable) const {
    const auto deadline = SystemClock::now() + options_.call_deadline;
    std::chrono::milliseconds pause{100};
    for (int attempt = 1;; ++attempt) {
      grpc::ClientContext context;
      context.set_deadline(deadline);
      Response response;
      const grpc::Status status = (stub.*method)(&context, request, &response);
      if (status.ok()) return response;
      const bool again = repeat == Repeat::kIfUnavailable && attempt < options_.attempts &&
                         status.error_code() == grpc::StatusCode::UNAVAILABLE &&
                         SystemClock::now() + pause < deadline;
      if (!again) return Explain(status);
      std::this_thread::sleep_for(pause);
      pause *= 4;
    }
  }

  // What gRPC itself says of a broken connection helps nobody without the address.
  Error Explain(const grpc::Status& status) const {
    Error error = wire::FromStatus(status);
    if (error.code == ErrorCode::kUnavailable) {
      error.message = "the server at " + options_.address + ": " + error.message;
    }
    return error;
  }

  RemoteOptions options_;
  std::unique_ptr<v1::ValuationService::Stub> valuation_;
  std::unique_ptr<v1::GraphService::Stub> graph_;
  std::unique_ptr<v1::ModelService::Stub> model_;
};

Result<void> GrpcSource::ValueLoans(std::span<const std::string> loan_ids,
                                    const ValueRequest& request,
                                    const std::function<Result<void>(const PortfolioItem&)>& visit,
                                    const std::atomic<bool>* stop) const {
  auto proto = MakeRequest<v1::ValueLoansRequest>(request);
  proto.mutable_loan_ids()->Add(loan_ids.begin(), loan_ids.end());
  grpc::ClientContext context;
  context.set_deadline(SystemClock::now() + options_.portfolio_deadline);
  const auto reader = valuation_->ValueLoans(&context, proto);
  Result<void> visited;
  {
    const StopWatcher watcher(context, stop);
    v1::ValueLoansResponse reply;
    while (visited && reader->Read(&reply)) {
      auto item = FromServer(wire::FromProto(reply));
      visited = item ? visit(*item) : Result<void>(item.error());
    }
    if (!visited) context.TryCancel();
  }
  const grpc::Status status = reader->Finish();
  if (!visited) return visited;
  if (status.ok()) return {};
  if (stop != nullptr && stop->load() && status.error_code() == grpc::StatusCode::CANCELLED) {
    return Error{ErrorCode::kCancelled, "stopped before every loan was valued"};
  }
  return Explain(status);
}

}  // namespace

Result<std::unique_ptr<RemoteSource>> RemoteSource::Connect(const RemoteOptions& options) {
  RECOUP_ASSIGN(const std::shared_ptr<grpc::Channel> channel, OpenChannel(options));
  return std::unique_ptr<RemoteSource>(std::make_unique<GrpcSource>(channel, options));
}

}  // namespace recoup::server::client
