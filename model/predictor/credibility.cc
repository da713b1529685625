#include "model/predictor/credibility.h"

#include <algorithm>
#include <cmath>

namespace recoup::model {
namespace {

using Shape = std::vector<std::int64_t>;

// Bound what a damaged or hostile file can make a runtime allocate.
constexpr std::int64_t kMostHeads = 64;
constexpr std::int64_t kMaxWidth = 4096;

Error Broken(const std::string& what) { return {ErrorCode::kDataLoss, what}; }

// Reads the size at `axis` off a tensor of `axes` axes.
Result<std::int64_t> SizeOf(const TensorMap& weights, const std::string& name, std::size_t axes,
                            std::size_t axis, std::int64_t largest) {
  const auto found = weights.find(name);
  if (found == weights.end()) return Broken("tensor is missing: " + name);
  const Shape& shape = found->second.shape;
  if (shape.size() != axes) return Broken("tensor with another number of axes: " + name);
  if (shape[axis] < 1 || shape[axis] > largest) {
    return Broken("size must lie between 1 and " + std::to_string(largest) + ": " + name + " has " +
                  std::to_string(shape[axis]));
  }
  return shape[axis];
}

Result<void> CheckTensor(const std::string& name, const Tensor& tensor, const Shape& expected) {
  std::size_t count = 1;
  for (const std::int64_t size : expected) count *= static_cast<std::size_t>(size);
  if (tensor.shape != expected || tensor.values.size() != count) {
    return Broken("tensor of another shape than loans and relations ask for: " + name);
  }
  const bool finite = std::all_of(tensor.values.begin(), tensor.values.end(),
                                  [](float value) { return std::isfinite(value); });
  if (!finite) return Broken("tensor holds a number that is not finite: " + name);
  return {};
}

}  // namespace

std::map<std::string, Shape> CredibilityShapes(CredibilityVariant variant,
                                               const CredibilitySizes& sizes) {
  const Shape by_relation = {sizes.relations, sizes.heads};
  const auto categories = static_cast<std::int64_t>(sizes.category_sizes.size());
  std::map<std::string, Shape> shapes = {
      {"credibility.decay", by_relation},
      {"credibility.kappa", by_relation},
      {"credibility.coefficient", by_relation},
      {"credibility.distance", {sizes.heads, sizes.numeric_width}},
      {"credibility.mismatch", {sizes.heads, categories}}};
  if (variant == CredibilityVariant::kAdditive) return shapes;
  for (std::size_t c = 0; c < sizes.category_sizes.size(); ++c) {
    shapes["credibility.category." + std::to_string(c)] = {sizes.category_sizes[c],
                                                           kCredibilityEmbedding};
  }
  const std::int64_t width = sizes.hidden_width;
  shapes["credibility.hidden.weight"] = {width, sizes.input_width()};
  shapes["credibility.hidden.bias"] = {width};
  shapes["credibility.norm.scale"] = {width};
  shapes["credibility.norm.shift"] = {width};
  shapes["credibility.block.weight"] = {width, width};
  shapes["credibility.block.bias"] = {width};
  shapes["credibility.output.weight"] = {1, width};
  shapes["credibility.output.bias"] = {1};
  return shapes;
}

Result<void> CheckCredibility(const TensorMap& weights, CredibilityVariant variant,
                              const LoanRows& shape, std::size_t relations,
                              std::size_t context_width) {
  CredibilitySizes sizes{.relations = static_cast<std::int64_t>(relations),
                         .numeric_width = static_cast<std::int64_t>(shape.numeric_width),
                         .category_sizes = shape.category_sizes,
                         .context_width = static_cast<std::int64_t>(context_width)};
  RECOUP_ASSIGN(sizes.heads, SizeOf(weights, "credibility.decay", 2, 1, kMostHeads));
  if (variant == CredibilityVariant::kDeep) {
    RECOUP_ASSIGN(sizes.hidden_width, SizeOf(weights, "credibility.hidden.bias", 1, 0, kMaxWidth));
  }
  const auto required = CredibilityShapes(variant, sizes);
  for (const auto& [name, expected] : required) {
    const auto found = weights.find(name);
    if (found == weights.end()) return Broken("tensor is missing: " + name);
    RECOUP_TRY(CheckTensor(name, found->second, expected));
  }
  for (const auto& [name, tensor] : weights) {
    if (!required.contains(name)) return Broken("unknown tensor: " + name);
  }
  return {};
}

}  // namespace recoup::model
