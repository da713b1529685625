#include "graph/ingest/batch_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graph/ingest/fact_size.h"

namespace recoup::graph {

BatchWriter::BatchWriter(std::string source, std::vector<AttributeDefinition> declarations,
                         BatchLimits limits, FactSink sink)
    : limits_(limits), sink_(std::move(sink)) {
  limits_.facts = std::max<std::size_t>(limits_.facts, 1);
  batch_.source = std::move(source);
  batch_.declarations = std::move(declarations);
  batch_.facts.reserve(limits_.facts + 64);
  header_bytes_ = EstimateHeaderBytes(batch_);
  bytes_ = header_bytes_;
}

Result<void> BatchWriter::Add(std::vector<MappedFact>& facts) {
  row_.clear();
  std::size_t row_bytes = 0;
  for (MappedFact& mapped : facts) {
    if (mapped.once && !known_.IsNews(mapped.fact)) continue;
    row_bytes += EstimateBytes(mapped.fact);
    row_.push_back(std::move(mapped.fact));
  }
  const bool fits = bytes_ + row_bytes <= limits_.bytes;
  if (!fits && !batch_.facts.empty()) RECOUP_TRY(Flush());
  batch_.facts.insert(batch_.facts.end(), std::make_move_iterator(row_.begin()),
                      std::make_move_iterator(row_.end()));
  bytes_ += row_bytes;
  if (batch_.facts.size() < limits_.facts) return {};
  return Flush();
}

Result<void> BatchWriter::Finish() {
  if (batch_.facts.empty()) return {};
  return Flush();
}

Result<void> BatchWriter::Flush() {
  const Result<void> taken = sink_(batch_);
  if (!taken.has_value()) {
    return Annotate(taken.error(), "batch " + std::to_string(batch_.source_offset));
  }
  facts_ += batch_.facts.size();
  ++batch_.source_offset;
  batch_.facts.clear();
  bytes_ = header_bytes_;
  return {};
}

}  // namespace recoup::graph
