// One unary call: from gRPC's callback to a worker and back.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "graph/types/result.h"
#include "server/grpc/call_context.h"
#include "server/wire/status.h"

namespace recoup::server {

/// Runs `answer` on a worker and finishes the call with what it returns. The call ends at once when
/// it is cancelled or its deadline passes; the worker, which has its own copy of the request, then
/// throws its answer away, or does not start at all.
/// Lifetime: deletes itself when gRPC is done with it.
template <typename Request, typename Response>
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  using Answer = std::function<Result<void>(const Request&, Response*)>;

  /// `method` must be a literal.
  static grpc::ServerUnaryReactor* Start(const CallContext& context, std::string_view method,
                                         const Request* request, Response* response,
                                         Answer answer) {
    auto* call = new UnaryCall(context, method, response);
    auto work = [shared = call->shared_, &context, copy = *request, answer = std::move(answer)] {
      Run(context, *shared, copy, answer);
    };
    // From here on another thread may end and delete the call; it is not touched unless refused.
    if (!context.workers.TrySubmit(std::move(work))) {
      call->End(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                             "the server is busy: try again later"));
    }
    return call;
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override { delete this; }

 private:
  using Clock = std::chrono::steady_clock;

  // Outlives the call if a worker still holds it.
  struct Shared {
    std::mutex mutex;
    UnaryCall* call = nullptr;  // null once somebody has begun to finish it
    Clock::time_point started = Clock::now();

    /// Gives the call to the first who asks.
    UnaryCall* Take() {
      const std::lock_guard lock(mutex);
      return std::exchange(call, nullptr);
    }
    bool Open() {
      const std::lock_guard lock(mutex);
      return call != nullptr;
    }
  };

  UnaryCall(const CallContext& context, std::string_view method, Response* response)
      : context_(context),
        method_(method),
        response_(response),
        shared_(std::make_shared<Shared>()) {
    shared_->call = this;
  }

  static void Run(const CallContext& context, Shared& shared, const Request& request,
                  const Answer& answer) {
    if (!shared.Open()) return;
    Response response;
    Result<void> result;
    if (Clock::now() - shared.started > context.call_deadline) {
      result = Error{ErrorCode::kDeadlineExceeded, "the call waited too long for a thread"};
    } else {
      result = answer(request, &response);
    }
    UnaryCall* call = shared.Take();
    if (call == nullptr) return;
    if (result) call->response_->Swap(&response);
    call->FinishTaken(wire::ToStatus(result));
  }

  void End(const grpc::Status& status) {
    const std::shared_ptr<Shared> shared = shared_;
    if (shared->Take() != nullptr) FinishTaken(status);
  }

  // REQUIRES: this thread has taken the call.
  void FinishTaken(const grpc::Status& status) {
    context_.Report(
        {method_, status.error_code(),
         std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - shared_->started)});
    Finish(status);
  }

  const CallContext& context_;
  std::string_view method_;
  Response* response_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace recoup::server
