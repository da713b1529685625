// Any bytes as a CSV file: every record has the header's width, lines only rise, and reading ends.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "graph/ingest/csv_reader.h"
#include "graph/ingest/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace recoup::graph;  // NOLINT(google-build-using-namespace)
  const std::span bytes(reinterpret_cast<const char*>(data), size);
  auto opened = CsvReader::Open(ReadMemory(bytes), ',');
  if (!opened.has_value()) return 0;
  CsvReader& reader = **opened;
  std::uint64_t last_line = 0;
  while (reader.Next().value_or(false)) {
    RECOUP_CHECK(reader.line() > last_line);
    last_line = reader.line();
    RECOUP_CHECK(reader.values().size() == reader.columns().size());
    for (const std::string_view value : reader.values()) RECOUP_CHECK(IsUtf8(value));
  }
  const auto lines = static_cast<std::uint64_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; }));
  RECOUP_CHECK(last_line <= lines + 1);
  for (const BrokenLine& broken : reader.TakeBroken()) {
    RECOUP_CHECK(broken.line <= lines + 1);
    RECOUP_CHECK(IsUtf8(broken.text));
  }
  return 0;
}
