#include "model/runtime/peer_snapshot.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <string>

#include "model/runtime/peer_book.h"
#include "tests/unit/model/learning/served_world.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::ServedWorld;

PeerBookParts PartsOf(const ServedWorld& served) {
  auto book = ReadLoanBook(*served.store);
  REQUIRE(book.has_value());
  return MakePeerBookParts(std::move(book).value(), *served.artifact.ensemble,
                           served.artifact.schema);
}

Result<PeerBookParts> ReadBack(const ServedWorld& served, std::string_view bytes,
                               std::string_view checksum = "m1") {
  return ReadPeerSnapshot(bytes, checksum, *served.artifact.ensemble, served.artifact.schema);
}

TEST_CASE("A snapshot gives back all parts of a book") {
  ServedWorld served(1);
  served.artifact.ensemble->calibration.scores = {{Date(3), 0.5F, 0.25F}, {Date(9), 0.25F, -0.5F}};
  const PeerBookParts parts = PartsOf(served);
  const auto read = ReadBack(served, WritePeerSnapshot(parts, "m1"));
  REQUIRE(read.has_value());
  CHECK(read->book.examples == parts.book.examples);
  CHECK(read->book.records == parts.book.records);
  CHECK(BitsOf(read->book.expected) == BitsOf(parts.book.expected));
  CHECK(read->book.is_gone == parts.book.is_gone);
  CHECK(read->book.member_ends == parts.book.member_ends);
  CHECK(read->book.members == parts.book.members);
  CHECK(read->book.catalog.relations() == parts.book.catalog.relations());
  CHECK(read->book.catalog.groups() == parts.book.catalog.groups());
  CHECK(BitsOf(read->expected) == BitsOf(parts.expected));
  CHECK(BitsOf(read->metric_rows) == BitsOf(parts.metric_rows));
  CHECK(read->rows.numeric_width == parts.rows.numeric_width);
  CHECK(read->rows.category_sizes == parts.rows.category_sizes);
  CHECK(BitsOf(read->rows.numeric) == BitsOf(parts.rows.numeric));
  CHECK(read->rows.categories == parts.rows.categories);
  CHECK(read->scores == parts.scores);
  CHECK(read->not_in_ledger == parts.not_in_ledger);
  REQUIRE(parts.book.size() > 500);
  REQUIRE(!parts.scores.empty());
  REQUIRE(parts.not_in_ledger > 0);
}

TEST_CASE("A snapshot is of one model") {
  const ServedWorld served(1);
  const std::string bytes = WritePeerSnapshot(PartsOf(served), "m1");
  CHECK(ReadBack(served, bytes).has_value());
  const auto other = ReadBack(served, bytes, "m2");
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().code == ErrorCode::kDataLoss);
}

// Flips one to eight bits, cuts off the end or adds to it.
std::string Damaged(const std::string& bytes, std::mt19937& random) {
  std::string damaged = bytes;
  switch (random() % 4) {
    case 0:
      damaged.resize(random() % bytes.size());
      break;
    case 1:
      damaged.append(1 + random() % 16, static_cast<char>(random()));
      break;
    default:
      for (auto flips = 1 + random() % 8; flips > 0; --flips) {
        char& byte = damaged[random() % damaged.size()];
        byte = static_cast<char>(byte ^ (1 << random() % 8));
      }
  }
  return damaged;
}

TEST_CASE("Of 10,000 damaged snapshots each is refused, or it is as it was") {
  const ServedWorld served(1);
  const std::string bytes = WritePeerSnapshot(PartsOf(served), "m1");
  std::mt19937 random(7);
  std::size_t refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string damaged = Damaged(bytes, random);
    const auto read = ReadBack(served, damaged);
    refused += read.has_value() ? 0 : 1;
    // Flips can undo each other.
    if (read.has_value()) REQUIRE(WritePeerSnapshot(*read, "m1") == bytes);
  }
  CHECK(refused > 9'900);
}

// The seal is not what keeps memory safe: bodies of anybody's making are read within bounds.
TEST_CASE("A damaged body without its seal is refused, or makes a book that can be asked") {
  const ServedWorld served(1);
  const std::string body = WritePeerSnapshot(PartsOf(served), "m1").substr(8);
  const auto view = served.store->ViewAsOf(ServedWorld::Today());
  const graph::NodeId loan = view->Find(served.world.loans.back().key).value();
  const EncodedNeighbourhood question = served.Encoded(*view, loan);
  std::mt19937 random(8);
  std::size_t read = 0;
  for (int i = 0; i < 600; ++i) {
    auto parts =
        ParsePeerSnapshot(Damaged(body, random), *served.artifact.ensemble, served.artifact.schema);
    if (!parts.has_value()) continue;
    ++read;
    const PeerBook book(std::move(parts).value(), view->Attributes(), *served.artifact.ensemble,
                        served.artifact.schema);
    EncodedNeighbourhood asked = question;
    REQUIRE(book.Attach(*view, loan, &asked).has_value());
  }
  CHECK(read > 10);  // numbers were flipped, or the test shows nothing
}

// The bytes of a small book, so that nobody changes the format without raising its number.
TEST_CASE("Format 1 of a snapshot is these bytes") {
  PeerBookParts parts;
  parts.book.examples = {{graph::NodeId(1, 5), Date(1), Date(2), 0.5}};
  parts.book.records.resize(1);
  parts.book.records[0].key = {graph::NodeKind::kLoan, "L5"};
  parts.book.records[0].first_known_at = Date(-1);
  parts.book.expected = {0.25F};
  parts.book.is_gone = {1};
  parts.book.members = parts.book.catalog.Intern(
      {{"out.lender", graph::NodeId(2, 7), {}, true}, {"group.g", {}, "w", true}});
  parts.book.member_ends = {0, 2};
  parts.expected = {0.25F};
  parts.metric_rows = {1.0F, 2.0F};
  parts.rows.numeric = {3.0F};
  parts.rows.categories = {9};
  parts.scores = {{Date(3), 0.5F, 0.125F}};
  parts.not_in_ledger = 4;
  const std::string bytes = WritePeerSnapshot(parts, "m1");
  std::string hex;
  for (const char byte : bytes.substr(8)) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  CHECK(hex ==
        "010500000000000001"  // loans
        "0101000000"
        "0102000000"          // valued, outcome known
        "01000000000000e03f"  // recovery rate
        "024c35"
        "01ffffffff"  // id, first known
        "010000803e"
        "0101"                      // the ledger's expectation, gone
        "020a6f75742e6c656e646572"  // two relations
        "0767726f75702e67"
        "02"  // and two groups:
        "010700000000000002"
        "0100000000"  // one entity
        "010967726f75702e671f77"
        "01"                  // one word
        "020000000002000000"  // where members end
        "020000000001000000"
        "020000000001000000"
        "020101"
        "010000803e"          // expected
        "020000803f00000040"  // metric
        "0100004040"
        "0109000000"  // rows
        "0103000000"
        "010000003f"
        "010000003e"
        "04");
}

}  // namespace
}  // namespace recoup::model
