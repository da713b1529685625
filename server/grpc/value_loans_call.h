// One ValueLoans call: a portfolio, streamed at the reader's pace.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

#include "graph/types/result.h"
#include "recoup/v1/valuation_service.pb.h"
#include "server/grpc/call_context.h"

namespace recoup::server {

/// Between one thread that makes replies and gRPC, which sends them: a bounded buffer. The producer
/// waits when the reader is slow, and stops when the reader is gone.
/// Threads: the producer calls Push and Close; gRPC's threads call the others.
class PortfolioStream {
 public:
  using Clock = std::chrono::steady_clock;

  explicit PortfolioStream(Clock::time_point deadline) : deadline_(deadline) {}

  /// Waits for room. Errors: kCancelled (nobody reads any more), kDeadlineExceeded.
  Result<void> Push(v1::ValueLoansResponse reply);

  /// Nothing more comes, or why it failed.
  void Close(Result<void> result);

  /// True once the reader is gone; for ValuationSource::ValueLoans.
  const std::atomic<bool>* stop() const { return &stopped_; }

 private:
  friend class ValueLoansCall;

  const Clock::time_point deadline_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<v1::ValueLoansResponse> replies_;
  class ValueLoansCall* call_ = nullptr;  // null once finished
  bool writing_ = false;                  // gRPC holds replies_.front()
  bool closed_ = false;
  Result<void> result_;
  std::atomic<bool> stopped_ = false;
};

/// Lifetime: deletes itself when gRPC is done with it; the stream lives on with its producer.
class ValueLoansCall final : public grpc::ServerWriteReactor<v1::ValueLoansResponse> {
 public:
  /// Refuses with RESOURCE_EXHAUSTED when all portfolio threads are taken.
  static grpc::ServerWriteReactor<v1::ValueLoansResponse>* Start(
      const CallContext& context, grpc::CallbackServerContext* server_context,
      const v1::ValueLoansRequest* request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  friend class PortfolioStream;

  ValueLoansCall(const CallContext& context, grpc::CallbackServerContext* server_context);

  // Starts the next write or finishes; REQUIRES: `lock` holds the stream's mutex, and releases it.
  void Proceed(std::unique_lock<std::mutex> lock);

  const CallContext& context_;
  grpc::CallbackServerContext* const server_context_;
  const PortfolioStream::Clock::time_point started_;
  std::shared_ptr<PortfolioStream> stream_;
};

}  // namespace recoup::server
