#include "graph/store/record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "graph/store/byte_codec.h"

namespace recoup::graph {
namespace {

constexpr std::size_t kChecksumBytes = 8;

std::uint64_t Checksum(std::string_view key, std::string_view body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), XXH3_64bits(key.data(), key.size()));
}

}  // namespace

std::string Seal(std::string_view key, std::string_view body) {
  std::string record;
  record.reserve(kChecksumBytes + body.size());
  ByteWriter writer(&record);
  writer.BigEndian(Checksum(key, body), kChecksumBytes);
  writer.Raw(body);
  return record;
}

Result<std::string_view> Unseal(std::string_view key, std::string_view record) {
  ByteReader reader(record);
  const std::uint64_t checksum = reader.BigEndian(kChecksumBytes);
  if (!reader.ok() || checksum != Checksum(key, reader.rest())) {
    return Error{ErrorCode::kDataLoss,
                 "a record of the store fails its checksum; restore the store from a backup"};
  }
  return reader.rest();
}

}  // namespace recoup::graph
