#include "model/runtime/kernels/peer_penalties.h"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"

namespace recoup::model {
namespace {

struct Drawn {
  std::size_t numeric = 0;
  std::size_t categories = 0;
  std::size_t heads = 0;
  std::vector<float> distance;              // [numeric][heads]
  std::vector<float> mismatch;              // [categories][heads]
  std::vector<std::vector<float>> numbers;  // the loan, then its peers; memory of its own each
  std::vector<std::vector<std::int32_t>> words;

  Drawn(std::size_t numeric_width, std::size_t category_count, std::size_t head_count,
        std::size_t peers)
      : numeric(numeric_width), categories(category_count), heads(head_count) {
    std::mt19937_64 random(numeric * 100 + categories);
    std::uniform_real_distribution<float> draw(0.0F, 2.0F);
    for (std::size_t i = 0; i < numeric * heads; ++i) distance.push_back(draw(random));
    for (std::size_t i = 0; i < categories * heads; ++i) mismatch.push_back(draw(random));
    for (std::size_t loan = 0; loan <= peers; ++loan) {
      numbers.emplace_back();
      words.emplace_back();
      for (std::size_t i = 0; i < numeric; ++i) numbers.back().push_back(draw(random) - 1.0F);
      for (std::size_t i = 0; i < categories; ++i) {
        words.back().push_back(static_cast<std::int32_t>(random() % 3));
      }
      // What lies beyond a row must not be looked at.
      numbers.back().insert(numbers.back().end(), 3, std::numeric_limits<float>::quiet_NaN());
      words.back().insert(words.back().end(), 3, static_cast<std::int32_t>(loan));
    }
  }

  LoanNumbers Loan(std::size_t loan) const { return {numbers[loan].data(), words[loan].data()}; }

  // One head of one peer, as the formula says.
  float Plain(std::size_t peer, std::size_t head, float sum) const {
    for (std::size_t i = 0; i < numeric; ++i) {
      const float cost = std::abs(numbers[0][i] - numbers[peer][i]) * distance[i * heads + head];
      sum += cost;
    }
    for (std::size_t i = 0; i < categories; ++i) {
      if (words[0][i] != words[peer][i]) sum += mismatch[i * heads + head];
    }
    return sum;
  }
};

void RequirePlain(const Drawn& drawn, std::size_t first_head) {
  const PenaltyMap map(drawn.distance, drawn.mismatch, drawn.heads, first_head);
  const std::size_t count = drawn.numbers.size() - 1;
  std::vector<LoanNumbers> peers;
  std::vector<float> penalties;
  for (std::size_t peer = 1; peer <= count; ++peer) {
    peers.push_back(drawn.Loan(peer));
    for (std::size_t h = 0; h < kPenaltyHeads; ++h) {
      penalties.push_back(0.125F * static_cast<float>(peer + h));
    }
  }
  AddPenalties(map, drawn.Loan(0), peers, penalties.data());
  for (std::size_t peer = 1; peer <= count; ++peer) {
    for (std::size_t h = 0; h < kPenaltyHeads; ++h) {
      const float start = 0.125F * static_cast<float>(peer + h);
      const bool is_head = first_head + h < drawn.heads;
      const float expected = is_head ? drawn.Plain(peer, first_head + h, start) : start;
      REQUIRE(std::bit_cast<std::uint32_t>(penalties[(peer - 1) * kPenaltyHeads + h]) ==
              std::bit_cast<std::uint32_t>(expected));
    }
  }
}

TEST_CASE("Penalties have the bytes of the plain loop, at any size, on every instruction set") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (const std::size_t numeric : {0, 1, 3, 4, 6, 24}) {
      for (const std::size_t categories : {0, 1, 2, 4, 8, 11}) {
        for (const std::size_t count : {0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 78}) {
          INFO(set << ": " << numeric << " numbers, " << categories << " categories, " << count);
          RequirePlain(Drawn(numeric, categories, 4, count), 0);
        }
      }
    }
  }
}

TEST_CASE("Heads beyond four are another map, and missing ones cost nothing") {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    for (const std::size_t heads : {1, 3, 5, 8, 10}) {
      const Drawn drawn(6, 3, heads, 19);
      for (std::size_t first = 0; first < heads; first += kPenaltyHeads) RequirePlain(drawn, first);
    }
  }
}

}  // namespace
}  // namespace recoup::model
