// What every call of a server shares: the source of answers, the threads, the limits.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "server/engine/valuation_source.h"
#include "server/grpc/worker_pool.h"

namespace recoup::server {

/// A call that ended.
struct CallReport {
  std::string_view method;  // such as `ValueLoan`
  int code = 0;             // gRPC's; 0 is OK
  std::chrono::microseconds duration{0};
};

/// Called from many threads; must be quick.
using CallObserver = std::function<void(const CallReport&)>;

/// Lifetime: outlives every call.
struct CallContext {
  ValuationSource& source;
  WorkerPool& workers;
  WorkerPool& streams;  // one thread a portfolio
  std::chrono::milliseconds call_deadline;
  std::chrono::milliseconds stream_deadline;
  CallObserver observer;  // may be empty

  void Report(const CallReport& report) const {
    if (observer) observer(report);
  }
};

}  // namespace recoup::server
