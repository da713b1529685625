// Times ValueLoan over gRPC beside an empty call (health Check) to the same server, in turns.
// Usage: round_trip ADDRESS CALLS < loan ids, one a line
// Prints one JSON object with the p50 and p99 of both, in microseconds.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "recoup/v1/valuation_service.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double Percentile(std::vector<double>& values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// One unary call with an empty message, through the generic interface: health.proto is not
// packaged.
bool EmptyCall(grpc::GenericStub& stub) {
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer reply;
  grpc::Status status;
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok && status.ok();
}

bool ValueCall(recoup::v1::ValuationService::Stub& stub, const std::string& loan_id) {
  grpc::ClientContext context;
  recoup::v1::ValueLoanRequest request;
  request.set_loan_id(loan_id);
  recoup::v1::ValueLoanResponse response;
  return stub.ValueLoan(&context, request, &response).ok();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> loans;
  for (std::string line; std::getline(std::cin, line);) loans.push_back(line);
  if (argc != 3 || loans.empty()) {
    std::cerr << "usage: round_trip ADDRESS CALLS < loan ids, one a line\n";
    return 2;
  }
  const auto channel = grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials());
  grpc::GenericStub empty(channel);
  const auto stub = recoup::v1::ValuationService::NewStub(channel);
  const int calls = std::atoi(argv[2]);
  const int warm_up = calls / 10;
  std::vector<double> empty_us;
  std::vector<double> value_us;
  for (int i = -warm_up; i < calls; ++i) {
    const Clock::time_point before_empty = Clock::now();
    if (!EmptyCall(empty)) return 1;
    const double empty_time = MicrosecondsSince(before_empty);
    const Clock::time_point before_value = Clock::now();
    // A large stride, so that neighbours in the file do not warm each other's surroundings.
    const auto loan = static_cast<std::size_t>(i + warm_up) * 7919 % loans.size();
    if (!ValueCall(*stub, loans[loan])) return 1;
    const double value_time = MicrosecondsSince(before_value);
    if (i < 0) continue;
    empty_us.push_back(empty_time);
    value_us.push_back(value_time);
  }
  std::printf(
      "{\"calls\": %d, \"empty_p50_us\": %.1f, \"empty_p99_us\": %.1f, \"value_p50_us\": %.1f, "
      "\"value_p99_us\": %.1f}\n",
      calls, Percentile(empty_us, 0.5), Percentile(empty_us, 0.99), Percentile(value_us, 0.5),
      Percentile(value_us, 0.99));
  return 0;
}
