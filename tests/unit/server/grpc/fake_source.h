// A ValuationSource whose answers and delays a test decides.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/engine/valuation_source.h"
#include "tests/unit/server/wire/random_values.h"

namespace recoup::server {

/// Knows the loans `L-0` to `L-9` (and as many as `loans` in a portfolio) from 2024-01-01 on.
class FakeSource : public ValuationSource {
 public:
  /// While closed, ValueLoan waits inside; Open lets all through.
  class Gate {
   public:
    void Close() { Set(true); }
    void Open() { Set(false); }
    void Pass() {
      std::unique_lock lock(mutex_);
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !closed_; });
      --waiting_;
    }
    /// Waits until so many calls are inside; false after 10 s.
    bool AwaitInside(int count) {
      std::unique_lock lock(mutex_);
      return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return waiting_ >= count; });
    }

   private:
    void Set(bool closed) {
      const std::lock_guard lock(mutex_);
      closed_ = closed;
      changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool closed_ = false;
    int waiting_ = 0;
  };

  Result<LoanAnswer> ValueLoan(std::string_view loan_id,
                               const ValueRequest& request) const override {
    ++value_loan_calls;
    gate.Pass();
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    if (!has_model) {
      return Error{ErrorCode::kFailedPrecondition, "no model in models: train one"};
    }
    if (request.terms.horizon_months == 0) {
      return Error{ErrorCode::kInvalidArgument, "horizon_months must be 1 to 1200: 0"};
    }
    if (request.as_of && *request.as_of < *Date::Parse("2024-01-01")) {
      return Error{ErrorCode::kNotFound,
                   "nothing is known by this day: " + request.as_of->ToString()};
    }
    if (!loan_id.starts_with("L-")) {
      return Error{ErrorCode::kNotFound, "no such loan: " + std::string(loan_id)};
    }
    return AnswerFor(std::string(loan_id), request);
  }

  Result<void> ValueLoans(std::span<const std::string> loan_ids, const ValueRequest& request,
                          const std::function<Result<void>(const PortfolioItem&)>& visit,
                          const std::atomic<bool>* stop) const override {
    ++portfolios_running;
    const Result<void> result = Walk(loan_ids, request, visit, stop);
    --portfolios_running;
    return result;
  }

  Result<graph::ApplyReceipt> ApplyFacts(const graph::FactBatch& batch) override {
    const std::lock_guard lock(mutex_);
    applied.push_back(batch);
    if (!apply_errors.empty()) {
      const Error error = apply_errors.back();
      apply_errors.pop_back();
      return error;
    }
    return graph::ApplyReceipt{.epoch = applied.size(), .facts_applied = batch.facts.size()};
  }

  Result<NamedNode> GetNode(const graph::NodeKey& key, std::optional<Date>) const override {
    NamedNode node = RandomValues(1).Named();
    node.key = key;
    return node;
  }

  Result<NeighbourhoodAnswer> GetNeighbourhood(
      std::string_view loan_id, std::optional<Date>,
      std::optional<graph::SamplingOptions> options) const override {
    NeighbourhoodAnswer answer;
    answer.epoch = options ? options->first_hop_limit : 0;
    answer.nodes.push_back({{graph::NodeKind::kLoan, std::string(loan_id)}, Date(1), {}});
    return answer;
  }

  Result<graph::StoreStatistics> Statistics() const override {
    graph::StoreStatistics statistics;
    statistics.epoch = 42;
    return statistics;
  }

  Result<std::vector<ModelSummary>> ListModels() const override {
    if (!has_model) return std::vector<ModelSummary>{};
    return std::vector<ModelSummary>{{"v1", "sum", "hash", true, ""}};
  }

  Result<ModelCardAnswer> GetModelCard(std::string_view version) const override {
    if (!version.empty() && version != "v1") {
      return Error{ErrorCode::kNotFound, "no such model: " + std::string(version)};
    }
    return ModelCardAnswer{{"v1", "sum", "hash", true, ""}, R"({"metrics":{}})"};
  }

  /// The same loan and request give the same answer, through any way.
  static LoanAnswer AnswerFor(const std::string& loan_id, const ValueRequest& request) {
    LoanAnswer answer = RandomValues(std::hash<std::string>()(loan_id)).Answer();
    answer.loan_id = loan_id;
    answer.provenance.as_of = request.as_of.value_or(*Date::Parse("2026-01-01"));
    return answer;
  }

  mutable Gate gate;
  std::chrono::milliseconds delay{0};
  bool has_model = true;
  std::size_t loans = 10;
  mutable std::atomic<int> value_loan_calls = 0;
  mutable std::atomic<int> portfolios_running = 0;
  mutable std::atomic<std::size_t> visited = 0;
  std::vector<graph::FactBatch> applied;
  std::vector<Error> apply_errors;  // returned from the back, one a call

 private:
  Result<void> Walk(std::span<const std::string> loan_ids, const ValueRequest& request,
                    const std::function<Result<void>(const PortfolioItem&)>& visit,
                    const std::atomic<bool>* stop) const {
    const std::size_t count = loan_ids.empty() ? loans : loan_ids.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (stop != nullptr && stop->load()) return Error{ErrorCode::kCancelled, "stopped"};
      const std::string id = loan_ids.empty() ? "L-" + std::to_string(i) : loan_ids[i];
      PortfolioItem item{id, Error{ErrorCode::kNotFound, "no such loan: " + id}, count};
      if (id.starts_with("L-")) item.answer = AnswerFor(id, request);
      ++visited;
      RECOUP_TRY(visit(item));
    }
    return {};
  }

  std::mutex mutex_;
};

}  // namespace recoup::server
