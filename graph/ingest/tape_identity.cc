#include "graph/ingest/tape_identity.h"

#include <xxhash.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>

namespace recoup::graph {
namespace {

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using State = std::unique_ptr<XXH3_state_t, FreeState>;

void Add(XXH3_state_t* state, std::string_view bytes) {
  XXH3_128bits_update(state, bytes.data(), bytes.size());
}

// Precedes what has a length of its own, so that moving a byte between two files shows.
void AddLength(XXH3_state_t* state, std::uint64_t length) {
  Add(state, std::to_string(length) + ";");
}

Result<void> AddFile(XXH3_state_t* state, const std::filesystem::path& path) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error) {
    Add(state, "absent;");
    return {};
  }
  AddLength(state, size);
  std::ifstream file(path, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 18);
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    Add(state, {buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (file.eof()) return {};
  return Error{ErrorCode::kUnavailable, "the file cannot be read: " + path.string()};
}

}  // namespace

Result<std::string> TapeDigest(const TapeIdentity& tape) {
  const State state(XXH3_createState());
  XXH3_128bits_reset(state.get());
  AddLength(state.get(), tape.facts_per_batch);
  AddLength(state.get(), tape.bytes_per_batch);
  AddLength(state.get(), tape.mapping_text.size());
  Add(state.get(), tape.mapping_text);
  for (const std::filesystem::path& file : tape.files) RECOUP_TRY(AddFile(state.get(), file));
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  std::array<char, 33> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx%016llx",
                static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::string(digits.data());
}

}  // namespace recoup::graph
