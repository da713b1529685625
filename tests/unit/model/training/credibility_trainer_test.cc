#include "model/training/credibility_trainer.h"

// Before Catch2, whose CHECK must win over LibTorch's.
// clang-format off
#include "model/gnn/credibility_network.h"
// clang-format on

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace recoup::model {
namespace {

// Loans in groups that share a fate; peers through relation 0 are of the loan's group, those
// through relation 1 are anybody.
struct Planted {
  LoanRows rows;
  CredibilityInputs inputs;
  std::vector<double> targets;
  std::vector<double> truth;  // the group's effect

  CredibilityTraining Training() const { return {&rows, &inputs, targets}; }
};

struct PlantedSize {
  std::size_t loans = 3000;
  std::size_t groups = 150;
  std::size_t relations = 2;
  std::size_t slots = 12;
  std::size_t numeric = 3;
  std::size_t categories = 1;
};

Planted PlantEffect(PlantedSize size = {}) {
  Planted planted;
  std::mt19937_64 random(17);
  std::normal_distribution<double> normal;
  std::vector<double> effects(size.groups);
  for (double& effect : effects) effect = 0.2 * normal(random);
  planted.rows.numeric_width = size.numeric;
  planted.rows.category_sizes.assign(size.categories, 4);
  for (std::size_t i = 0; i < size.loans; ++i) {
    for (std::size_t d = 0; d < size.numeric; ++d) {
      planted.rows.numeric.push_back(static_cast<float>(normal(random)));
    }
    for (std::size_t c = 0; c < size.categories; ++c) {
      planted.rows.categories.push_back(static_cast<std::int32_t>(random() % 4));
    }
    planted.truth.push_back(effects[i % size.groups]);
    planted.targets.push_back(planted.truth[i] + 0.1 * normal(random));
    planted.inputs.loans.push_back(static_cast<std::uint32_t>(i));
  }
  PeerSlots& slots = planted.inputs.slots;
  slots.relations = size.relations;
  slots.slots = size.slots;
  for (std::size_t i = 0; i < size.loans; ++i) {
    for (std::size_t slot = 0; slot < size.relations * size.slots; ++slot) {
      const std::size_t any = random() % size.loans;
      const std::size_t group = any - any % size.groups + i % size.groups;
      const std::size_t peer = slot < size.slots ? group % size.loans : any;
      slots.peers.push_back(peer == i ? -1 : static_cast<std::int32_t>(peer));
      slots.years.push_back(static_cast<float>(random() % 3));
      slots.residuals.push_back(static_cast<float>(planted.targets[peer]));
    }
  }
  return planted;
}

CredibilityOptions QuickOptions(CredibilityVariant variant) {
  CredibilityOptions options;
  options.variant = variant;
  options.batch_size = 128;
  options.hidden_width = 16;
  return options;
}

std::vector<double> Forecasts(const Planted& planted, CredibilityVariant variant,
                              const TensorMap& weights) {
  const torch::NoGradGuard no_gradient;
  const CredibilityNetwork network(variant, weights);
  const torch::Tensor delta = network.Forward(
      MakeCredibilityBatch(planted.rows, planted.inputs, planted.inputs.loans), std::nullopt);
  const float* begin = delta.data_ptr<float>();
  return {begin, begin + delta.numel()};
}

double Covariance(const std::vector<double>& a, const std::vector<double>& b) {
  const auto count = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / count;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / count;
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / count;
}

double Correlation(const std::vector<double>& a, const std::vector<double>& b) {
  return Covariance(a, b) / std::sqrt(Covariance(a, a) * Covariance(b, b));
}

constexpr CredibilityVariant kVariants[] = {CredibilityVariant::kAdditive,
                                            CredibilityVariant::kDeep};

TEST_CASE("A planted effect of groups is found through their relation") {
  const Planted planted = PlantEffect();
  for (const CredibilityVariant variant : kVariants) {
    const auto weights =
        TrainCredibilityNetwork(planted.Training(), QuickOptions(variant), {}, nullptr);
    REQUIRE(weights.has_value());
    const auto delta = Forecasts(planted, variant, *weights);
    const double correlation = Correlation(delta, planted.truth);
    const double slope =
        Covariance(delta, planted.truth) / Covariance(planted.truth, planted.truth);
    const std::vector<float>& coefficients = weights->at("credibility.coefficient").values;
    const float group = std::accumulate(coefficients.begin(), coefficients.begin() + 4, 0.0F);
    const float noise = std::accumulate(coefficients.begin() + 4, coefficients.end(), 0.0F);
    CAPTURE(static_cast<int>(variant), correlation, slope, group, noise);
    CHECK(correlation > 0.8);
    CHECK(slope > 0.7);
    CHECK(std::abs(noise) < 0.3F * group);
  }
}

TEST_CASE("Nothing is found in residuals that are shuffled") {
  Planted planted = PlantEffect();
  std::vector<float>& residuals = planted.inputs.slots.residuals;
  std::shuffle(residuals.begin(), residuals.end(), std::mt19937_64(5));
  for (const CredibilityVariant variant : kVariants) {
    const auto weights =
        TrainCredibilityNetwork(planted.Training(), QuickOptions(variant), {}, nullptr).value();
    const auto delta = Forecasts(planted, variant, weights);
    const double share = Covariance(delta, delta) / Covariance(planted.targets, planted.targets);
    CAPTURE(static_cast<int>(variant), share);
    CHECK(share < 0.02);
  }
}

TEST_CASE("The same seed gives the same bytes of a credibility network, another seed others") {
  const Planted planted = PlantEffect({.loans = 400, .groups = 20});
  CredibilityOptions options = QuickOptions(CredibilityVariant::kDeep);
  options.epochs = 2;
  const auto train = [&] {
    return TrainCredibilityNetwork(planted.Training(), options, {}, nullptr).value();
  };
  const TensorMap first = train();
  CHECK((first == train()));
  options.seed = 2;
  CHECK((first != train()));
}

TEST_CASE("A stop before the last epoch's end cancels") {
  const Planted planted = PlantEffect({.loans = 400, .groups = 20});
  std::atomic<bool> stop{false};
  std::int64_t seen = 0;
  const auto cancelled = TrainCredibilityNetwork(
      planted.Training(), QuickOptions(CredibilityVariant::kDeep),
      [&](const TrainingProgress& state) {
        ++seen;
        stop = state.epoch == 8 && state.batch == 2;
      },
      &stop);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == ErrorCode::kCancelled);
  CHECK(seen == 7 * 4 + 2);
}

TEST_CASE("Loans none of which has a peer train to no correction by the additive variant") {
  Planted planted = PlantEffect({.loans = 400, .groups = 20});
  std::vector<std::int32_t>& peers = planted.inputs.slots.peers;
  std::fill(peers.begin(), peers.end(), -1);
  const auto weights = TrainCredibilityNetwork(
      planted.Training(), QuickOptions(CredibilityVariant::kAdditive), {}, nullptr);
  REQUIRE(weights.has_value());
  const auto delta = Forecasts(planted, CredibilityVariant::kAdditive, *weights);
  CHECK(std::all_of(delta.begin(), delta.end(), [](double x) { return x == 0.0; }));
}

TEST_CASE("Training that breaks the rules is refused") {
  Planted planted = PlantEffect({.loans = 100, .groups = 10});
  planted.targets.pop_back();
  const auto trained = TrainCredibilityNetwork(
      planted.Training(), QuickOptions(CredibilityVariant::kDeep), {}, nullptr);
  REQUIRE_FALSE(trained.has_value());
  CHECK(trained.error().code == ErrorCode::kInvalidArgument);
}

// By hand: how long a year of loans takes, for docs and reports.
TEST_CASE("Speed of training", "[.speed]") {
  const Planted planted = PlantEffect(
      {.loans = 18000, .groups = 300, .relations = 4, .slots = 48, .numeric = 30, .categories = 8});
  for (const CredibilityVariant variant : kVariants) {
    CredibilityOptions options;
    options.variant = variant;
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(TrainCredibilityNetwork(planted.Training(), options, {}, nullptr).has_value());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    WARN("variant " << static_cast<int>(variant) << ": " << seconds.count() << " s");
  }
}

}  // namespace
}  // namespace recoup::model
