#include "model/training/training_step.h"

#include <numeric>
#include <utility>

namespace recoup::model {

CounterRandom RandomFor(std::uint64_t seed, Stream stream, std::uint64_t step) {
  const CounterRandom steps(seed, static_cast<std::uint64_t>(stream));
  return {steps.Bits(step), 0};
}

std::vector<std::uint32_t> InOrder(std::size_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

std::vector<std::uint32_t> Shuffled(std::size_t count, const CounterRandom& random) {
  std::vector<std::uint32_t> order = InOrder(count);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.Bits(i) % i]);
  return order;
}

Gradients GradientsOf(const torch::Tensor& loss, const std::vector<torch::Tensor>& parameters) {
  return {loss.item<double>(), torch::autograd::grad({loss}, parameters, {}, /*retain_graph=*/false,
                                                     /*create_graph=*/false,
                                                     /*allow_unused=*/true)};
}

double SetGradients(const std::vector<Gradients>& parts,
                    const std::vector<torch::Tensor>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor sum;
    for (const Gradients& part : parts) {
      const torch::Tensor& gradient = part.by_parameter[i];
      if (gradient.defined()) sum = sum.defined() ? sum + gradient : gradient;
    }
    parameters[i].mutable_grad() = sum;  // without one the optimiser passes the parameter over
  }
  torch::nn::utils::clip_grad_norm_(parameters, kLargestGradientNorm);
  double loss = 0.0;
  for (const Gradients& part : parts) loss += part.loss;
  return loss;
}

}  // namespace recoup::model
