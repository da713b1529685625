#include "model/runtime/credibility_pass.h"

#include <cmath>
#include <string>
#include <utility>

#include "model/peers/loan_book.h"
#include "model/predictor/credibility.h"
#include "model/runtime/ensemble_forecast.h"

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
  const Tensor& decay = weights.at("credibility.decay");
  pass.relations_ = relations;
  pass.heads_ = static_cast<std::size_t>(decay.shape[1]);
  pass.decay_ = AllSoftplus(decay.values);
  pass.kappa_ = AllSoftplus(weights.at("credibility.kappa").values);
  pass.coefficient_ = weights.at("credibility.coefficient").values;
  pass.distance_ = TransposedSoftplus(weights.at("credibility.distance"));
  pass.mismatch_ = TransposedSoftplus(weights.at("credibility.mismatch"));
  if (variant == CredibilityVariant::kDeep) pass.PackDeep(weights, shape);
  return pass;
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

// Writes the exponents of one peer's weights, for every head.
void CredibilityPass::Penalise(const CredibilityQuestion& question, std::size_t relation,
                               std::size_t slot, float* penalties) const {
  const auto peer = static_cast<std::size_t>(question.peers[slot]);
  const float* numeric = question.rows->numeric.data() + peer * distance_.in;
  const std::int32_t* words = question.rows->categories.data() + peer * mismatch_.in;
  const float* decay = decay_.data() + relation * heads_;
  for (std::size_t h = 0; h < heads_; ++h) penalties[h] = question.years[slot] * decay[h];
  for (std::size_t d = 0; d < distance_.in; ++d) {
    const float difference = std::abs(question.numeric[d] - numeric[d]);
    const float* weight = distance_.weight.data() + d * heads_;
    for (std::size_t h = 0; h < heads_; ++h) penalties[h] += difference * weight[h];
  }
  for (std::size_t c = 0; c < mismatch_.in; ++c) {
    if (question.categories[c] == words[c]) continue;
    const float* weight = mismatch_.weight.data() + c * heads_;
    for (std::size_t h = 0; h < heads_; ++h) penalties[h] += weight[h];
  }
}

void CredibilityPass::Pool(const CredibilityQuestion& question, std::size_t relation,
                           Scratch& scratch) const {
  const std::size_t slots = question.peers.size() / relations_;
  scratch.sums.assign(heads_, 0.0);
  scratch.weighted.assign(heads_, 0.0);
  for (std::size_t s = 0; s < slots; ++s) {
    const std::size_t slot = relation * slots + s;
    if (question.peers[slot] < 0) continue;
    Penalise(question, relation, slot, scratch.penalties.data());
    for (std::size_t h = 0; h < heads_; ++h) {
      const double weight = std::exp(-static_cast<double>(scratch.penalties[h]));
      scratch.weights[s * heads_ + h] = weight;
      scratch.sums[h] += weight;
      scratch.weighted[h] += weight * static_cast<double>(question.residuals[slot]);
    }
  }
  for (std::size_t h = 0; h < heads_; ++h) {
    const std::size_t at = relation * heads_ + h;
    const double believed = scratch.sums[h] + static_cast<double>(kappa_[at]);
    scratch.pooled[at] = static_cast<float>(scratch.weighted[h] / believed);
    scratch.evidence[at] = static_cast<float>(std::log1p(scratch.sums[h]));
  }
}

// Writes what each slot of one relation adds.
void CredibilityPass::Split(const CredibilityQuestion& question, std::size_t relation,
                            Scratch& scratch) const {
  const std::size_t slots = question.peers.size() / relations_;
  for (std::size_t h = 0; h < heads_; ++h) {  // from here on: what a weight of 1 adds
    const std::size_t at = relation * heads_ + h;
    scratch.sums[h] =
        static_cast<double>(coefficient_[at]) / (scratch.sums[h] + static_cast<double>(kappa_[at]));
  }
  for (std::size_t s = 0; s < slots; ++s) {
    const std::size_t slot = relation * slots + s;
    double share = 0.0;
    if (question.peers[slot] >= 0) {
      for (std::size_t h = 0; h < heads_; ++h) {
        share += scratch.sums[h] * scratch.weights[s * heads_ + h];
      }
      share *= static_cast<double>(question.residuals[slot]);
    }
    scratch.contributions[slot] = share;
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
  // resize keeps the capacity.
  scratch.contributions.resize(question.peers.size());
  scratch.penalties.resize(heads_);
  scratch.weights.resize(question.peers.size() / relations_ * heads_);
  scratch.pooled.resize(relations_ * heads_);
  scratch.evidence.resize(relations_ * heads_);
  for (std::size_t r = 0; r < relations_; ++r) {
    Pool(question, r, scratch);
    Split(question, r, scratch);
  }
  double delta = 0.0;
  for (const double contribution : scratch.contributions) delta += contribution;
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
