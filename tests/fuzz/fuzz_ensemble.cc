// A model's ensemble may have been written by somebody else: whatever the bytes hold, reading them
// ends with an ensemble or an error, and an ensemble is written again unchanged.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/artifact/ensemble_file.h"

namespace {

// Loans with one own column: the corpus is for these.
const recoup::model::FeatureSchema& Schema() {
  static const recoup::model::FeatureSchema schema(
      {{recoup::graph::NodeKind::kLoan,
        {{"number", recoup::graph::AttributeType::kNumber, {0.0, 1.0}, ""}},
        {}}},
      0.4);
  return schema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto ensemble = recoup::model::ReadEnsemble(bytes, Schema());
  if (ensemble && recoup::model::WriteEnsemble(*ensemble) != bytes) std::abort();
  return 0;
}
