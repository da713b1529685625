#include "model/runtime/credibility_pass.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "model/peers/loan_book.h"
#include "model/predictor/credibility.h"
#include "model/runtime/ensemble_forecast.h"
#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/kernels/exp_rows.h"

namespace recoup::model {
namespace {

constexpr auto kEmbedding = static_cast<std::size_t>(kCredibilityEmbedding);
constexpr double kNormEpsilon = 1e-5;

// As LibTorch computes it.
float Softplus(float x) {
  return x > 20.0F ? x : static_cast<float>(std::log1p(std::exp(static_cast<double>(x))));
}

std::vector<float> AllSoftplus(std::vector<float> values) {
  for (float& value : values) value = Softplus(value);
  return values;
}

Linear TransposedSoftplus(const Tensor& weight) {
  Linear linear = Transposed(weight);
  linear.weight = AllSoftplus(std::move(linear.weight));
  return linear;
}

using Heads = std::array<double, kPenaltyHeads>;

// Shape: weights[...][kPenaltyHeads], of which the rows [begin, end) are added up in order.
Heads SumOf(const double* weights, std::size_t begin, std::size_t end) {
  Heads sums{};
  for (std::size_t peer = begin; peer < end; ++peer) {
    for (std::size_t h = 0; h < kPenaltyHeads; ++h) sums[h] += weights[peer * kPenaltyHeads + h];
  }
  return sums;
}

constexpr std::size_t kFloatsPerLine = kCacheLine / sizeof(float);

void Fetch(const void* address) { __builtin_prefetch(address); }

void Normalise(const std::vector<float>& scale, const std::vector<float>& shift,
               std::vector<float>* values) {
  const auto count = static_cast<double>(values->size());
  double mean = 0.0;
  for (const float value : *values) mean += static_cast<double>(value);
  mean /= count;
  double variance = 0.0;
  for (const float value : *values) {
    const double deviation = static_cast<double>(value) - mean;
    variance += deviation * deviation;
  }
  const double stretch = 1.0 / std::sqrt(variance / count + kNormEpsilon);
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto normed = static_cast<float>((static_cast<double>((*values)[i]) - mean) * stretch);
    (*values)[i] = normed * scale[i] + shift[i];
  }
}

}  // namespace

CredibilityQuestion QuestionOf(const LoanRows& rows, std::size_t loan, const PeerSlots& slots,
                               std::size_t position, std::span<const float> context) {
  const std::size_t categories = rows.category_sizes.size();
  const std::size_t count = slots.relations * slots.slots;
  const auto part = [&](const auto& values) {
    return std::span(values).subspan(position * count, count);
  };
  return {std::span(rows.numeric).subspan(loan * rows.numeric_width, rows.numeric_width),
          std::span(rows.categories).subspan(loan * categories, categories),
          &rows,
          part(slots.peers),
          part(slots.years),
          part(slots.residuals),
          context};
}

Result<CredibilityPass> CredibilityPass::Make(const TensorMap& weights, CredibilityVariant variant,
                                              const LoanRows& shape, std::size_t relations,
                                              std::size_t context_width) {
  RECOUP_TRY(CheckCredibility(weights, variant, shape, relations, context_width));
  CredibilityPass pass;
  pass.relations_ = relations;
  pass.heads_ = static_cast<std::size_t>(weights.at("credibility.decay").shape[1]);
  pass.numeric_ = shape.numeric_width;
  pass.words_ = shape.category_sizes.size();
  for (std::size_t head = 0; head < pass.heads_; head += kPenaltyHeads) {
    pass.quads_.push_back(pass.MakeQuad(weights, head));
  }
  if (variant == CredibilityVariant::kDeep) pass.PackDeep(weights, shape);
  return pass;
}

CredibilityPass::Quad CredibilityPass::MakeQuad(const TensorMap& weights,
                                                std::size_t first_head) const {
  const auto decay = AllSoftplus(weights.at("credibility.decay").values);
  const auto kappa = AllSoftplus(weights.at("credibility.kappa").values);
  const std::vector<float>& coefficient = weights.at("credibility.coefficient").values;
  const Linear distance = TransposedSoftplus(weights.at("credibility.distance"));
  const Linear mismatch = TransposedSoftplus(weights.at("credibility.mismatch"));
  Quad quad{PenaltyMap(distance.weight, mismatch.weight, heads_, first_head), {}, {}, {}};
  for (std::size_t r = 0; r < relations_; ++r) {
    auto& of_decay = quad.decay.emplace_back();
    auto& of_kappa = quad.kappa.emplace_back();
    auto& of_coefficient = quad.coefficient.emplace_back();
    of_kappa.fill(1.0);
    for (std::size_t h = 0; h < std::min(kPenaltyHeads, heads_ - first_head); ++h) {
      const std::size_t at = r * heads_ + first_head + h;
      of_decay[h] = decay[at];
      of_kappa[h] = static_cast<double>(kappa[at]);
      of_coefficient[h] = static_cast<double>(coefficient[at]);
    }
  }
  return quad;
}

void CredibilityPass::PackDeep(const TensorMap& weights, const LoanRows& shape) {
  deep_ = true;
  for (std::size_t c = 0; c < shape.category_sizes.size(); ++c) {
    categories_.push_back(weights.at("credibility.category." + std::to_string(c)).values);
  }
  hidden_ = WithBias(weights, "credibility.hidden.weight", "credibility.hidden.bias");
  norm_scale_ = weights.at("credibility.norm.scale").values;
  norm_shift_ = weights.at("credibility.norm.shift").values;
  block_ = WithBias(weights, "credibility.block.weight", "credibility.block.bias");
  output_ = WithBias(weights, "credibility.output.weight", "credibility.output.bias");
}

// Lists the peers of all relations, and asks for their rows before they are needed: they lie far
// apart, and the memory can bring many at once.
void CredibilityPass::ListPeers(const CredibilityQuestion& question, Scratch& scratch) const {
  const std::size_t per_relation = question.peers.size() / relations_;
  const float* numeric = question.rows->numeric.data();
  const std::int32_t* words = question.rows->categories.data();
  std::size_t count = 0;
  std::size_t slot = 0;
  for (std::size_t r = 0; r < relations_; ++r) {
    for (const std::size_t end = slot + per_relation; slot < end; ++slot) {
      if (question.peers[slot] < 0) continue;
      const auto peer = static_cast<std::size_t>(question.peers[slot]);
      const LoanNumbers row{numeric + peer * numeric_, words + peer * words_};
      for (std::size_t d = 0; d < numeric_; d += kFloatsPerLine) Fetch(row.numeric + d);
      Fetch(row.categories);
      scratch.peers[count] = row;
      scratch.slots[count++] = slot;
    }
    scratch.relation_ends[r] = count;
  }
}

// Writes the weights of all peers.
void CredibilityPass::Weigh(const CredibilityQuestion& question, const Quad& quad,
                            Scratch& scratch) const {
  float* penalties = scratch.penalties.data();
  std::size_t peer = 0;
  for (std::size_t r = 0; r < relations_; ++r) {
    const auto& decay = quad.decay[r];
    for (; peer < scratch.relation_ends[r]; ++peer) {
      const float years = question.years[scratch.slots[peer]];
      for (std::size_t h = 0; h < kPenaltyHeads; ++h) {
        penalties[peer * kPenaltyHeads + h] = years * decay[h];
      }
    }
  }
  AddPenalties(quad.penalties, {question.numeric.data(), question.categories.data()},
               std::span(scratch.peers).first(peer), penalties);
  ExpOfNegated(penalties, peer * kPenaltyHeads, scratch.weights.data());
}

// Adds to each slot what it adds, but for its residual, through one relation and quad of heads.
void CredibilityPass::Split(const Quad& quad, std::size_t relation, Scratch& scratch) const {
  const std::size_t begin = relation == 0 ? 0 : scratch.relation_ends[relation - 1];
  const std::size_t end = scratch.relation_ends[relation];
  const Heads sums = SumOf(scratch.weights.data(), begin, end);
  Heads shares;  // what a weight of 1 adds
  for (std::size_t h = 0; h < kPenaltyHeads; ++h) {
    shares[h] = quad.coefficient[relation][h] / (sums[h] + quad.kappa[relation][h]);
  }
  for (std::size_t peer = begin; peer < end; ++peer) {
    const double* weights = scratch.weights.data() + peer * kPenaltyHeads;
    double share = scratch.contributions[scratch.slots[peer]];
    for (std::size_t h = 0; h < kPenaltyHeads; ++h) share += shares[h] * weights[h];
    scratch.contributions[scratch.slots[peer]] = share;
  }
}

// What the hidden layer of the deep variant sees of one quad of heads.
void CredibilityPass::Pool(const CredibilityQuestion& question, std::size_t quad,
                           Scratch& scratch) const {
  const std::size_t first = quad * kPenaltyHeads;
  std::size_t begin = 0;
  for (std::size_t r = 0; r < relations_; ++r) {
    const std::size_t end = scratch.relation_ends[r];
    const Heads sums = SumOf(scratch.weights.data(), begin, end);
    for (std::size_t h = 0; h < std::min(kPenaltyHeads, heads_ - first); ++h) {
      double weighted = 0.0;
      for (std::size_t peer = begin; peer < end; ++peer) {
        weighted += scratch.weights[peer * kPenaltyHeads + h] *
                    static_cast<double>(question.residuals[scratch.slots[peer]]);
      }
      const std::size_t at = r * heads_ + first + h;
      scratch.pooled[at] = static_cast<float>(weighted / (sums[h] + quads_[quad].kappa[r][h]));
      scratch.evidence[at] = static_cast<float>(std::log1p(sums[h]));
    }
    begin = end;
  }
}

void CredibilityPass::JoinInputs(const CredibilityQuestion& question, Scratch& scratch) const {
  std::vector<float>& inputs = scratch.inputs;
  inputs.assign(question.numeric.begin(), question.numeric.end());
  for (std::size_t c = 0; c < categories_.size(); ++c) {
    const float* row =
        categories_[c].data() + static_cast<std::size_t>(question.categories[c]) * kEmbedding;
    inputs.insert(inputs.end(), row, row + kEmbedding);
  }
  inputs.insert(inputs.end(), scratch.pooled.begin(), scratch.pooled.end());
  inputs.insert(inputs.end(), scratch.evidence.begin(), scratch.evidence.end());
  inputs.insert(inputs.end(), question.context.begin(), question.context.end());
}

double CredibilityPass::Deep(Scratch& scratch) const {
  scratch.hidden.resize(hidden_.out);
  scratch.block.resize(block_.out);
  StartWithBias(hidden_, scratch.hidden.data());
  AddLinear(hidden_, scratch.inputs.data(), scratch.hidden.data());
  Normalise(norm_scale_, norm_shift_, &scratch.hidden);
  Relu(scratch.hidden.data(), hidden_.out);
  StartWithBias(block_, scratch.block.data());
  AddLinear(block_, scratch.hidden.data(), scratch.block.data());
  Relu(scratch.block.data(), block_.out);
  AddScaled(scratch.hidden.data(), scratch.block.data(), 1.0F, block_.out);
  float output = 0.0F;
  StartWithBias(output_, &output);
  AddLinear(output_, scratch.hidden.data(), &output);
  return static_cast<double>(output);
}

double CredibilityPass::Forecast(const CredibilityQuestion& question, Scratch& scratch) const {
  const std::size_t slots = question.peers.size();
  scratch.contributions.assign(slots, 0.0);  // assign and resize keep the capacity
  scratch.peers.resize(slots);
  scratch.slots.resize(slots);
  scratch.relation_ends.assign(relations_, 0);
  scratch.penalties.resize(slots * kPenaltyHeads);
  scratch.weights.resize(slots * kPenaltyHeads);
  scratch.pooled.resize(relations_ * heads_);
  scratch.evidence.resize(relations_ * heads_);
  ListPeers(question, scratch);
  for (std::size_t quad = 0; quad < quads_.size(); ++quad) {
    Weigh(question, quads_[quad], scratch);
    for (std::size_t r = 0; r < relations_; ++r) Split(quads_[quad], r, scratch);
    if (deep_) Pool(question, quad, scratch);
  }
  double delta = 0.0;
  const std::size_t peers = relations_ == 0 ? 0 : scratch.relation_ends.back();
  for (std::size_t peer = 0; peer < peers; ++peer) {
    const std::size_t slot = scratch.slots[peer];
    scratch.contributions[slot] *= static_cast<double>(question.residuals[slot]);
    delta += scratch.contributions[slot];
  }
  if (!deep_) return delta;
  JoinInputs(question, scratch);
  return delta + Deep(scratch);
}

Result<std::vector<CredibilityPass>> CredibilityPasses(const Ensemble& ensemble,
                                                       const FeatureSchema& schema) {
  const LoanRows shape = RowsOf({}, schema.Of(graph::NodeKind::kLoan));
  const std::size_t context = NetworkContextWidth(ensemble.relations.size());
  std::vector<CredibilityPass> passes;
  for (const TensorMap& weights : ensemble.credibility) {
    RECOUP_ASSIGN(CredibilityPass pass,
                  CredibilityPass::Make(weights, ensemble.variant, shape,
                                        ensemble.message_relations.size(), context));
    passes.push_back(std::move(pass));
  }
  return passes;
}

}  // namespace recoup::model
