#include "server/grpc/value_loans_call.h"

#include <string>
#include <utility>
#include <vector>

#include "server/wire/status.h"
#include "server/wire/valuations.h"

namespace recoup::server {
namespace {

// Replies made ahead of the reader; about 100 KB.
constexpr std::size_t kBuffered = 128;

Result<void> ValuePortfolio(const ValuationSource& source, const v1::ValueLoansRequest& proto,
                            PortfolioStream& stream) {
  RECOUP_ASSIGN(const ValueRequest request, wire::RequestFromProto(proto));
  const std::vector<std::string> ids(proto.loan_ids().begin(), proto.loan_ids().end());
  const auto visit = [&stream](const PortfolioItem& item) {
    v1::ValueLoansResponse reply;
    wire::ToProto(item, &reply);
    return stream.Push(std::move(reply));
  };
  return source.ValueLoans(ids, request, visit, stream.stop());
}

}  // namespace

Result<void> PortfolioStream::Push(v1::ValueLoansResponse reply) {
  std::unique_lock lock(mutex_);
  const bool in_time =
      room_.wait_until(lock, deadline_, [this] { return stopped_ || replies_.size() < kBuffered; });
  if (stopped_) return Error{ErrorCode::kCancelled, "the reader is gone"};
  if (!in_time || Clock::now() >= deadline_) {
    return Error{ErrorCode::kDeadlineExceeded, "the portfolio took too long"};
  }
  replies_.push_back(std::move(reply));
  if (!writing_ && call_ != nullptr) call_->Proceed(std::move(lock));
  return {};
}

void PortfolioStream::Close(Result<void> result) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  result_ = std::move(result);
  if (call_ == nullptr) return;
  const bool late = !result_ && result_.error().code == ErrorCode::kDeadlineExceeded;
  if (!writing_) {
    call_->Proceed(std::move(lock));
  } else if (late) {
    // The write may be stuck for as long as the reader likes.
    call_->server_context_->TryCancel();
  }
}

ValueLoansCall::ValueLoansCall(const CallContext& context,
                               grpc::CallbackServerContext* server_context)
    : context_(context),
      server_context_(server_context),
      started_(PortfolioStream::Clock::now()),
      stream_(std::make_shared<PortfolioStream>(started_ + context.stream_deadline)) {
  stream_->call_ = this;
}

grpc::ServerWriteReactor<v1::ValueLoansResponse>* ValueLoansCall::Start(
    const CallContext& context, grpc::CallbackServerContext* server_context,
    const v1::ValueLoansRequest* request) {
  auto* call = new ValueLoansCall(context, server_context);
  const std::shared_ptr<PortfolioStream> stream = call->stream_;
  const bool taken = context.streams.TrySubmit([&context, stream, copy = *request] {
    stream->Close(ValuePortfolio(context.source, copy, *stream));
  });
  if (!taken) {
    stream->Close(Error{ErrorCode::kResourceExhausted,
                        "the server values as many portfolios as it may: try again later"});
  }
  return call;
}

void ValueLoansCall::OnWriteDone(bool ok) {
  std::unique_lock lock(stream_->mutex_);
  stream_->writing_ = false;
  stream_->replies_.pop_front();
  if (!ok) stream_->stopped_ = true;
  stream_->room_.notify_one();
  Proceed(std::move(lock));
}

void ValueLoansCall::OnCancel() {
  std::unique_lock lock(stream_->mutex_);
  stream_->stopped_ = true;
  stream_->room_.notify_one();
  // With a write under way, OnWriteDone follows and finishes.
  if (!stream_->writing_ && stream_->call_ != nullptr) Proceed(std::move(lock));
}

void ValueLoansCall::Proceed(std::unique_lock<std::mutex> lock) {
  PortfolioStream& stream = *stream_;
  const bool failed = stream.closed_ && !stream.result_;
  if (!stream.stopped_ && !stream.replies_.empty()) {
    stream.writing_ = true;
    const bool more = stream.replies_.size() > 1;
    const v1::ValueLoansResponse* reply = &stream.replies_.front();
    // Under the lock: only one write may be under way. gRPC calls back on another thread.
    StartWrite(reply, more ? grpc::WriteOptions().set_buffer_hint() : grpc::WriteOptions());
    return;
  }
  if (!stream.stopped_ && !stream.closed_) return;
  const grpc::Status status = stream.stopped_ ? grpc::Status::CANCELLED
                              : failed        ? wire::ToStatus(stream.result_)
                                              : grpc::Status::OK;
  stream.call_ = nullptr;
  lock.unlock();
  const auto duration = PortfolioStream::Clock::now() - started_;
  context_.Report({"ValueLoans", status.error_code(),
                   std::chrono::duration_cast<std::chrono::microseconds>(duration)});
  Finish(status);
}

}  // namespace recoup::server
