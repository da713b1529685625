// A model's network in few bits may have been written by somebody else: whatever the bytes hold,
// reading them ends with a network or an error. A network is written again unchanged, and computes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/artifact/quantized_file.h"
#include "model/runtime/quantized_pass.h"

namespace {

// Loans with one number and one category: the corpus is for these.
const recoup::model::FeatureSchema& Schema() {
  static const recoup::model::FeatureSchema schema(
      {{recoup::graph::NodeKind::kLoan,
        {{"number", recoup::graph::AttributeType::kNumber, {0.0, 1.0}, ""}},
        {{"word", {"yes"}}}}},
      0.4);
  return schema;
}

// A loan that knows nobody.
recoup::model::EncodedNeighbourhood Loan(std::size_t context) {
  recoup::model::EncodedNeighbourhood loan;
  loan.Of(recoup::graph::NodeKind::kLoan) = {1, 1, {0.5F, 0.0F, 1.0F, -0.25F, 0.125F}, {2}};
  loan.context.assign(context, 0.5F);
  return loan;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto network = recoup::model::ReadQuantizedNetwork(bytes, Schema());
  if (!network) return 0;
  if (recoup::model::WriteQuantizedNetwork(*network) != bytes) std::abort();
  const recoup::model::PackedQuantizedNetwork packed(*network);
  recoup::model::QuantizedPass pass(packed);
  for (const float logit : pass.Run(Loan(network->context))) {
    if (!(logit > -3e38F && logit < 3e38F)) std::abort();
  }
  return 0;
}
