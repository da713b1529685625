#include "server/engine/memory_twin.h"

#include <sys/resource.h>

#include <cstdint>
#include <exception>
#include <utility>

namespace recoup::server {
namespace {

constexpr int kNiceness = 10;

}  // namespace

MemoryTwin::MemoryTwin(const graph::GraphStore& durable, std::mutex& writing,
                       std::function<void(const std::string&)> warn)
    : durable_(durable),
      writing_(writing),
      warn_(std::move(warn)),
      copy_(graph::MakeMemoryGraphStore({.keep_log = false})),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void MemoryTwin::Run(const std::stop_token& stop) {
  // Whoever waits for an answer goes first. Linux does this for a thread alone.
  static_cast<void>(setpriority(PRIO_PROCESS, 0, kNiceness));
  std::string fault;
  try {
    const Result<void> copied = Copy(stop);
    if (!copied.has_value()) fault = copied.error().message;
  } catch (const std::exception& error) {  // out of memory, above all: the disk goes on answering
    fault = error.what();
  }
  if (!fault.empty()) {
    copy_.reset();
    if (warn_ && !stop.stop_requested()) {
      warn_("answers come from disk, the store could not be copied into memory: " + fault);
    }
  }
  done_.store(true, std::memory_order_release);
  done_.notify_all();
}

Result<void> MemoryTwin::Copy(const std::stop_token& stop) {
  const auto copy_after = [&](std::uint64_t epoch) {
    return durable_.Replay(
        [&](const graph::FactBatch& batch) -> Result<void> {
          if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "stopped"};
          RECOUP_TRY(copy_->Apply(batch));
          return {};
        },
        epoch);
  };
  RECOUP_TRY(copy_after(0));
  // What came meanwhile is little; while it is copied, nothing more can come.
  const std::lock_guard lock(writing_);
  RECOUP_ASSIGN(const graph::StoreStatistics copied, copy_->Statistics());
  RECOUP_TRY(copy_after(copied.epoch));
  RECOUP_ASSIGN(const graph::StoreStatistics now, durable_.Statistics());
  RECOUP_ASSIGN(const graph::StoreStatistics twin, copy_->Statistics());
  RECOUP_CHECK(twin.epoch == now.epoch);
  complete_.store(copy_.get(), std::memory_order_release);
  return {};
}

Result<void> MemoryTwin::Follow(const graph::FactBatch& batch, const graph::ApplyReceipt& receipt) {
  graph::GraphStore* const twin = complete_.load(std::memory_order_acquire);
  if (twin == nullptr) return {};  // the copying thread reads this batch from the log
  RECOUP_ASSIGN(const graph::ApplyReceipt followed, twin->Apply(batch));
  RECOUP_CHECK(followed.epoch == receipt.epoch);
  return {};
}

}  // namespace recoup::server
