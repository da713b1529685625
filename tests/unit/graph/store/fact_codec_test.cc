#include "graph/store/fact_codec.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>

#include "tests/unit/graph/store/random_batches.h"

namespace recoup::graph {
namespace {

TEST_CASE("Batches come back from their bytes") {
  RandomBatches random(3, {});
  for (int i = 0; i < 50; ++i) {
    FactBatch batch = random.Next();
    batch.declarations = {
        {0, EdgeKind::kPays, "channel", AttributeType::kCategory, AttributeRole::kForbidden}};
    std::get<NodeFact>(batch.facts.emplace_back(NodeFact{})).attributes = {
        {"balance", Money(-12345, *Currency::Parse("JPY"))}, {"net", Money(1, Currency())}};
    const auto decoded = DecodeBatch(EncodeBatch(batch));
    REQUIRE(decoded.has_value());
    REQUIRE(*decoded == batch);
  }
}

TEST_CASE("A batch cut short anywhere is refused") {
  RandomBatches random(4, {});
  const std::string bytes = EncodeBatch(random.Next());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = DecodeBatch(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(decoded.has_value());
    REQUIRE(decoded.error().code == ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace recoup::graph
