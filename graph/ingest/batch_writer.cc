#include "graph/ingest/batch_writer.h"

#include <algorithm>
#include <utility>

namespace recoup::graph {

BatchWriter::BatchWriter(std::string source, std::vector<AttributeDefinition> declarations,
                         std::size_t facts_per_batch, FactSink sink)
    : facts_per_batch_(std::max<std::size_t>(facts_per_batch, 1)), sink_(std::move(sink)) {
  batch_.source = std::move(source);
  batch_.declarations = std::move(declarations);
  batch_.facts.reserve(facts_per_batch_ + 64);
}

Result<void> BatchWriter::Add(std::vector<MappedFact>& facts) {
  for (MappedFact& mapped : facts) {
    if (mapped.once && !known_.IsNews(mapped.fact)) continue;
    batch_.facts.push_back(std::move(mapped.fact));
  }
  if (batch_.facts.size() < facts_per_batch_) return {};
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
  return {};
}

}  // namespace recoup::graph
