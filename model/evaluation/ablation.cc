#include "model/evaluation/ablation.h"

#include <cstddef>
#include <map>
#include <utility>

#include "graph/schema/node_kind.h"
#include "graph/types/result.h"
#include "model/evaluation/counter_random.h"

namespace recoup::model {

EncodedNeighbourhood WithoutSurroundings(const EncodedNeighbourhood& input) {
  const KindRows& loans = input.Of(graph::NodeKind::kLoan);
  RECOUP_CHECK(input.seeds == 1 && loans.rows >= 1);
  EncodedNeighbourhood alone;
  KindRows& own = alone.Of(graph::NodeKind::kLoan);
  own.rows = 1;
  own.inner_rows = 1;
  const auto numbers = static_cast<std::ptrdiff_t>(loans.numeric.size() / loans.rows);
  const auto words = static_cast<std::ptrdiff_t>(loans.categories.size() / loans.rows);
  own.numeric.assign(loans.numeric.begin(), loans.numeric.begin() + numbers);
  own.categories.assign(loans.categories.begin(), loans.categories.begin() + words);
  return alone;
}

std::vector<std::uint32_t> ShuffledSurroundings(std::span<const Example> examples,
                                                std::uint64_t seed) {
  std::map<int, std::vector<std::uint32_t>> years;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    years[examples[i].outcome_known_at.year()].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<std::uint32_t> surroundings(examples.size());
  for (const auto& [year, members] : years) {
    std::vector<std::uint32_t> shuffled = members;
    for (std::size_t i = shuffled.size(); i > 1; --i) {  // Fisher and Yates
      const std::uint64_t bits = CounterRandom(seed, static_cast<std::uint64_t>(year), i);
      std::swap(shuffled[i - 1], shuffled[Below(bits, i)]);
    }
    for (std::size_t i = 0; i < members.size(); ++i) surroundings[members[i]] = shuffled[i];
  }
  return surroundings;
}

LoanBook WithShuffledEdges(const LoanBook& book, std::uint64_t seed) {
  const std::vector<std::uint32_t> donors = ShuffledSurroundings(book.examples, seed);
  LoanBook shuffled = book;
  shuffled.members.clear();
  shuffled.member_ends.assign(1, 0);
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const auto members = book.MembersOf(donors[loan]);
    shuffled.members.insert(shuffled.members.end(), members.begin(), members.end());
    shuffled.member_ends.push_back(static_cast<std::uint32_t>(shuffled.members.size()));
  }
  return shuffled;
}

}  // namespace recoup::model
