#include "server/main/wiring.h"

#include <grpc/support/log.h>

#include <string>
#include <utility>

#include "server/engine/engine.h"

namespace recoup::server {
namespace {

TlsFiles TlsFilesOf(const TlsConfig& tls) {
  return {tls.certificate, tls.private_key, tls.client_ca};
}

ServerOptions ServerOptionsOf(const ServerConfig& config, const std::shared_ptr<Logger>& logger) {
  ServerOptions options;
  options.listen = config.listen;
  options.tls = TlsFilesOf(config.tls);
  options.worker_threads = static_cast<std::size_t>(config.worker_threads);
  options.queue_limit = static_cast<std::size_t>(config.queue_limit);
  options.stream_limit = static_cast<std::size_t>(config.stream_limit);
  options.max_message_bytes = static_cast<int>(config.max_message_bytes);
  options.call_deadline = std::chrono::seconds(config.call_deadline_seconds);
  options.stream_deadline = std::chrono::seconds(config.stream_deadline_seconds);
  options.observer = [logger](const CallReport& call) {
    logger->Debug("call", {{"method", std::string(call.method)},
                           {"code", std::int64_t{call.code}},
                           {"microseconds", std::int64_t{call.duration.count()}}});
  };
  return options;
}

EngineOptions EngineOptionsOf(const ServerConfig& config, const std::shared_ptr<Logger>& logger) {
  EngineOptions options;
  options.store = config.store_directory;
  options.models = config.models_directory;
  options.active_version = config.active_model;
  options.backend = config.backend;
  options.serve_from_memory = config.serve_from_memory;
  options.answer_while_copying = true;
  options.threads = static_cast<int>(config.portfolio_threads);
  options.warn = [logger](const std::string& what) {
    logger->Warning("engine", {{"message", what}});
  };
  return options;
}

ExitCode ExitCodeOfOpening(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnavailable:
      return kExitStoreInUse;
    case ErrorCode::kNotFound:
      return kExitMissing;
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kDataLoss:
      return kExitRefused;
    default:
      return kExitFailure;
  }
}

// gRPC's log has one global function without context; the logger lives as long as the process.
Logger* grpc_logger = nullptr;

void LogForGrpc(gpr_log_func_args* message) {
  const LogLevel level =
      message->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
  grpc_logger->Log(level, "grpc", {{"message", std::string(message->message)}});
}

void SendGrpcLogTo(const std::shared_ptr<Logger>& logger) {
  static std::shared_ptr<Logger> kept;
  kept = logger;
  grpc_logger = kept.get();
  gpr_set_log_function(&LogForGrpc);
}

void ReportModels(const ValuationSource& source, Logger& logger) {
  const auto models = source.ListModels();
  if (!models) return;
  bool active = false;
  for (const ModelSummary& model : *models) {
    active = active || model.active;
    if (model.active) logger.Info("model_active", {{"version", model.version}});
    if (!model.fault.empty()) {
      logger.Warning("model_faulty", {{"version", model.version}, {"fault", model.fault}});
    }
  }
  if (!active) logger.Warning("no_model", {{"effect", std::string("valuing fails")}});
}

}  // namespace

Result<void> CheckSetup(const ServerConfig& config) {
  RECOUP_TRY(CheckServerConfig(config));
  return CheckTlsFiles(TlsFilesOf(config.tls));
}

Result<std::shared_ptr<Logger>> OpenLogger(const ServerConfig& config) {
  LoggerOptions options;
  RECOUP_ASSIGN(options.level, ParseLogLevel(config.log_level));
  RECOUP_ASSIGN(options.format, ParseLogFormat(config.log_format));
  options.file = config.log_file;
  return Logger::Open(options);
}

std::variant<Daemon, StartFailure> StartDaemon(const ServerConfig& config,
                                               const std::shared_ptr<Logger>& logger) {
  SendGrpcLogTo(logger);
  Daemon daemon;
  auto engine = Engine::Open(EngineOptionsOf(config, logger));
  if (!engine) return StartFailure{ExitCodeOfOpening(engine.error().code), engine.error().message};
  daemon.source = std::move(engine).value();
  ReportModels(*daemon.source, *logger);
  auto server = GrpcServer::Start(*daemon.source, ServerOptionsOf(config, logger));
  if (!server) {
    const bool tls = server.error().code == ErrorCode::kInvalidArgument;
    return StartFailure{tls ? kExitConfiguration : kExitCannotListen, server.error().message};
  }
  daemon.server = std::move(server).value();
  return daemon;
}

}  // namespace recoup::server
