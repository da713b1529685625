#include "model/quantization/quantize_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/quantization/quantize_linear.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

std::size_t Index(NodeKind kind) { return static_cast<std::size_t>(kind); }

// Steps of a row of bytes: what 1 stands for, and its inverse as the runtime multiplies with it.
struct Steps {
  std::vector<double> steps;
  std::vector<float> inverse;

  void Add(double step) {
    inverse.push_back(static_cast<float>(1.0 / step));
    steps.push_back(1.0 / static_cast<double>(inverse.back()));  // what the float really divides by
  }
};

// Sum over inputs of |W[o][i]| reach[i].
double ReachOf(const Tensor& weight, std::size_t output, std::span<const double> reach) {
  const auto in = static_cast<std::size_t>(weight.shape[1]);
  double sum = 0.0;
  for (std::size_t i = 0; i < reach.size(); ++i) {
    sum += std::abs(static_cast<double>(weight.values[output * in + i])) * reach[i];
  }
  return sum;
}

// Below this a channel counts as silent: its step would be none.
constexpr double kSilent = 1e-6;

class Quantizer {
 public:
  Quantizer(const TensorMap& weights, const FeatureSchema& schema, const ActivationRanges& ranges,
            int bits)
      : weights_(weights), schema_(schema), ranges_(ranges), bits_(bits) {}

  QuantizedNetwork Run(NetworkWidths widths) {
    out_.bits = static_cast<std::uint8_t>(bits_);
    out_.hidden = static_cast<std::uint32_t>(widths.hidden);
    out_.head = static_cast<std::uint32_t>(widths.head);
    out_.context = static_cast<std::uint32_t>(widths.context);
    for (const NodeKind kind : graph::kAllNodeKinds) Embed(kind);
    for (const NodeKind kind : graph::kAllNodeKinds) FirstLayer(kind);
    SecondLayer();
    Head();
    return std::move(out_);
  }

 private:
  const Tensor& Weight(const std::string& name) const { return weights_.at(name); }

  // `first` is the input that the map starts at.
  static QuantizedLinear Map(const Tensor& weight, std::size_t first, std::span<const double> steps,
                             int bits) {
    return QuantizeLinear(weight.values, static_cast<std::size_t>(weight.shape[1]), first, steps,
                          bits);
  }
  // `sums` are of products of channels, over `rows` rows.
  QuantizedLinear OfLayer(const Tensor& weight, std::span<const double> steps,
                          const std::vector<double>& sums, std::size_t rows) const {
    InputProducts products;
    const std::size_t width = steps.size();
    if (rows > 0 && sums.size() == width * width) {
      products.values = sums;
      for (std::size_t i = 0; i < width * width; ++i) {
        products.values[i] /= static_cast<double>(rows) * steps[i / width] * steps[i % width];
      }
    }
    return QuantizeLinear(weight.values, width, 0, steps, bits_, products);
  }
  // Of a map that reads h0 or h1 of a kind.
  QuantizedLinear OfZero(const Tensor& weight, std::span<const double> steps, NodeKind kind) const {
    const ActivationRanges::OfKind& seen = ranges_.kinds[Index(kind)];
    return OfLayer(weight, steps, seen.zero_products, seen.rows);
  }
  QuantizedLinear OfFirst(const Tensor& weight, std::span<const double> steps,
                          NodeKind kind) const {
    const ActivationRanges::OfKind& seen = ranges_.kinds[Index(kind)];
    return OfLayer(weight, steps, seen.first_products, seen.rows);
  }

  // A value column is rank-normalised to [-1, 1], its companion says whether it is missing; the
  // rest has the range that was seen, with some room.
  void AddColumn(const KindFeatures& features, std::size_t column, QuantizedInput* input,
                 Steps* steps) const {
    const ActivationRanges::OfKind& seen = ranges_.kinds[Index(features.kind)];
    double low = seen.lowest.empty() ? 0.0 : seen.lowest[column];
    double high = seen.highest.empty() ? 0.0 : seen.highest[column];
    const bool ranked = column < 2 * features.numeric.size();
    if (ranked && column % 2 == 0) low = -1.0;
    if (!ranked) {
      constexpr double kRoom = 1.25;
      low *= kRoom;
      high *= kRoom;
    }
    if (!ranked && column >= features.outcome_column()) low = std::min(low, -0.5);
    const double reach = std::max({high, -low, ranked ? 1.0 : 0.5});
    const bool is_signed = low < 0.0;
    input->zeros.push_back(is_signed ? 128 : 0);
    steps->Add(reach / (is_signed ? 127.0 : 255.0));
  }

  void AddTables(NodeKind kind, QuantizedInput* input) const {
    const std::size_t categories = schema_.Of(kind).categories.size();
    for (std::size_t c = 0; c < categories; ++c) {
      const Tensor& rows = Weight(InputCategoryName(kind, c));
      QuantizedTable table;
      table.words = static_cast<std::uint32_t>(rows.shape[0]);
      table.values.resize(rows.values.size());
      table.scales.assign(out_.hidden, 0.0F);
      for (std::size_t i = 0; i < rows.values.size(); ++i) {
        float& scale = table.scales[i % out_.hidden];
        scale = std::max(scale, std::abs(rows.values[i]) / 127.0F);
      }
      for (std::size_t i = 0; i < rows.values.size(); ++i) {
        const float scale = table.scales[i % out_.hidden];
        const float units = scale > 0.0F ? std::nearbyint(rows.values[i] / scale) : 0.0F;
        table.values[i] = static_cast<std::int8_t>(std::clamp(units, -127.0F, 127.0F));
      }
      input->categories.push_back(std::move(table));
    }
  }

  // The part of the bias that stands for the zeros of the columns.
  static void TakeOutZeros(QuantizedInput* input) {
    const QuantizedLinear& map = input->numeric;
    for (std::size_t o = 0; o < map.out; ++o) {
      double sum = static_cast<double>(input->bias[o]);
      for (std::size_t i = 0; i < map.in; ++i) {
        sum -= static_cast<double>(map.scales[i / map.group * map.out + o]) *
               map.values[o * map.in + i] * input->zeros[i];
      }
      input->bias[o] = static_cast<float>(sum);
    }
  }

  // Steps for channels that reached `seen`; where that is nothing, for those that may reach
  // `possible`. A silent channel among others that are not may reach what the farthest of them
  // does: maps share a scale over the row, and a larger step would coarsen all of it.
  static Steps StepsFor(const std::vector<float>& seen, const std::vector<double>& possible,
                        double levels) {
    double farthest = 0.0;
    for (const float reached : seen) farthest = std::max(farthest, static_cast<double>(reached));
    Steps steps;
    for (std::size_t c = 0; c < possible.size(); ++c) {
      const double reached = c < seen.size() ? static_cast<double>(seen[c]) : 0.0;
      const double silent = farthest > kSilent ? std::min(possible[c], farthest) : possible[c];
      steps.Add(std::max(reached > kSilent ? reached : silent, kSilent) / levels);
    }
    return steps;
  }

  static std::vector<double> ReachesOf(const Steps& steps, double levels) {
    std::vector<double> reaches;
    for (const double step : steps.steps) reaches.push_back(step * levels);
    return reaches;
  }

  void Embed(NodeKind kind) {
    const KindFeatures& features = schema_.Of(kind);
    QuantizedInput& input = out_.inputs[Index(kind)];
    Steps columns;
    for (std::size_t column = 0; column < features.numeric_width(); ++column) {
      AddColumn(features, column, &input, &columns);
    }
    const Tensor& weight = Weight(InputWeightName(kind));
    input.inverse_steps = columns.inverse;
    input.numeric = Map(weight, 0, columns.steps, 8);
    input.bias = Weight(InputBiasName(kind)).values;
    AddTables(kind, &input);

    const std::vector<double> reach = ReachesOf(columns, 255.0);
    std::vector<double> possible(out_.hidden);
    for (std::size_t o = 0; o < out_.hidden; ++o) {
      possible[o] = std::abs(static_cast<double>(input.bias[o])) + ReachOf(weight, o, reach);
      for (const QuantizedTable& table : input.categories) {
        possible[o] += 127.0 * static_cast<double>(table.scales[o]);
      }
    }
    TakeOutZeros(&input);
    zero_[Index(kind)] = StepsFor(ranges_.kinds[Index(kind)].zero, possible, out_.levels());
    out_.zero_inverse_steps[Index(kind)] = zero_[Index(kind)].inverse;
  }

  // A message has 255 steps where the rows that it is the mean of have `levels`.
  std::vector<double> MessageSteps(const Steps& rows) const {
    std::vector<double> steps = rows.steps;
    for (double& step : steps) step *= out_.levels() / 255.0;
    return steps;
  }

  void FirstLayer(NodeKind kind) {
    const std::size_t k = Index(kind);
    const Tensor& self = Weight(SelfWeightName(1, kind));
    out_.first_self[k] = OfZero(self, zero_[k].steps, kind);
    out_.first_bias[k] = Weight(SelfBiasName(1, kind)).values;
    std::vector<double> possible(out_.hidden);
    for (std::size_t o = 0; o < out_.hidden; ++o) {
      possible[o] = std::abs(static_cast<double>(out_.first_bias[k][o])) +
                    ReachOf(self, o, ReachesOf(zero_[k], out_.levels()));
    }
    for (const RelationKey& key : AllRelations()) {
      const auto found = weights_.find(RelationWeightName(1, RelationName(key)));
      if (key.parent != kind || found == weights_.end()) continue;
      const Steps& rows = zero_[Index(key.child)];
      out_.first.push_back({key, OfZero(found->second, MessageSteps(rows), key.child)});
      for (std::size_t o = 0; o < out_.hidden; ++o) {
        possible[o] += ReachOf(found->second, o, ReachesOf(rows, out_.levels()));
      }
    }
    std::sort(out_.first.begin(), out_.first.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    first_[k] = StepsFor(ranges_.kinds[k].first, possible, out_.levels());
    out_.first_inverse_steps[k] = first_[k].inverse;
  }

  void SecondLayer() {
    const std::size_t loan = Index(NodeKind::kLoan);
    const Tensor& self = Weight(SelfWeightName(2, NodeKind::kLoan));
    out_.second_self = OfFirst(self, first_[loan].steps, NodeKind::kLoan);
    out_.second_bias = Weight(SelfBiasName(2, NodeKind::kLoan)).values;
    std::vector<double> possible(out_.hidden);
    for (std::size_t o = 0; o < out_.hidden; ++o) {
      possible[o] = std::abs(static_cast<double>(out_.second_bias[o])) +
                    ReachOf(self, o, ReachesOf(first_[loan], out_.levels()));
    }
    for (const RelationKey& key : AllRelations()) {
      const auto found = weights_.find(RelationWeightName(2, RelationName(key)));
      if (found == weights_.end()) continue;
      const Steps& rows = first_[Index(key.child)];
      out_.second.push_back({key, OfFirst(found->second, MessageSteps(rows), key.child)});
      for (std::size_t o = 0; o < out_.hidden; ++o) {
        possible[o] += ReachOf(found->second, o, ReachesOf(rows, out_.levels()));
      }
    }
    second_ = StepsFor(ranges_.second, possible, 255.0);
    out_.second_inverse_steps = second_.inverse;
  }

  void Head() {
    const Tensor& hidden = Weight(std::string(kHeadHiddenWeight));
    const auto stride = static_cast<std::size_t>(hidden.shape[1]);
    const Steps& zero = zero_[Index(NodeKind::kLoan)];
    out_.head_zero = Map(hidden, 0, zero.steps, 8);
    out_.head_second = Map(hidden, out_.hidden, second_.steps, 8);
    out_.head_bias = Weight(std::string(kHeadHiddenBias)).values;
    out_.head_context.resize(std::size_t{out_.context} * out_.head);
    std::vector<double> reach = ReachesOf(zero, out_.levels());
    const std::vector<double> of_second = ReachesOf(second_, 255.0);
    reach.insert(reach.end(), of_second.begin(), of_second.end());
    reach.resize(stride, 1.0);  // contexts are rates and log counts
    std::vector<double> possible(out_.head);
    for (std::size_t z = 0; z < out_.head; ++z) {
      for (std::size_t x = 0; x < out_.context; ++x) {
        out_.head_context[x * out_.head + z] = hidden.values[z * stride + 2 * out_.hidden + x];
      }
      possible[z] = std::abs(static_cast<double>(out_.head_bias[z])) + ReachOf(hidden, z, reach);
    }
    const Steps steps = StepsFor(ranges_.head, possible, 255.0);
    out_.head_inverse_steps = steps.inverse;
    out_.output = Map(Weight(std::string(kHeadOutputWeight)), 0, steps.steps, 8);
    out_.output_bias = Weight(std::string(kHeadOutputBias)).values;
  }

  const TensorMap& weights_;
  const FeatureSchema& schema_;
  const ActivationRanges& ranges_;
  int bits_;
  std::array<Steps, QuantizedNetwork::kKinds> zero_;
  std::array<Steps, QuantizedNetwork::kKinds> first_;
  Steps second_;
  QuantizedNetwork out_;
};

}  // namespace

Result<QuantizedNetwork> QuantizeNetwork(const TensorMap& weights, const FeatureSchema& schema,
                                         const ActivationRanges& ranges, int bits) {
  RECOUP_CHECK(bits == 8 || bits == 4);
  RECOUP_TRY(CheckNetwork(weights, schema));
  RECOUP_ASSIGN(const NetworkWidths widths, WidthsOf(weights));
  QuantizedNetwork network = Quantizer(weights, schema, ranges, bits).Run(widths);
  RECOUP_TRY(CheckQuantizedNetwork(network, schema));
  return network;
}

}  // namespace recoup::model
