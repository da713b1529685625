// Packs facts into batches that are the same every time the same tape is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graph/ingest/known_facts.h"
#include "graph/ingest/row_mapper.h"
#include "graph/schema/fact.h"
#include "graph/types/result.h"

namespace recoup::graph {

using FactSink = std::function<Result<void>(const FactBatch&)>;

/// When a batch is full. Part of what a tape's batches are; see TapeIdentity.
struct BatchLimits {
  std::size_t facts = 20000;  // at least; a row's facts stay together
  /// Unit: bytes, as fact_size.h counts them. Only a row that is larger by itself exceeds it.
  std::size_t bytes = std::size_t{64} << 20;
};

/// Threads: use from one thread.
class BatchWriter {
 public:
  BatchWriter(std::string source, std::vector<AttributeDefinition> declarations, BatchLimits limits,
              FactSink sink);

  /// Adds a row's facts, which never part, and hands a full batch to the sink.
  /// Errors: those of the sink.
  Result<void> Add(std::vector<MappedFact>& facts);

  /// Hands over what is left. Errors: those of the sink.
  Result<void> Finish();

  std::uint64_t batches() const { return batch_.source_offset; }
  /// Facts handed to the sink.
  std::uint64_t facts() const { return facts_; }

 private:
  Result<void> Flush();

  FactBatch batch_;
  BatchLimits limits_;
  FactSink sink_;
  KnownFacts known_;
  std::vector<Fact> row_;
  std::size_t header_bytes_ = 0;
  std::size_t bytes_ = 0;  // of the batch so far
  std::uint64_t facts_ = 0;
};

}  // namespace recoup::graph
