// How a long evaluation says where it is, and how it is told to stop.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::model {

struct EvaluationProgress {
  std::string_view stage;  // such as `encoding training`; valid during the call only
  std::size_t done = 0;
  std::size_t total = 0;  // 0: not known
};

/// Both members may be empty.
struct Observer {
  std::function<void(const EvaluationProgress&)> progress{};
  const std::atomic<bool>* stop = nullptr;

  void Report(std::string_view stage, std::size_t done = 0, std::size_t total = 0) const {
    if (progress) progress({stage, done, total});
  }

  /// Reports the stage. Errors: kCancelled (told to stop).
  Result<void> Enter(std::string_view stage, std::size_t done = 0, std::size_t total = 0) const {
    if (stop != nullptr && stop->load()) {
      return Error{ErrorCode::kCancelled, "stopped before: " + std::string(stage)};
    }
    Report(stage, done, total);
    return {};
  }
};

}  // namespace recoup::model
