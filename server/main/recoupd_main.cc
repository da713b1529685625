// recoupd: serves valuations over gRPC until it is told to stop.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "server/main/flags.h"
#include "server/main/wiring.h"

namespace recoup::server {
namespace {

int Fail(ExitCode code, const std::string& message) {
  std::fprintf(stderr, "recoupd: %s\n", message.c_str());
  return code;
}

/// Takes SIGTERM and SIGINT. While recoupd starts, one ends the process at once: copying a store
/// may take minutes, and a store survives that. Once it serves, the first one is handed over, and
/// the second one ends the process.
/// Threads: made before any other thread is, so that they all leave the signals to this.
class StopSignals {
 public:
  StopSignals() {
    const sigset_t signals = Both();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // Detached, because it waits for as long as the process lives.
    std::thread([state = state_] { Watch(*state); }).detach();
  }

  /// From now on a signal no longer ends the process at once.
  void Serving() { state_->serving = true; }

  /// Waits for the first signal.
  std::string Await() {
    const int signal = state_->signal.get_future().get();
    const sigset_t signals = Both();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    return signal == SIGINT ? "SIGINT" : "SIGTERM";
  }

 private:
  struct State {
    std::atomic<bool> serving = false;
    std::promise<int> signal;
  };

  static sigset_t Both() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
  }

  static void Watch(State& state) {
    const sigset_t signals = Both();
    int signal = 0;
    sigwait(&signals, &signal);
    if (!state.serving) {
      pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
      std::raise(signal);
    }
    state.signal.set_value(signal);
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// The file is there with its whole content or not at all.
bool WritePortFile(const std::string& path, int port) {
  const std::string half = path + ".tmp";
  {
    std::ofstream out(half);
    out << port << '\n';
    if (!out.flush()) return false;
  }
  std::error_code failed;
  std::filesystem::rename(half, path, failed);
  return !failed;
}

int Serve(Daemon& daemon, const ServerConfig& config, Logger& logger, StopSignals& signals) {
  const std::string address = daemon.server->address();
  logger.Info("listening", {{"address", address},
                            {"tls", !config.tls.certificate.empty()},
                            {"client_certificates", !config.tls.client_ca.empty()}});
  std::printf("recoupd: listening on %s\n", address.c_str());
  std::fflush(stdout);
  const std::string signal = signals.Await();
  logger.Info("draining", {{"signal", signal}, {"seconds", config.drain_seconds}});
  const auto drained = daemon.server->Drain(std::chrono::seconds(config.drain_seconds));
  if (!drained) {
    logger.Error("drain_cut_short", {{"message", drained.error().message}});
    std::_Exit(kExitDrainCutShort);  // a hanging worker may still use everything
  }
  daemon.server.reset();
  daemon.source.reset();
  logger.Info("stopped");
  return kExitOk;
}

int Run(const Flags& flags) {
  const auto config = ReadConfig(flags);
  if (!config) return Fail(kExitConfiguration, config.error().message);
  if (const auto checked = CheckSetup(*config); !checked) {
    return Fail(kExitConfiguration, checked.error().message);
  }
  if (flags.check) {
    std::printf("recoupd: the configuration is right\n");
    return kExitOk;
  }
  const auto logger = OpenLogger(*config);
  if (!logger) return Fail(kExitConfiguration, logger.error().message);
  StopSignals signals;
  std::signal(SIGPIPE, SIG_IGN);
  auto started = StartDaemon(*config, *logger);
  if (const auto* failure = std::get_if<StartFailure>(&started)) {
    if (!config->log_file.empty()) {
      (*logger)->Error("start_failed", {{"message", failure->message}});
    }
    return Fail(failure->exit_code, failure->message);
  }
  signals.Serving();
  auto& daemon = std::get<Daemon>(started);
  if (!flags.port_file.empty() && !WritePortFile(flags.port_file, daemon.server->port())) {
    return Fail(kExitFailure, "cannot write the port file: " + flags.port_file);
  }
  return Serve(daemon, *config, **logger, signals);
}

}  // namespace
}  // namespace recoup::server

int main(int argc, char** argv) {
  try {
    const auto parsed = recoup::server::ParseFlags(argc, argv);
    if (const auto* code = std::get_if<recoup::server::ExitCode>(&parsed)) return *code;
    return recoup::server::Run(std::get<recoup::server::Flags>(parsed));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recoupd: unexpected: %s\n", error.what());
    return recoup::server::kExitFailure;
  }
}
