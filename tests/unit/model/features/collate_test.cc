#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <tuple>
#include <vector>

#include "model/features/encoded_neighbourhood.h"
#include "model/features/encoder.h"
#include "tests/unit/graph/sampling/graph_builder.h"
#include "tests/unit/graph/sampling/random_facts.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

std::vector<EncodedNeighbourhood> EncodeAll(std::uint64_t seed) {
  graph::RandomFacts random(seed);
  graph::GraphBuilder graph;
  for (int i = 0; i < 800; ++i) graph.Add(random.Draw(100, 900));
  graph.Apply();
  const auto view = graph.View(800);
  KindFeatures loan{NodeKind::kLoan,
                    {{"score", graph::AttributeType::kNumber, {0.0, 50.0, 150.0}, ""}},
                    {{"colour", {"amber", "blue"}}}};
  const Encoder encoder(FeatureSchema({loan}, 0.5), view->Attributes());
  std::vector<EncodedNeighbourhood> encoded;
  const auto loans = view->Nodes(NodeKind::kLoan).value();
  for (const graph::NodeId id : loans) {
    encoded.push_back(
        encoder.Encode(*view, graph::SampleNeighbourhood(*view, id, {4, 3}).value()).value());
  }
  return encoded;
}

std::vector<const EncodedNeighbourhood*> Pointers(const std::vector<EncodedNeighbourhood>& parts) {
  std::vector<const EncodedNeighbourhood*> pointers;
  for (const EncodedNeighbourhood& part : parts) pointers.push_back(&part);
  return pointers;
}

std::vector<float> RowOf(const KindRows& rows, std::uint32_t row) {
  std::vector<float> found;
  const std::size_t width = rows.numeric.size() / rows.rows;
  const std::size_t words = rows.categories.size() / rows.rows;
  for (std::size_t i = 0; i < width; ++i) found.push_back(rows.numeric[row * width + i]);
  for (std::size_t i = 0; i < words; ++i) {
    found.push_back(static_cast<float>(rows.categories[row * words + i]));
  }
  return found;
}

using Message = std::tuple<int, graph::Relation, std::vector<float>, std::vector<float>, float>;

// Every edge with the contents of its ends in place of their numbers.
std::vector<Message> Messages(const EncodedNeighbourhood& encoded) {
  std::vector<Message> messages;
  for (const RelationRows& rows : encoded.relations) {
    for (std::size_t i = 0; i < rows.parents.size(); ++i) {
      messages.emplace_back(rows.hop, rows.relation,
                            RowOf(encoded.Of(rows.parent_kind), rows.parents[i]),
                            RowOf(encoded.Of(rows.child_kind), rows.children[i]), rows.weights[i]);
    }
  }
  std::sort(messages.begin(), messages.end());
  return messages;
}

TEST_CASE("A batch holds the messages of its parts, end for end") {
  const std::vector<EncodedNeighbourhood> parts = EncodeAll(3);
  REQUIRE(parts.size() > 10);
  std::vector<Message> expected;
  for (const EncodedNeighbourhood& part : parts) {
    const std::vector<Message> messages = Messages(part);
    expected.insert(expected.end(), messages.begin(), messages.end());
  }
  std::sort(expected.begin(), expected.end());
  CHECK(Messages(Collate(Pointers(parts))) == expected);
}

TEST_CASE("The contexts of a batch follow each other") {
  EncodedNeighbourhood a;
  EncodedNeighbourhood b;
  a.context = {1.0F, 2.0F};
  b.context = {3.0F, 4.0F};
  const EncodedNeighbourhood* parts[] = {&a, &b};
  CHECK(Collate(parts).context == std::vector<float>{1.0F, 2.0F, 3.0F, 4.0F});
}

TEST_CASE("The valued loans of a batch come first and in order") {
  const std::vector<EncodedNeighbourhood> parts = EncodeAll(4);
  const EncodedNeighbourhood batch = Collate(Pointers(parts));
  REQUIRE(batch.seeds == parts.size());
  CHECK(batch.Of(NodeKind::kLoan).inner_rows == batch.seeds);
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    CHECK(RowOf(batch.Of(NodeKind::kLoan), i) == RowOf(parts[i].Of(NodeKind::kLoan), 0));
  }
}

TEST_CASE("A batch keeps the promised orders") {
  const std::vector<EncodedNeighbourhood> parts = EncodeAll(5);
  const EncodedNeighbourhood batch = Collate(Pointers(parts));
  CHECK(std::is_sorted(batch.relations.begin(), batch.relations.end(), [](auto& a, auto& b) {
    return std::tie(a.hop, a.relation, a.parent_kind, a.child_kind) <
           std::tie(b.hop, b.relation, b.parent_kind, b.child_kind);
  }));
  for (const RelationRows& rows : batch.relations) {
    CHECK(std::is_sorted(rows.parents.begin(), rows.parents.end()));
    CHECK(rows.parents.back() < batch.Of(rows.parent_kind).inner_rows);
    if (rows.hop == 1) CHECK(rows.parents.back() < batch.seeds);
    if (rows.hop == 1) {
      for (const std::uint32_t child : rows.children) {
        REQUIRE(child < batch.Of(rows.child_kind).inner_rows);
      }
    }
  }
}

TEST_CASE("A batch of batches is the batch of all, and one of one is itself") {
  const std::vector<EncodedNeighbourhood> parts = EncodeAll(6);
  const std::vector<const EncodedNeighbourhood*> one = {&parts[2]};
  CHECK(Collate(one) == parts[2]);
  const std::vector<EncodedNeighbourhood> front(parts.begin(), parts.begin() + 4);
  const std::vector<EncodedNeighbourhood> back(parts.begin() + 4, parts.end());
  const EncodedNeighbourhood first = Collate(Pointers(front));
  const EncodedNeighbourhood second = Collate(Pointers(back));
  const std::vector<const EncodedNeighbourhood*> both = {&first, &second};
  CHECK(Collate(both) == Collate(Pointers(parts)));
}

TEST_CASE("A batch of nothing is empty") {
  const EncodedNeighbourhood batch = Collate({});
  CHECK(batch.seeds == 0);
  CHECK(batch.relations.empty());
  CHECK(batch.Of(NodeKind::kLoan).rows == 0);
}

}  // namespace
}  // namespace recoup::model
