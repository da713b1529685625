#include "model/evaluation/quantization_report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "model/artifact/quantized_file.h"
#include "model/artifact/safetensors.h"
#include "model/evaluation/attach_peers.h"
#include "model/evaluation/evenly_spaced.h"
#include "model/evaluation/metrics.h"
#include "model/evaluation/model_predictions.h"
#include "model/features/encode_examples.h"
#include "model/quantization/quantize_artifact.h"
#include "model/runtime/ensemble_predictor.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"

namespace recoup::model {
namespace {

using Json = nlohmann::ordered_json;

// Loans encoded as the model sees them, with what their peers say.
Result<std::vector<EncodedNeighbourhood>> InputsOf(const graph::GraphStore& store,
                                                   const PreparedData& data,
                                                   const ModelArtifact& artifact,
                                                   std::span<const Example> examples, int threads) {
  const Encoder encoder(artifact.schema, data.view->Attributes());
  RECOUP_ASSIGN(std::vector<EncodedNeighbourhood> inputs,
                EncodeExamples(store, encoder, artifact.sampling, examples, threads));
  RECOUP_TRY(AttachPeers(store, artifact, examples, inputs));
  return inputs;
}

// Of the training and validation parts.
std::vector<Example> LoansToCalibrateOn(const PreparedData& data, std::size_t count) {
  std::vector<Example> all = data.training;
  all.insert(all.end(), data.validation.begin(), data.validation.end());
  return EvenlySpaced<Example>(all, count);
}

// One by one, as a server is asked.
Result<double> MedianMicroseconds(const Predictor& network,
                                  std::span<const EncodedNeighbourhood> inputs) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kTimed = 2000;
  std::vector<double> times;
  for (const EncodedNeighbourhood& input : inputs.first(std::min(kTimed, inputs.size()))) {
    const Clock::time_point start = Clock::now();
    RECOUP_TRY(network.Predict({&input, 1}));
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

struct Form {
  FormFigures figures;
  std::vector<double> means;          // as served
  std::vector<double> network_means;  // before the ensemble
};

Result<Form> Measure(const ModelArtifact& artifact, std::unique_ptr<Predictor> network,
                     std::span<const EncodedNeighbourhood> inputs,
                     std::span<const double> outcomes) {
  Form form;
  RECOUP_ASSIGN(form.figures.network_us, MedianMicroseconds(*network, inputs));
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> alone, network->Predict(inputs));
  for (const RecoveryForecast& forecast : alone) {
    form.network_means.push_back(forecast.distribution.Mean());
  }
  std::unique_ptr<Predictor> whole = std::move(network);
  if (artifact.ensemble) {
    RECOUP_ASSIGN(whole, MakeEnsemblePredictor(artifact, std::move(whole)));
  }
  RECOUP_ASSIGN(const std::vector<RecoveryForecast> served, whole->Predict(inputs));
  const ModelPredictions predictions = PredictionsFromForecasts(served);
  form.figures.r_squared = RSquared(outcomes, predictions.mean);
  form.figures.crps = CrpsOfQuantiles(outcomes, predictions.quantiles);
  form.figures.coverage =
      QualityOfIntervals(outcomes, predictions.lower, predictions.upper).coverage;
  form.means = predictions.mean;
  return form;
}

double MeanChange(std::span<const double> before, std::span<const double> after) {
  double sum = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) sum += std::abs(after[i] - before[i]);
  return sum / static_cast<double>(before.size());
}

double MaxChange(std::span<const double> before, std::span<const double> after) {
  double largest = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    largest = std::max(largest, std::abs(after[i] - before[i]));
  }
  return largest;
}

std::string Figure(const char* format, double figure) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, figure);
  return text.data();
}

void CheckBound(const char* what, double figure, double bound, std::vector<std::string>* broken) {
  if (figure <= bound)
    return;  // what is not a number breaks no bound: there was nothing to compare
  if (std::isnan(figure)) return;
  broken->push_back(std::string(what) + " is " + Figure("%.5f", figure) + ", at most " +
                    Figure("%.3f", bound) + " is allowed");
}

Json ToJson(const QuantizationReport& report) {
  const auto form = [](const FormFigures& figures) {
    return Json{{"r_squared", figures.r_squared},
                {"crps", figures.crps},
                {"coverage", figures.coverage},
                {"network_bytes", figures.network_bytes}};
  };
  return {{"bits", report.bits},
          {"calibration_loans", report.calibration_loans},
          {"test_loans", report.test_loans},
          {"mean_change", report.mean_change},
          {"max_change", report.max_change},
          {"rank_correlation", report.rank_correlation},
          {"network_mean_change", report.network_mean_change},
          {"fp32", form(report.fp32)},
          {"quantized", form(report.quantized)}};
}

}  // namespace

std::vector<std::string> BrokenBounds(const QuantizationReport& report) {
  const QuantizationBounds bounds = BoundsOf(report.bits);
  std::vector<std::string> broken;
  CheckBound("mean change of the predicted recovery", report.mean_change, bounds.mean_change,
             &broken);
  CheckBound("loss of R2", report.fp32.r_squared - report.quantized.r_squared,
             bounds.r_squared_loss, &broken);
  CheckBound("change of the interval's coverage",
             std::abs(report.quantized.coverage - report.fp32.coverage), bounds.coverage_change,
             &broken);
  return broken;
}

Result<QuantizationReport> QuantizeAndMeasure(const graph::GraphStore& store,
                                              const QuantizeOptions& options,
                                              const Observer& observer, ModelArtifact* artifact) {
  RECOUP_ASSIGN(const PreparedData data, PrepareData(store, options.split, {}, observer));
  QuantizationReport report;
  report.bits = options.bits;
  {
    RECOUP_TRY(observer.Enter("encoding loans to calibrate on"));
    const std::vector<Example> some = LoansToCalibrateOn(data, options.calibration_loans);
    RECOUP_ASSIGN(const auto inputs, InputsOf(store, data, *artifact, some, options.threads));
    RECOUP_TRY(observer.Enter("rounding the network"));
    RECOUP_TRY(AddQuantized(inputs, options.bits, artifact));
    report.calibration_loans = some.size();
  }
  RECOUP_TRY(observer.Enter("encoding loans to measure on"));
  RECOUP_ASSIGN(const auto inputs, InputsOf(store, data, *artifact, data.test, options.threads));
  RECOUP_TRY(observer.Enter("forecasting in both forms"));
  RECOUP_ASSIGN(std::unique_ptr<Predictor> portable, MakePortablePredictor(*artifact));
  RECOUP_ASSIGN(std::unique_ptr<Predictor> integer,
                MakeQuantizedPredictor(*artifact, options.bits));
  RECOUP_ASSIGN(const Form before,
                Measure(*artifact, std::move(portable), inputs, data.outcomes.test));
  RECOUP_ASSIGN(const Form after,
                Measure(*artifact, std::move(integer), inputs, data.outcomes.test));
  report.test_loans = inputs.size();
  report.mean_change = MeanChange(before.means, after.means);
  report.max_change = MaxChange(before.means, after.means);
  report.rank_correlation = SpearmanCorrelation(before.means, after.means);
  report.network_mean_change = MeanChange(before.network_means, after.network_means);
  report.fp32 = before.figures;
  report.quantized = after.figures;
  report.fp32.network_bytes = WriteSafetensors(artifact->weights).size();
  report.quantized.network_bytes =
      WriteQuantizedNetwork(options.bits == 8 ? *artifact->int8 : *artifact->int4).size();
  return report;
}

std::string RenderText(const QuantizationReport& report) {
  const auto row = [](const char* name, const std::string& before, const std::string& after) {
    std::array<char, 128> line{};
    std::snprintf(line.data(), line.size(), "  %-28s %10s %10s\n", name, before.c_str(),
                  after.c_str());
    return std::string(line.data());
  };
  const FormFigures& before = report.fp32;
  const FormFigures& after = report.quantized;
  std::string text = "network in " + std::to_string(report.bits) + " bits: steps from " +
                     std::to_string(report.calibration_loans) + " loans, judged on " +
                     std::to_string(report.test_loans) + " others\n";
  text += row("", "fp32", "int" + std::to_string(report.bits));
  text += row("R2", Figure("%.4f", before.r_squared), Figure("%.4f", after.r_squared));
  text += row("CRPS", Figure("%.4f", before.crps), Figure("%.4f", after.crps));
  text += row("coverage of the interval", Figure("%.3f", before.coverage),
              Figure("%.3f", after.coverage));
  text += row("network, bytes", std::to_string(before.network_bytes),
              std::to_string(after.network_bytes));
  text += row("network, us a loan", Figure("%.2f", before.network_us),
              Figure("%.2f", after.network_us));
  text += "change of the predicted recovery: mean " + Figure("%.5f", report.mean_change) +
          ", at most " + Figure("%.4f", report.max_change) + " (network alone: mean " +
          Figure("%.5f", report.network_mean_change) + ")\n";
  text += "rank correlation: " + Figure("%.6f", report.rank_correlation) + "\n";
  return text;
}

std::string RenderJson(const QuantizationReport& report) {
  Json json = ToJson(report);
  json["fp32"]["network_us"] = report.fp32.network_us;
  json["quantized"]["network_us"] = report.quantized.network_us;
  json["broken_bounds"] = BrokenBounds(report);
  return json.dump() + "\n";
}

std::string CardWith(const std::string& card_json, const QuantizationReport& report) {
  Json card = Json::parse(card_json, nullptr, /*allow_exceptions=*/false);
  if (!card.is_object()) card = Json::object();
  Json& forms = card["quantization"];
  if (!forms.is_object()) forms = Json::object();  // a card may hold anything under this name
  forms["int" + std::to_string(report.bits)] = ToJson(report);
  return card.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace recoup::model
