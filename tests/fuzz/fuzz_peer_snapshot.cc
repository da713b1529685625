// A snapshot of peers lies beside the store, where anybody may have put it, and its seal is no
// secret: whatever the bytes hold, reading them ends with a book or an error, and parts are written
// again unchanged.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "model/runtime/peer_book.h"
#include "model/runtime/peer_snapshot.h"

namespace {

// Loans with one number and one category, compared by the number: the corpus is for these.
const recoup::model::FeatureSchema& Schema() {
  using recoup::graph::AttributeType;
  static const recoup::model::FeatureSchema schema(
      {{recoup::graph::NodeKind::kLoan,
        {{"number", AttributeType::kNumber, {0.0, 1.0}, {}}},
        {{"word", {"a", "b"}}}}},
      0.4);
  return schema;
}

const recoup::model::Ensemble& Model() {
  static const recoup::model::Ensemble ensemble = [] {
    recoup::model::Ensemble made;
    made.relations = {"out.lender"};
    made.metric = {{0}, {1.0F}};
    return made;
  }();
  return ensemble;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  auto parts = recoup::model::ParsePeerSnapshot(body, Model(), Schema());
  if (!parts.has_value()) return 0;
  const std::string again = recoup::model::WritePeerSnapshot(*parts, "m1");
  const auto read = recoup::model::ReadPeerSnapshot(again, "m1", Model(), Schema());
  if (!read.has_value() || recoup::model::WritePeerSnapshot(*read, "m1") != again) std::abort();
  const recoup::model::PeerBook book(std::move(parts).value(), {}, Model(), Schema());
  return book.loans().size() == read->book.size() ? 0 : 1;
}
