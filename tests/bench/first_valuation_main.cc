// Starts a recoupd, times how long it takes to its first valuation over gRPC, and reads its memory
// after more of them.
// Usage: first_valuation CALLS RECOUPD ARGUMENTS... < loan ids, one a line
// Prints one JSON object: milliseconds from just before the process is made to the line
// `listening` and to the first reply, and megabytes resident after CALLS valuations.
#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "recoup/v1/valuation_service.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// A recoupd of our own; ended by SIGTERM, and waited for.
class Child {
 public:
  explicit Child(char** command) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (posix_spawn(&pid_, command[0], &actions, nullptr, command, environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out_ = fdopen(ends[0], "r");
  }
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGTERM);
      waitpid(pid_, nullptr, 0);
    }
    if (out_ != nullptr) std::fclose(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits for `recoupd: listening on ADDRESS`; empty if the process ends first.
  std::string Address() {
    const std::string before = "recoupd: listening on ";
    char line[512];
    while (out_ != nullptr && std::fgets(line, sizeof(line), out_) != nullptr) {
      const std::string text(line);
      if (text.starts_with(before)) {
        return text.substr(before.size(), text.size() - before.size() - 1);
      }
    }
    return {};
  }

  /// Of /proc/PID/status. Unit: megabytes.
  double Megabytes(const std::string& field) const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(field + ":")) {
        return std::strtod(line.c_str() + field.size() + 1, nullptr) / 1024.0;
      }
    }
    return 0.0;
  }

 private:
  pid_t pid_ = -1;
  FILE* out_ = nullptr;
};

bool Value(recoup::v1::ValuationService::Stub& stub, const std::string& loan_id) {
  grpc::ClientContext context;
  recoup::v1::ValueLoanRequest request;
  request.set_loan_id(loan_id);
  recoup::v1::ValueLoanResponse response;
  const grpc::Status status = stub.ValueLoan(&context, request, &response);
  if (!status.ok()) std::cerr << "first_valuation: " << status.error_message() << "\n";
  return status.ok();
}

std::unique_ptr<recoup::v1::ValuationService::Stub> StubFor(const std::string& address) {
  return recoup::v1::ValuationService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

int Run(int calls, char** command, const std::vector<std::string>& loans) {
  // The client's own start is not what is measured.
  const auto unused = StubFor("127.0.0.1:1");
  const Clock::time_point start = Clock::now();
  Child child(command);
  const std::string address = child.Address();
  const double listening = MillisecondsSince(start);
  if (address.empty()) return 1;
  const auto stub = StubFor(address);
  if (!Value(*stub, loans.front())) return 1;
  const double first = MillisecondsSince(start);
  for (int i = 1; i < calls; ++i) {
    // A large stride, so that neighbours in the file do not warm each other's surroundings.
    if (!Value(*stub, loans[static_cast<std::size_t>(i) * 7919 % loans.size()])) return 1;
  }
  std::printf(
      "{\"listening_ms\": %.1f, \"first_ms\": %.1f, \"resident_mb\": %.1f, "
      "\"resident_anonymous_mb\": %.1f, \"peak_mb\": %.1f}\n",
      listening, first, child.Megabytes("VmRSS"), child.Megabytes("RssAnon"),
      child.Megabytes("VmHWM"));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> loans;
  for (std::string line; std::getline(std::cin, line);) loans.push_back(line);
  if (argc < 3 || loans.empty()) {
    std::cerr << "usage: first_valuation CALLS RECOUPD ARGUMENTS... < loan ids, one a line\n";
    return 2;
  }
  return Run(std::atoi(argv[1]), argv + 2, loans);
}
