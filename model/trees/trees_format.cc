// The bytes of an ensemble, as docs/formats/trees.md states them.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/trees/flat_trees.h"

namespace recoup::model {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");
static_assert(std::numeric_limits<float>::is_iec559 && sizeof(float) == 4, "float is IEEE 754");

constexpr std::string_view kMagic = "RCPTREE1";
constexpr std::size_t kHeaderBytes = 24;
// Of one node: feature, left, value, cover, and a byte for missing_left.
constexpr std::size_t kNodeBytes = 4 * 4 + 1;

Error Damaged(const std::string& what) { return {ErrorCode::kDataLoss, "trees: " + what}; }

template <typename Number>
void Append(std::string& bytes, Number number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

// Takes numbers off the front. REQUIRES: the caller has checked that they are all there.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  template <typename Number>
  Number Take() {
    RECOUP_CHECK(bytes_.size() >= sizeof(Number));
    Number number;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
    return number;
  }

  template <typename Number>
  std::vector<Number> TakeList(std::size_t count) {
    std::vector<Number> numbers(count);
    for (Number& number : numbers) number = Take<Number>();
    return numbers;
  }

 private:
  std::string_view bytes_;
};

struct Header {
  std::size_t columns = 0;
  std::size_t trees = 0;
  std::size_t nodes = 0;
  float base = 0.0F;

  // Cannot overflow: each count has 32 bits.
  std::uint64_t FileBytes() const {
    return kHeaderBytes + 4 * std::uint64_t{trees} + kNodeBytes * std::uint64_t{nodes} +
           4 * std::uint64_t{columns};
  }
};

Result<Header> ReadHeader(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return Damaged("shorter than their header");
  if (!bytes.starts_with(kMagic)) return Damaged("does not start with RCPTREE1");
  Cursor cursor(bytes.substr(kMagic.size()));
  Header header;
  header.columns = cursor.Take<std::uint32_t>();
  header.trees = cursor.Take<std::uint32_t>();
  header.nodes = cursor.Take<std::uint32_t>();
  header.base = cursor.Take<float>();
  if (header.FileBytes() != bytes.size()) {
    return Damaged("size must be " + std::to_string(header.FileBytes()) +
                   " bytes: " + std::to_string(bytes.size()));
  }
  return header;
}

Result<std::vector<float>> ReadShares(Cursor& cursor, std::size_t columns) {
  std::vector<float> shares = cursor.TakeList<float>(columns);
  for (const float share : shares) {
    if (!std::isfinite(share) || share < 0.0F) {
      return Damaged("a gain share is negative or not finite: " + std::to_string(share));
    }
  }
  return shares;
}

Result<void> ReadMissingLeft(Cursor& cursor, std::vector<TreeNode>& nodes) {
  for (TreeNode& node : nodes) {
    const auto flag = cursor.Take<std::uint8_t>();
    if (flag > 1) return Damaged("missing_left is neither 0 nor 1: " + std::to_string(flag));
    node.missing_left = flag == 1;
  }
  return {};
}

}  // namespace

std::string WriteTrees(const FlatTrees& trees) {
  const std::span<const TreeNode> nodes = trees.nodes();
  std::string bytes(kMagic);
  Append(bytes, static_cast<std::uint32_t>(trees.columns()));
  Append(bytes, static_cast<std::uint32_t>(trees.trees()));
  Append(bytes, static_cast<std::uint32_t>(nodes.size()));
  Append(bytes, trees.base());
  for (const std::uint32_t root : trees.roots()) Append(bytes, root);
  for (const TreeNode& node : nodes) Append(bytes, node.feature);
  for (const TreeNode& node : nodes) Append(bytes, node.left);
  for (const TreeNode& node : nodes) Append(bytes, node.value);
  for (const TreeNode& node : nodes) Append(bytes, node.cover);
  for (const float share : trees.gain_shares()) Append(bytes, share);
  for (const TreeNode& node : nodes) Append(bytes, std::uint8_t{node.missing_left});
  return bytes;
}

Result<FlatTrees> ReadTrees(std::string_view bytes) {
  RECOUP_ASSIGN(const Header header, ReadHeader(bytes));
  Cursor cursor(bytes.substr(kHeaderBytes));
  auto roots = cursor.TakeList<std::uint32_t>(header.trees);
  std::vector<TreeNode> nodes(header.nodes);
  for (TreeNode& node : nodes) node.feature = cursor.Take<std::int32_t>();
  for (TreeNode& node : nodes) node.left = cursor.Take<std::uint32_t>();
  for (TreeNode& node : nodes) node.value = cursor.Take<float>();
  for (TreeNode& node : nodes) node.cover = cursor.Take<float>();
  RECOUP_ASSIGN(auto shares, ReadShares(cursor, header.columns));
  RECOUP_TRY(ReadMissingLeft(cursor, nodes));
  auto trees = FlatTrees::Make(header.columns, header.base, std::move(roots), std::move(nodes));
  if (!trees) return Error{ErrorCode::kDataLoss, trees.error().message};
  trees->set_gain_shares(std::move(shares));
  return trees;
}

}  // namespace recoup::model
