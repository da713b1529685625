// A block: part of one history's entries, newest first, as one value of the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/batch_plan.h"
#include "graph/store/byte_codec.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Reads a block's entries one after the other without copying them.
/// Lifetime: the bytes must outlive the reader.
class BlockReader {
 public:
  /// Errors: kDataLoss (damaged).
  static Result<BlockReader> Open(std::string_view key, std::string_view record);

  /// The key of the next newer block, or nothing if this is the newest.
  const std::optional<EntryOrder>& newer() const { return newer_; }
  /// The node's external id, in the oldest block of a node's versions; otherwise empty.
  std::string_view label() const { return label_; }

  /// Steps to the next entry; false at the end and where the bytes are damaged.
  bool Next();
  EntryOrder order() const { return order_; }
  std::string_view payload() const { return payload_; }

  /// Errors: kDataLoss (Next stopped at damaged bytes).
  Result<void> status() const;

 private:
  explicit BlockReader(std::string_view body) : in_(body) {}

  ByteReader in_;
  std::optional<EntryOrder> newer_;
  std::string_view label_;
  std::uint64_t left_ = 0;
  EntryOrder order_;
  std::string_view payload_;
};

/// A block in the hands of a writer.
class HistoryBlock {
 public:
  struct Entry {
    EntryOrder order;
    std::string payload;
  };

  explicit HistoryBlock(EntryOrder oldest) : oldest_(oldest) {}

  /// Errors: kDataLoss (damaged).
  static Result<HistoryBlock> Decode(std::string_view key, std::string_view record);
  std::string Encode(std::string_view key) const;

  EntryOrder oldest() const { return oldest_; }
  const std::optional<EntryOrder>& newer() const { return newer_; }
  const std::vector<Entry>& entries() const { return entries_; }
  bool dirty() const { return dirty_; }
  void set_label(std::string label) { label_ = std::move(label); }

  /// True if an entry of this order belongs into this block.
  bool Covers(EntryOrder order) const {
    return order >= oldest_ && (!newer_.has_value() || order < *newer_);
  }

  /// Returns the payload of the entry of exactly this order, or null.
  const std::string* Find(EntryOrder order) const;

  /// Adds the entry, or replaces the one of the same order. REQUIRES: Covers(order).
  void Put(EntryOrder order, std::string payload);

  /// Takes the newer entries out into a block of their own if there are more than `most_bytes`
  /// here.
  std::optional<HistoryBlock> SplitIfLarge(std::size_t most_bytes);

 private:
  std::size_t PositionOf(EntryOrder order) const;
  std::size_t SplitPoint() const;

  EntryOrder oldest_;
  std::optional<EntryOrder> newer_;
  std::string label_;
  std::vector<Entry> entries_;  // newest first
  std::size_t bytes_ = 0;
  std::size_t last_put_ = 0;
  bool dirty_ = false;
};

}  // namespace recoup::graph
