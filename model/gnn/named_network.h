// A LibTorch module whose parameters keep the names that the model's format gives them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/artifact/tensor.h"
#include "model/gnn/torch_headers.h"

namespace recoup::model {

/// Holds tensors by name and hands them out as the format's plain numbers.
/// Threads: reading is safe concurrently.
class NamedNetwork : public torch::nn::Module {
 public:
  /// Returns a copy of the weights as they are now.
  TensorMap Weights() const;

 protected:
  void Hold(const std::string& name, torch::Tensor values);
  void HoldAll(const TensorMap& weights);
  const torch::Tensor& At(const std::string& name) const { return tensors_.at(name); }
  const std::map<std::string, torch::Tensor>& tensors() const { return tensors_; }
  /// Returns null for a name that is not held.
  const torch::Tensor* Find(const std::string& name) const;
  /// Returns rows * At(weight)^T + At(bias).
  torch::Tensor Affine(const torch::Tensor& rows, const std::string& weight,
                       const std::string& bias) const;

 private:
  std::map<std::string, torch::Tensor> tensors_;  // the registered parameters
};

/// Returns numbers uniform in [centre - spread, centre + spread), drawn by name and seed alone.
torch::Tensor DrawAround(double centre, double spread, const std::string& name,
                         const std::vector<std::int64_t>& shape, std::uint64_t seed);

}  // namespace recoup::model
