// The bytes of a file, plain or gzip, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "graph/types/result.h"

namespace recoup::graph {

/// Threads: use from one thread. Lifetime: independent.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills the front of `buffer` and returns how many bytes; 0 at the end only.
  /// Errors: kDataLoss (damaged or cut-off compression), kUnavailable (the file cannot be read).
  virtual Result<std::size_t> Read(std::span<char> buffer) = 0;

  /// Returns how far the reader is in the file as it lies on disk.
  /// Unit: bytes.
  virtual std::uint64_t position() const = 0;
};

/// Opens a file; gzip is recognised by its content.
/// Errors: kNotFound.
Result<std::unique_ptr<ByteSource>> OpenFile(const std::filesystem::path& path);

/// Reads from memory. Lifetime: `bytes` must outlive the source.
std::unique_ptr<ByteSource> ReadMemory(std::span<const char> bytes);

}  // namespace recoup::graph
