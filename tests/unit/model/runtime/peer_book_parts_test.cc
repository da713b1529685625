#include "model/runtime/peer_book_parts.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "model/peers/nearest_loans.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::ServedWorld;

TEST_CASE("Parts keep the keys of loans and what is made of their attributes") {
  const ServedWorld served(1);
  const Ensemble& ensemble = *served.artifact.ensemble;
  const LoanBook book = ReadLoanBook(*served.store).value();
  const PeerBookParts parts = MakePeerBookParts(book, ensemble, served.artifact.schema);
  REQUIRE(parts.book.records.size() == book.size());
  for (std::size_t i = 0; i < book.size(); ++i) {
    REQUIRE(parts.book.records[i].key == book.records[i].key);
    REQUIRE(parts.book.records[i].attributes.empty());
  }
  CHECK(parts.book.forecasts.empty());
  CHECK(parts.book.members == book.members);
  std::vector<std::uint32_t> all(book.size());
  std::iota(all.begin(), all.end(), 0U);
  const EncodedLoans encoded = EncodeLoans(book, served.artifact.schema, all);
  CHECK(BitsOf(parts.metric_rows) == BitsOf(MetricRows(ensemble.metric, encoded.table)));
  CHECK(BitsOf(parts.rows.numeric) == BitsOf(encoded.numeric));
  CHECK(parts.rows.categories == encoded.categories);
  CHECK(BitsOf(parts.book.expected) == BitsOf(book.expected));
  CHECK(parts.scores.size() >= ensemble.calibration.scores.size());
}

TEST_CASE("Relations are numbered as the catalog has them, and unknown ones are none") {
  GroupCatalog catalog;
  catalog.Intern(
      {{"lender", graph::NodeId(2, 1), {}, true}, {"court", graph::NodeId(3, 1), {}, true}});
  CHECK(NumbersOf(catalog, {"court", "servicer", "lender"}) ==
        std::vector<std::uint32_t>{1, GroupCatalog::kNone, 0});
}

}  // namespace
}  // namespace recoup::model
