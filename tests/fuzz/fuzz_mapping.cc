// Any bytes as a mapping file: it is read, or refused with a message that names file and line.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graph/ingest/mapping.h"
#include "graph/ingest/table_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using recoup::graph::ParseMapping;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mapping = ParseMapping(text, "mapping.toml");
  if (!mapping.has_value()) {
    RECOUP_CHECK(mapping.error().code == recoup::ErrorCode::kInvalidArgument);
    RECOUP_CHECK(mapping.error().message.starts_with("mapping.toml:"));
    return 0;
  }
  RECOUP_CHECK(!mapping->tables.empty());
  for (const auto& table : mapping->tables) {
    const auto plan = recoup::graph::PlanTable(*mapping, table, {"id", "balance", "day"});
    RECOUP_CHECK(plan.has_value() || plan.error().message.starts_with("mapping.toml:"));
  }
  return 0;
}
