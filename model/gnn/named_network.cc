#include "model/gnn/named_network.h"

#include <algorithm>
#include <utility>

#include "model/gnn/counter_random.h"

namespace recoup::model {

TensorMap NamedNetwork::Weights() const {
  TensorMap weights;
  for (const auto& [name, tensor] : tensors_) {
    const torch::Tensor values = tensor.detach().contiguous();
    const float* begin = values.data_ptr<float>();
    weights[name] = {tensor.sizes().vec(), {begin, begin + values.numel()}};
  }
  return weights;
}

void NamedNetwork::Hold(const std::string& name, torch::Tensor values) {
  // LibTorch keeps dots for submodules, which would scatter the layout over nine small classes.
  std::string parameter_name = name;
  std::replace(parameter_name.begin(), parameter_name.end(), '.', '/');
  tensors_.emplace(name, register_parameter(parameter_name, std::move(values)));
}

void NamedNetwork::HoldAll(const TensorMap& weights) {
  for (const auto& [name, tensor] : weights) {
    torch::Tensor values = torch::empty(tensor.shape);
    std::copy(tensor.values.begin(), tensor.values.end(), values.data_ptr<float>());
    Hold(name, values);
  }
}

const torch::Tensor* NamedNetwork::Find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

torch::Tensor NamedNetwork::Affine(const torch::Tensor& rows, const std::string& weight,
                                   const std::string& bias) const {
  return torch::addmm(At(bias), rows, At(weight).t());
}

torch::Tensor DrawAround(double centre, double spread, const std::string& name,
                         const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  const CounterRandom random(seed, CounterRandom::StreamOf(name));
  torch::Tensor tensor = torch::empty(shape);
  float* values = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    const double uniform = random.Uniform(static_cast<std::uint64_t>(i));
    values[i] = static_cast<float>(centre + spread * (2.0 * uniform - 1.0));
  }
  return tensor;
}

}  // namespace recoup::model
