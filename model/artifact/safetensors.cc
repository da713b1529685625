#include "model/artifact/safetensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <tuple>

#include "model/artifact/strict_json.h"

namespace recoup::model {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");
static_assert(std::numeric_limits<float>::is_iec559 && sizeof(float) == 4, "F32 is IEEE 754");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kMaxRank = 8;
constexpr std::string_view kMetadata = "__metadata__";

Error Damaged(const std::string& what) { return {ErrorCode::kDataLoss, "safetensors: " + what}; }

// One tensor of the header, checked in itself.
struct Entry {
  std::string name;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Written by hand because the order of the members is part of our bytes.
std::string HeaderText(const TensorMap& tensors) {
  std::string header = "{";
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    if (header.size() > 1) header += ',';
    header += json(name).dump() + R"(:{"dtype":"F32","shape":)" + json(tensor.shape).dump();
    const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
    header += R"(,"data_offsets":)" + json({offset, end}).dump() + '}';
    offset = end;
  }
  header += '}';
  while ((kLengthBytes + header.size()) % kAlignment != 0) header += ' ';
  return header;
}

// Returns the number of bytes that this shape needs, if that is sane.
std::optional<std::uint64_t> BytesOf(const std::vector<std::int64_t>& shape, std::uint64_t limit) {
  std::uint64_t bytes = sizeof(float);
  for (const std::int64_t size : shape) {
    const auto factor = static_cast<std::uint64_t>(size);
    if (factor != 0 && bytes > limit / factor) return std::nullopt;
    bytes *= factor;
  }
  return bytes;
}

Result<std::vector<std::int64_t>> ReadShape(const std::string& name, const json& value) {
  if (!value.is_array() || value.size() > kMaxRank) return Damaged("shape is no list: " + name);
  std::vector<std::int64_t> shape;
  for (const json& size : value) {
    if (!size.is_number_unsigned()) return Damaged("shape holds no whole number: " + name);
    const auto number = size.get<std::uint64_t>();
    if (number > std::numeric_limits<std::uint32_t>::max()) {
      return Damaged("shape is too large: " + name);
    }
    shape.push_back(static_cast<std::int64_t>(number));
  }
  return shape;
}

Result<Entry> ReadEntry(const std::string& name, const json& value, std::uint64_t data_bytes) {
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
      !value.contains("shape") || !value.contains("data_offsets")) {
    return Damaged("entry needs dtype, shape and data_offsets, nothing else: " + name);
  }
  if (value["dtype"] != "F32") return Damaged("dtype must be F32: " + name);
  RECOUP_ASSIGN(auto shape, ReadShape(name, value["shape"]));
  const json& offsets = value["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return Damaged("data_offsets must be two whole numbers: " + name);
  }
  Entry entry{name, std::move(shape), offsets[0].get<std::uint64_t>(),
              offsets[1].get<std::uint64_t>()};
  if (entry.begin > entry.end || entry.end > data_bytes) {
    return Damaged("data_offsets lie outside of the file: " + name);
  }
  const auto bytes = BytesOf(entry.shape, data_bytes);
  if (!bytes || *bytes != entry.end - entry.begin) {
    return Damaged("shape and data_offsets disagree: " + name);
  }
  return entry;
}

bool IsMetadata(const json& value) {
  return value.is_object() &&
         std::all_of(value.begin(), value.end(), [](const json& text) { return text.is_string(); });
}

Result<std::vector<Entry>> ReadHeader(std::string_view text, std::uint64_t data_bytes) {
  const auto header = ParseStrictJson(text);
  if (!header || !header->is_object() || !text.starts_with('{')) {
    return Damaged("header is not a JSON object, or names a tensor twice");
  }
  std::vector<Entry> entries;
  for (const auto& [name, value] : header->items()) {
    if (name == kMetadata) {
      if (!IsMetadata(value)) return Damaged("metadata must map text to text");
      continue;
    }
    RECOUP_ASSIGN(auto entry, ReadEntry(name, value, data_bytes));
    entries.push_back(std::move(entry));
  }
  return entries;
}

// The tensors must cover the data exactly: a hole could hide something, an overlap is an error.
Result<void> CheckCover(std::vector<Entry>& entries, std::uint64_t data_bytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::uint64_t offset = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != offset) return Damaged("hole or overlap before tensor: " + entry.name);
    offset = entry.end;
  }
  if (offset != data_bytes) {
    return Damaged("bytes after the last tensor: " + std::to_string(data_bytes - offset));
  }
  return {};
}

}  // namespace

std::string WriteSafetensors(const TensorMap& tensors) {
  const std::string header = HeaderText(tensors);
  const std::uint64_t length = header.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes += header;
  for (const auto& [name, tensor] : tensors) {
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()),
                 tensor.values.size() * sizeof(float));
  }
  return bytes;
}

Result<TensorMap> ReadSafetensors(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) return Damaged("shorter than its length field");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHeaderBytes || length > bytes.size() - kLengthBytes) {
    return Damaged("header is longer than the file or the format's limit: " +
                   std::to_string(length));
  }
  const std::string_view data = bytes.substr(kLengthBytes + length);
  RECOUP_ASSIGN(auto entries, ReadHeader(bytes.substr(kLengthBytes, length), data.size()));
  RECOUP_TRY(CheckCover(entries, data.size()));
  TensorMap tensors;
  for (Entry& entry : entries) {
    Tensor tensor{std::move(entry.shape), {}};
    tensor.values.resize((entry.end - entry.begin) / sizeof(float));
    if (!tensor.values.empty()) {
      std::memcpy(tensor.values.data(), data.data() + entry.begin, entry.end - entry.begin);
    }
    for (const float value : tensor.values) {
      if (!std::isfinite(value)) return Damaged("number is not finite in tensor: " + entry.name);
    }
    tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  return tensors;
}

}  // namespace recoup::model
