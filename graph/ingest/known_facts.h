// Remembers which facts a tape has stated already, so that a bank on 6,000 rows is stated once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "graph/schema/fact.h"

namespace recoup::graph {

/// Memory: 24 bytes and an entry's overhead for each different fact asked about.
/// Threads: use from one thread.
class KnownFacts {
 public:
  /// Whether this fact says anything new: false if the same statement (all but its dates) was
  /// passed before with an equal or earlier known_at.
  bool IsNews(const Fact& fact);

 private:
  struct Digest {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Digest&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Digest& digest) const noexcept { return digest.low; }
  };

  static Digest DigestOf(const Fact& fact);

  std::unordered_map<Digest, Date, Hash> earliest_;
};

}  // namespace recoup::graph
