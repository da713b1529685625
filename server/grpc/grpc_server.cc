#include "server/grpc/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "server/grpc/services.h"

namespace recoup::server {
namespace {

constexpr std::chrono::seconds kWatchdog{5};

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsFiles& tls) {
  if (tls.certificate.empty()) return grpc::InsecureServerCredentials();
  constexpr unsigned kReloadSeconds = 1;
  const auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls.private_key, tls.certificate, tls.client_ca, kReloadSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  if (tls.client_ca.empty()) {
    options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  } else {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

void SetLimits(grpc::ServerBuilder& builder, const ServerOptions& options) {
  constexpr int kSecond = 1000;
  const int stream_ms = static_cast<int>(
      std::clamp<std::int64_t>(options.stream_deadline.count(), 60 * kSecond, 1 << 30));
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 128);
  // Without this a second server on the same port would silently get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // New connections see new certificates and balance anew; a portfolio may run to its end.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 1800 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, stream_ms);
  // A reader that vanished without a word is noticed within 80 s.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20 * kSecond);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30 * kSecond);
}

class RunningServer final : public GrpcServer {
 public:
  RunningServer(ValuationSource& source, const ServerOptions& options)
      : workers_(options.worker_threads > 0 ? options.worker_threads
                                            : std::max(1U, std::thread::hardware_concurrency()),
                 options.queue_limit),
        streams_(options.stream_limit, 0),
        context_{
            source,          workers_, streams_, options.call_deadline, options.stream_deadline,
            options.observer},
        listen_(options.listen) {}

  ~RunningServer() override {
    if (server_ && !drained_.valid()) server_->Shutdown(std::chrono::system_clock::now());
    workers_.Stop();
    streams_.Stop();
  }

  Result<void> Listen(const ServerOptions& options);

  std::string address() const override {
    if (listen_.starts_with("unix:")) return listen_;
    return listen_.substr(0, listen_.rfind(':') + 1) + std::to_string(port_);
  }
  int port() const override { return port_; }

  Result<void> Drain(std::chrono::milliseconds grace) override;

 private:
  void ReportHealth();

  WorkerPool workers_;
  WorkerPool streams_;
  const CallContext context_;
  ValuationService valuation_{context_};
  GraphService graph_{context_};
  ModelService model_{context_};
  std::string listen_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::future<void> drained_;
};

Result<void> RunningServer::Listen(const ServerOptions& options) {
  RECOUP_TRY(CheckTlsFiles(options.tls));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder, options);
  builder.AddListeningPort(options.listen, CredentialsOf(options.tls), &port_);
  builder.RegisterService(&valuation_);
  builder.RegisterService(&graph_);
  builder.RegisterService(&model_);
  server_ = builder.BuildAndStart();
  if (!server_ || port_ == 0) {
    server_.reset();
    return Error{ErrorCode::kUnavailable,
                 "cannot listen; is the address in use or not of this machine: " + options.listen};
  }
  ReportHealth();
  return {};
}

// Valuing is healthy only with a model; the rest always.
void RunningServer::ReportHealth() {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  const auto models = context_.source.ListModels();
  const bool valuing = models && std::any_of(models->begin(), models->end(),
                                             [](const ModelSummary& one) { return one.active; });
  health->SetServingStatus(v1::ValuationService::service_full_name(), valuing);
  health->SetServingStatus(v1::GraphService::service_full_name(), true);
  health->SetServingStatus(v1::ModelService::service_full_name(), true);
}

Result<void> RunningServer::Drain(std::chrono::milliseconds grace) {
  server_->GetHealthCheckService()->Shutdown();
  const auto deadline = std::chrono::system_clock::now() + grace;
  std::promise<void> done;
  drained_ = done.get_future();
  // Detached: if a worker hangs, nobody can join this thread either, and the process exits.
  std::thread([this, deadline, done = std::move(done)]() mutable {
    server_->Shutdown(deadline);
    workers_.Stop();
    streams_.Stop();
    done.set_value();
  }).detach();
  if (drained_.wait_for(grace + kWatchdog) == std::future_status::ready) return {};
  return Error{ErrorCode::kDeadlineExceeded,
               "calls in flight did not end after being cancelled: " +
                   std::to_string(workers_.in_flight() + streams_.in_flight())};
}

}  // namespace

Result<std::unique_ptr<GrpcServer>> GrpcServer::Start(ValuationSource& source,
                                                      const ServerOptions& options) {
  auto server = std::make_unique<RunningServer>(source, options);
  RECOUP_TRY(server->Listen(options));
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace recoup::server
