#include "model/gnn/credibility_network.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/gnn/segment_sums.h"

namespace recoup::model {
namespace {

constexpr std::array kPooling = {"credibility.decay", "credibility.kappa",
                                 "credibility.coefficient", "credibility.distance",
                                 "credibility.mismatch"};

// Where training starts, before softplus: peers count by their age, and a little by likeness.
constexpr double kInitialDecay = 0.3;         // a year
constexpr double kInitialDistance = 0.6;      // over all numeric columns together
constexpr double kInitialMismatch = 0.02;     // a category
constexpr double kInitialCoefficient = 0.25;  // over all heads of a relation together
constexpr double kHalf = 0.5;                 // heads must differ to learn different things

double SoftplusInverse(double y) { return y + std::log(-std::expm1(-y)); }

torch::Tensor DrawSoftplus(double centre, const std::string& name,
                           const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  return DrawAround(SoftplusInverse(centre), kHalf, name, shape, seed);
}

torch::Tensor DrawTensor(const std::string& name, const std::vector<std::int64_t>& shape,
                         const CredibilityOptions& options) {
  const std::uint64_t seed = options.seed;
  if (name == "credibility.decay") return DrawSoftplus(kInitialDecay, name, shape, seed);
  if (name == "credibility.kappa") return DrawSoftplus(options.initial_kappa, name, shape, seed);
  if (name == "credibility.mismatch") return DrawSoftplus(kInitialMismatch, name, shape, seed);
  if (name == "credibility.distance") {
    return DrawSoftplus(kInitialDistance / static_cast<double>(shape[1]), name, shape, seed);
  }
  if (name == "credibility.coefficient") {
    const double share = kInitialCoefficient / static_cast<double>(shape[1]);
    return DrawAround(share, kHalf * share, name, shape, seed);
  }
  if (name == "credibility.norm.scale") return torch::ones(shape);
  if (name == "credibility.output.weight" || shape.size() == 1) return torch::zeros(shape);
  const bool category = name.starts_with("credibility.category.");
  const double bound = category ? 0.1 : 1.0 / std::sqrt(static_cast<double>(shape[1]));
  return DrawAround(0.0, bound, name, shape, seed);
}

}  // namespace

CredibilityNetwork::CredibilityNetwork(const CredibilityOptions& options,
                                       const CredibilitySizes& sizes)
    : variant_(options.variant) {
  for (const auto& [name, shape] : CredibilityShapes(options.variant, sizes)) {
    Hold(name, DrawTensor(name, shape, options));
  }
}

CredibilityNetwork::CredibilityNetwork(CredibilityVariant variant, const TensorMap& weights)
    : variant_(variant) {
  HoldAll(weights);
}

std::vector<torch::Tensor> CredibilityNetwork::PoolingParameters() const {
  std::vector<torch::Tensor> parameters;
  for (const char* name : kPooling) parameters.push_back(At(name));
  return parameters;
}

std::vector<torch::Tensor> CredibilityNetwork::DeepParameters() const {
  std::vector<torch::Tensor> parameters;
  for (const auto& [name, tensor] : tensors()) {
    if (std::find(kPooling.begin(), kPooling.end(), name) == kPooling.end()) {
      parameters.push_back(tensor);
    }
  }
  return parameters;
}

CredibilityNetwork::Pooled CredibilityNetwork::Pool(const CredibilityBatch& batch) const {
  const torch::Tensor likeness = torch::cat(
      {torch::softplus(At("credibility.distance")), torch::softplus(At("credibility.mismatch"))},
      1);
  const torch::Tensor decay = torch::softplus(At("credibility.decay"));
  const torch::Tensor kappa = torch::softplus(At("credibility.kappa"));
  std::vector<torch::Tensor> pooled;
  std::vector<torch::Tensor> evidence;
  for (std::size_t r = 0; r < batch.relations.size(); ++r) {
    const CredibilityBatch::Relation& peers = batch.relations[r];
    const auto row = static_cast<std::int64_t>(r);
    // One product for years, distances and mismatches.
    const torch::Tensor penalties = torch::cat({decay[row].unsqueeze(1), likeness}, 1);
    const torch::Tensor weights = torch::exp(-torch::mm(peers.differences, penalties.t()));
    const torch::Tensor sums = SegmentSums(weights, peers.offsets);
    pooled.push_back(SegmentSums(weights * peers.residuals, peers.offsets) / (sums + kappa[row]));
    evidence.push_back(torch::log1p(sums));
  }
  return {torch::cat(pooled, 1), torch::cat(evidence, 1)};
}

torch::Tensor CredibilityNetwork::Deep(const CredibilityBatch& batch, const Pooled& pooled,
                                       const std::optional<NodeDropout>& dropout) const {
  std::vector<torch::Tensor> columns = {batch.numeric};
  for (std::size_t c = 0; c < batch.categories.size(); ++c) {
    columns.push_back(
        At("credibility.category." + std::to_string(c)).index_select(0, batch.categories[c]));
  }
  columns.insert(columns.end(), {pooled.pooled, pooled.evidence, batch.context});
  const torch::Tensor sums =
      Affine(torch::cat(columns, 1), "credibility.hidden.weight", "credibility.hidden.bias");
  const torch::Tensor normed = torch::layer_norm(sums, {sums.size(1)}, At("credibility.norm.scale"),
                                                 At("credibility.norm.shift"), 1e-5);
  torch::Tensor hidden = Drop(torch::relu(normed), dropout, 0);
  const torch::Tensor block = Affine(hidden, "credibility.block.weight", "credibility.block.bias");
  hidden = hidden + Drop(torch::relu(block), dropout, 1);
  return Affine(hidden, "credibility.output.weight", "credibility.output.bias").squeeze(1);
}

torch::Tensor CredibilityNetwork::Forward(const CredibilityBatch& batch,
                                          const std::optional<NodeDropout>& dropout) const {
  const Pooled pooled = Pool(batch);
  const torch::Tensor additive = torch::mv(pooled.pooled, At("credibility.coefficient").flatten());
  if (variant_ == CredibilityVariant::kAdditive) return additive;
  return additive + Deep(batch, pooled, dropout);
}

}  // namespace recoup::model
