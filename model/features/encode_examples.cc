#include "model/features/encode_examples.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "model/features/by_day.h"

namespace recoup::model {
namespace {

// Examples that a thread takes at a time: enough to share a day's view, few enough to end together.
constexpr std::size_t kStretch = 128;

// What the threads share. Each result has one writer; the error of the lowest position is kept, so
// that it does not depend on the threads either.
class Work {
 public:
  Work(const graph::GraphStore& store, const Encoder& encoder,
       const graph::SamplingOptions& sampling, std::span<const Example> examples,
       std::span<const std::uint32_t> surroundings, const EncodeProgress& progress)
      : store_(store),
        encoder_(encoder),
        sampling_(sampling),
        examples_(examples),
        surroundings_(surroundings),
        progress_(progress),
        order_(PositionsByDay(examples)),
        results_(examples.size()) {}

  // Takes stretches until none is left. Goes on after an error: errors are rare.
  void Run() {
    DayViews views(store_);
    while (true) {
      const std::size_t begin = next_.fetch_add(kStretch);
      if (begin >= order_.size()) return;
      const std::size_t end = std::min(begin + kStretch, order_.size());
      for (std::size_t i = begin; i < end; ++i) EncodeOne(order_[i], &views);
      Report(end - begin);
    }
  }

  Result<std::vector<EncodedNeighbourhood>> Take() && {
    if (failed_at_.has_value()) return error_;
    return std::move(results_);
  }

 private:
  void EncodeOne(std::uint32_t position, DayViews* views) {
    Result<EncodedNeighbourhood> encoded = Encode(position, views);
    if (encoded.has_value()) {
      results_[position] = std::move(encoded).value();
      return;
    }
    const std::lock_guard lock(mutex_);
    if (failed_at_.has_value() && *failed_at_ < position) return;
    failed_at_ = position;
    error_ = Annotate(encoded.error(), "example " + std::to_string(position));
  }

  Result<EncodedNeighbourhood> Encode(std::uint32_t position, DayViews* views) const {
    const Example& example = examples_[position];
    const graph::GraphView& view = views->On(example.as_of);
    const graph::NodeId around =
        surroundings_.empty() ? example.loan : examples_[surroundings_[position]].loan;
    Result<graph::Neighbourhood> sampled = graph::SampleNeighbourhood(view, around, sampling_);
    const bool other = around != example.loan;
    if (other && !sampled.has_value() && sampled.error().code == ErrorCode::kNotFound) {
      sampled = graph::Neighbourhood{{example.loan}, {1, 1, 1}, {}};
    }
    if (!sampled.has_value()) return sampled.error();
    return encoder_.Encode(view, *sampled, other ? std::optional(example.loan) : std::nullopt);
  }

  void Report(std::size_t count) {
    const std::lock_guard lock(mutex_);
    done_ += count;
    if (progress_) progress_(done_, order_.size());
  }

  const graph::GraphStore& store_;
  const Encoder& encoder_;
  const graph::SamplingOptions& sampling_;
  std::span<const Example> examples_;
  std::span<const std::uint32_t> surroundings_;
  const EncodeProgress& progress_;
  const std::vector<std::uint32_t> order_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<EncodedNeighbourhood> results_;
  std::mutex mutex_;  // guards what follows
  std::size_t done_ = 0;
  std::optional<std::uint32_t> failed_at_;
  Error error_;
};

Result<void> CheckSurroundings(std::span<const std::uint32_t> surroundings, std::size_t examples) {
  if (surroundings.empty()) return {};
  if (surroundings.size() != examples) {
    return Error{ErrorCode::kInvalidArgument,
                 "surroundings must name one example for each example: " +
                     std::to_string(surroundings.size()) + " for " + std::to_string(examples)};
  }
  const std::uint32_t largest = *std::max_element(surroundings.begin(), surroundings.end());
  if (largest >= examples) {
    return Error{ErrorCode::kInvalidArgument,
                 "surroundings names an example that is not there: " + std::to_string(largest)};
  }
  return {};
}

}  // namespace

Result<std::vector<EncodedNeighbourhood>> EncodeExamples(
    const graph::GraphStore& store, const Encoder& encoder, const graph::SamplingOptions& sampling,
    std::span<const Example> examples, int threads, const EncodeProgress& progress,
    std::span<const std::uint32_t> surroundings) {
  RECOUP_TRY(CheckSurroundings(surroundings, examples.size()));
  Work work(store, encoder, sampling, examples, surroundings, progress);
  std::vector<std::jthread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back([&work] { work.Run(); });
  work.Run();
  others.clear();  // joins
  return std::move(work).Take();
}

}  // namespace recoup::model
