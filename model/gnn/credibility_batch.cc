#include "model/gnn/credibility_batch.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace recoup::model {
namespace {

using Picks = std::span<const std::uint32_t>;

torch::Tensor Copy(const std::vector<std::int32_t>& values) {
  return torch::tensor(values, torch::kInt32);
}

// A slot that is heard: whose it is, and where it lies.
struct Heard {
  std::size_t loan = 0;  // row of LoanRows
  std::size_t slot = 0;  // position in PeerSlots
};

// Returns the heard slots of one relation by loan; `drawn` counts random numbers across relations.
std::vector<Heard> Listen(const CredibilityInputs& inputs, Picks picks, std::size_t relation,
                          const PeerDropout& dropout, std::uint64_t& drawn,
                          std::vector<std::int32_t>* offsets) {
  const PeerSlots& slots = inputs.slots;
  std::vector<Heard> heard;
  heard.reserve(picks.size() * slots.slots);
  offsets->assign(1, 0);
  for (const std::uint32_t pick : picks) {
    const std::size_t begin = (pick * slots.relations + relation) * slots.slots;
    for (std::size_t slot = begin; slot < begin + slots.slots; ++slot) {
      if (slots.peers[slot] < 0) continue;
      if (dropout.rate > 0.0 && dropout.random.Uniform(drawn++) < dropout.rate) continue;
      heard.push_back({inputs.loans[pick], slot});
    }
    offsets->push_back(static_cast<std::int32_t>(heard.size()));
  }
  return heard;
}

void WriteDifferences(const LoanRows& rows, std::size_t loan, std::size_t peer, float* out) {
  const std::size_t width = rows.numeric_width;
  const float* x = rows.numeric.data() + loan * width;
  const float* y = rows.numeric.data() + peer * width;
  for (std::size_t d = 0; d < width; ++d) out[d] = std::abs(x[d] - y[d]);
  const std::size_t categories = rows.category_sizes.size();
  const std::int32_t* a = rows.categories.data() + loan * categories;
  const std::int32_t* b = rows.categories.data() + peer * categories;
  for (std::size_t c = 0; c < categories; ++c) out[width + c] = a[c] == b[c] ? 0.0F : 1.0F;
}

CredibilityBatch::Relation Gather(const LoanRows& rows, const PeerSlots& slots,
                                  const std::vector<Heard>& heard,
                                  const std::vector<std::int32_t>& offsets) {
  const std::size_t width = 1 + rows.numeric_width + rows.category_sizes.size();
  const auto count = static_cast<std::int64_t>(heard.size());
  CredibilityBatch::Relation relation{torch::empty({count, static_cast<std::int64_t>(width)}),
                                      torch::empty({count, 1}), Copy(offsets)};
  float* difference = relation.differences.data_ptr<float>();
  float* residual = relation.residuals.data_ptr<float>();
  for (const auto& [loan, slot] : heard) {
    *difference = slots.years[slot];
    WriteDifferences(rows, loan, static_cast<std::size_t>(slots.peers[slot]), difference + 1);
    difference += width;
    *residual++ = slots.residuals[slot];
  }
  return relation;
}

// Copies rows of `width` numbers each.
torch::Tensor PickRows(const std::vector<float>& from, std::size_t width,
                       const std::vector<std::uint32_t>& picks) {
  torch::Tensor rows =
      torch::empty({static_cast<std::int64_t>(picks.size()), static_cast<std::int64_t>(width)});
  float* out = rows.data_ptr<float>();
  for (const std::uint32_t pick : picks) out = std::copy_n(from.data() + pick * width, width, out);
  return rows;
}

void AddOwnRows(const LoanRows& rows, const CredibilityInputs& inputs, Picks picks,
                CredibilityBatch* batch) {
  std::vector<std::uint32_t> loans;
  for (const std::uint32_t pick : picks) loans.push_back(inputs.loans[pick]);
  batch->numeric = PickRows(rows.numeric, rows.numeric_width, loans);
  batch->context = PickRows(inputs.context, inputs.context_width, {picks.begin(), picks.end()});
  const std::size_t categories = rows.category_sizes.size();
  for (std::size_t c = 0; c < categories; ++c) {
    std::vector<std::int64_t> words;
    for (const std::uint32_t loan : loans) words.push_back(rows.categories[loan * categories + c]);
    batch->categories.push_back(torch::tensor(words, torch::kInt64));
  }
}

}  // namespace

CredibilityBatch MakeCredibilityBatch(const LoanRows& rows, const CredibilityInputs& inputs,
                                      Picks picks, const PeerDropout& dropout) {
  CredibilityBatch batch;
  batch.loans = static_cast<std::int64_t>(picks.size());
  std::uint64_t drawn = 0;
  std::vector<std::int32_t> offsets;
  for (std::size_t r = 0; r < inputs.slots.relations; ++r) {
    const auto heard = Listen(inputs, picks, r, dropout, drawn, &offsets);
    batch.relations.push_back(Gather(rows, inputs.slots, heard, offsets));
  }
  AddOwnRows(rows, inputs, picks, &batch);
  return batch;
}

}  // namespace recoup::model
