#include "graph/store/history_block.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graph/store/record.h"
#include "graph/store/store_key.h"
#include "graph/store/value_codec.h"

namespace recoup::graph {
namespace {

constexpr std::uint8_t kHasNewer = 1;
constexpr std::size_t kOrderBytes = 12;
// What an entry takes besides its payload, about.
constexpr std::size_t kEntryOverhead = 6;

Error Damaged() {
  return {ErrorCode::kDataLoss, "a block of the store does not decode; restore it from a backup"};
}

}  // namespace

Result<BlockReader> BlockReader::Open(std::string_view key, std::string_view record) {
  RECOUP_ASSIGN(const std::string_view body, Unseal(key, record));
  BlockReader reader(body);
  const std::uint8_t flags = reader.in_.Byte();
  if ((flags & kHasNewer) != 0) {
    const std::string_view newer = reader.in_.Raw(kOrderBytes);
    if (reader.in_.ok()) reader.newer_ = OldestOf(newer);
  }
  reader.label_ = reader.in_.String();
  reader.left_ = reader.in_.Varint();
  reader.order_ = {Date(0), 0};
  if (!reader.in_.ok() || flags > kHasNewer) return Damaged();
  return reader;
}

bool BlockReader::Next() {
  if (left_ == 0 || !in_.ok()) return false;
  --left_;
  // Days are stored as the step back from the entry before; wrapping is harmless.
  const auto step = static_cast<std::uint32_t>(in_.Signed());
  order_.known_at =
      Date(static_cast<std::int32_t>(static_cast<std::uint32_t>(order_.known_at.days()) - step));
  order_.sequence = in_.Varint();
  payload_ = in_.String();
  return in_.ok();
}

Result<void> BlockReader::status() const {
  if (!in_.ok() || (left_ == 0 && !in_.AtEnd())) return Damaged();
  return {};
}

Result<HistoryBlock> HistoryBlock::Decode(std::string_view key, std::string_view record) {
  if (key.size() < kOrderBytes) return Damaged();
  RECOUP_ASSIGN(BlockReader reader, BlockReader::Open(key, record));
  HistoryBlock block(OldestOf(key));
  block.newer_ = reader.newer();
  block.label_ = reader.label();
  while (reader.Next()) {
    if (!block.entries_.empty() && reader.order() >= block.entries_.back().order) return Damaged();
    block.entries_.push_back({reader.order(), std::string(reader.payload())});
    block.bytes_ += kEntryOverhead + reader.payload().size();
  }
  RECOUP_TRY(reader.status());
  return block;
}

std::string HistoryBlock::Encode(std::string_view key) const {
  std::string body;
  body.reserve(bytes_ + label_.size() + 32);
  ByteWriter writer(&body);
  writer.Byte(newer_.has_value() ? kHasNewer : 0);
  if (newer_.has_value()) AppendInverted(*newer_, &body);
  writer.String(label_);
  writer.Varint(entries_.size());
  std::uint32_t day = 0;
  for (const Entry& entry : entries_) {
    const auto next = static_cast<std::uint32_t>(entry.order.known_at.days());
    writer.Signed(static_cast<std::int32_t>(day - next));
    writer.Varint(entry.order.sequence);
    writer.String(entry.payload);
    day = next;
  }
  return Seal(key, body);
}

std::size_t HistoryBlock::PositionOf(EntryOrder order) const {
  const auto found =
      std::partition_point(entries_.begin(), entries_.end(),
                           [order](const Entry& entry) { return entry.order > order; });
  return static_cast<std::size_t>(found - entries_.begin());
}

const std::string* HistoryBlock::Find(EntryOrder order) const {
  const std::size_t position = PositionOf(order);
  if (position == entries_.size() || entries_[position].order != order) return nullptr;
  return &entries_[position].payload;
}

void HistoryBlock::Put(EntryOrder order, std::string payload) {
  const std::size_t position = PositionOf(order);
  last_put_ = position;
  if (position < entries_.size() && entries_[position].order == order) {
    if (entries_[position].payload == payload) return;
    bytes_ += payload.size();
    bytes_ -= entries_[position].payload.size();
    entries_[position].payload = std::move(payload);
  } else {
    bytes_ += kEntryOverhead + payload.size();
    entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(position),
                    Entry{order, std::move(payload)});
  }
  dirty_ = true;
}

// Returns how many of the newest entries move out. Where entries come in order of time, in either
// direction, the block that stays behind is left full; elsewhere both halves get room.
std::size_t HistoryBlock::SplitPoint() const {
  if (last_put_ == 0) return 1;
  if (last_put_ + 1 == entries_.size()) return entries_.size() - 1;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i + 1 < entries_.size(); ++i) {
    bytes += kEntryOverhead + entries_[i].payload.size();
    if (2 * bytes >= bytes_) return i + 1;
  }
  return entries_.size() - 1;
}

std::optional<HistoryBlock> HistoryBlock::SplitIfLarge(std::size_t most_bytes) {
  if (bytes_ <= most_bytes || entries_.size() < 2) return std::nullopt;
  const std::size_t moved = SplitPoint();
  const auto middle = entries_.begin() + static_cast<std::ptrdiff_t>(moved);
  HistoryBlock newer(entries_[moved - 1].order);
  newer.newer_ = newer_;
  newer.dirty_ = true;
  newer.entries_.assign(std::make_move_iterator(entries_.begin()), std::make_move_iterator(middle));
  entries_.erase(entries_.begin(), middle);
  for (const Entry& entry : newer.entries_) newer.bytes_ += kEntryOverhead + entry.payload.size();
  bytes_ -= newer.bytes_;
  newer_ = newer.oldest_;
  last_put_ = entries_.size();
  dirty_ = true;
  return newer;
}

}  // namespace recoup::graph
