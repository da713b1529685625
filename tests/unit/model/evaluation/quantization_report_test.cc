#include "model/evaluation/quantization_report.h"

#include <atomic>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "model/artifact/quantized_file.h"
#include "model/artifact/safetensors.h"
#include "model/evaluation/train_model.h"
#include "model/features/encode_examples.h"
#include "model/quantization/quantize_artifact.h"
#include "tests/unit/model/evaluation/fake_plugin.h"
#include "tests/unit/model/evaluation/loan_world.h"
#include "tests/unit/model/learning/peer_world.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using Catch::Approx;
using nlohmann::json;

// Within every bound of 8 bits, with figures that are all different.
QuantizationReport Report() {
  QuantizationReport report;
  report.calibration_loans = 4321;
  report.test_loans = 1234;
  report.mean_change = 0.00125;
  report.max_change = 0.0625;
  report.rank_correlation = 0.984375;
  report.network_mean_change = 0.0015;
  report.fp32 = {0.3125, 0.125, 0.75, 163'172, 13.25};
  report.quantized = {0.311, 0.126, 0.753, 57'581, 3.5};
  return report;
}

TEST_CASE("A report within its bounds breaks none, at the bounds too") {
  CHECK(BrokenBounds(Report()).empty());
  QuantizationReport report = Report();
  report.mean_change = 0.002;
  CHECK(BrokenBounds(report).empty());
  report.bits = 4;
  report.mean_change = 0.01;
  report.quantized.r_squared = 0.303;  // loses 0.0095
  report.quantized.coverage = 0.7401;
  CHECK(BrokenBounds(report).empty());
}

TEST_CASE("Each bound that is broken is a sentence with both numbers") {
  QuantizationReport report = Report();
  report.mean_change = 0.0021;
  REQUIRE(BrokenBounds(report).size() == 1);
  CHECK(BrokenBounds(report)[0] ==
        "mean change of the predicted recovery is 0.00210, at most 0.002 is allowed");
  report = Report();
  report.quantized.r_squared = 0.3095;  // loses 0.003
  REQUIRE(BrokenBounds(report).size() == 1);
  CHECK(BrokenBounds(report)[0] == "loss of R2 is 0.00300, at most 0.002 is allowed");
  report = Report();
  report.quantized.coverage = 0.74;  // by 0.01, whichever way
  REQUIRE(BrokenBounds(report).size() == 1);
  CHECK(BrokenBounds(report)[0].find("coverage is 0.01000, at most 0.005") != std::string::npos);
  report.quantized.coverage = 0.7575;
  CHECK(BrokenBounds(report).size() == 1);
  report.mean_change = 0.5;
  report.quantized.r_squared = -1.0;
  CHECK(BrokenBounds(report).size() == 3);
  report.bits = 4;
  report.mean_change = 0.0101;
  CHECK(BrokenBounds(report).size() == 2);  // 0.01 of coverage are allowed
}

TEST_CASE("A form that is better than the original breaks no bound") {
  QuantizationReport report = Report();
  report.quantized.r_squared = 0.9;
  CHECK(BrokenBounds(report).empty());
}

// Outcomes that are all equal have no R2 in either form: nothing to compare. Infinity is a figure.
TEST_CASE("A figure that is not defined breaks no bound, an infinite one does") {
  QuantizationReport report = Report();
  report.fp32.r_squared = report.quantized.r_squared = std::nan("");
  CHECK(BrokenBounds(report).empty());
  report.mean_change = std::numeric_limits<double>::infinity();
  CHECK(BrokenBounds(report).size() == 1);
}

TEST_CASE("Four bits may lose more than eight, and both little") {
  CHECK(BoundsOf(8).mean_change < BoundsOf(4).mean_change);
  CHECK(BoundsOf(8).r_squared_loss < BoundsOf(4).r_squared_loss);
  CHECK(BoundsOf(8).coverage_change < BoundsOf(4).coverage_change);
}

TEST_CASE("Text and JSON carry the same figures") {
  const QuantizationReport report = Report();
  const std::string text = RenderText(report);
  for (const char* figure :
       {"network in 8 bits", "4321 loans", "1234 others", "fp32", "int8", "0.3125", "0.3110",
        "0.1250", "0.1260", "0.750", "0.753", "163172", "57581", "13.25", "3.50", "mean 0.00125",
        "at most 0.0625", "network alone: mean 0.00150", "0.984375"}) {
    INFO(figure);
    CHECK(text.find(figure) != std::string::npos);
  }
  const json parsed = json::parse(RenderJson(report));
  CHECK(parsed == json::parse(R"({"bits":8,"calibration_loans":4321,"test_loans":1234,
    "mean_change":0.00125,"max_change":0.0625,"rank_correlation":0.984375,
    "network_mean_change":0.0015,
    "fp32":{"r_squared":0.3125,"crps":0.125,"coverage":0.75,"network_bytes":163172,
            "network_us":13.25},
    "quantized":{"r_squared":0.311,"crps":0.126,"coverage":0.753,"network_bytes":57581,
                 "network_us":3.5},
    "broken_bounds":[]})"));
  QuantizationReport broken = report;
  broken.mean_change = 0.5;
  CHECK(json::parse(RenderJson(broken))["broken_bounds"][0] == BrokenBounds(broken)[0]);
}

TEST_CASE("A figure that is not defined is null in JSON") {
  QuantizationReport report = Report();
  report.fp32.r_squared = std::nan("");
  CHECK(json::parse(RenderJson(report))["fp32"]["r_squared"].is_null());
}

TEST_CASE("A card keeps its other members, and each form its own report") {
  const std::string card = R"({"version":"v1","data":{"a":[1,2]},"quantization":{"int4":{"x":1}}})";
  const std::string with = CardWith(card, Report());
  const json parsed = json::parse(with);
  CHECK(parsed["version"] == "v1");
  CHECK(parsed["data"] == json::parse(R"({"a":[1,2]})"));
  CHECK(parsed["quantization"]["int4"] == json::parse(R"({"x":1})"));
  CHECK(parsed["quantization"]["int8"]["test_loans"] == 1234);
  // Times are another machine's tomorrow: the same store must give the same card.
  CHECK_FALSE(parsed["quantization"]["int8"]["fp32"].contains("network_us"));
  CHECK(CardWith(with, Report()) == with);
  CHECK(with.find("\"version\"") < with.find("\"data\""));  // the order stays
}

TEST_CASE("A card whose quantization is something else gets a new one") {
  for (const char* card : {R"({"quantization":"none","a":1})", R"({"quantization":[8],"a":1})",
                           R"({"quantization":null,"a":1})"}) {
    const json parsed = json::parse(CardWith(card, Report()));
    CHECK(parsed["a"] == 1);
    CHECK(parsed["quantization"]["int8"]["bits"] == 8);
  }
  CHECK(json::parse(CardWith("[]", Report()))["quantization"]["int8"]["bits"] == 8);
}

struct Measured {
  explicit Measured(int bits = 8, std::size_t loans = 200) {
    artifact.version = "v1";
    const PreparedData data = PrepareData(*store, {}, {}, {}).value();
    artifact.schema = data.schema;
    test_loans = data.test.size();
    artifact.weights = testing::RandomWeights(data.schema, {16, 12}, 5);
    artifact.card_json = "{}";
    options.bits = bits;
    options.calibration_loans = loans;
  }
  Result<QuantizationReport> Run() {
    return QuantizeAndMeasure(*store, options, observer, &artifact);
  }

  std::unique_ptr<graph::GraphStore> store = testing::MakeLoanWorld(600);
  ModelArtifact artifact;
  std::size_t test_loans = 0;
  QuantizeOptions options;
  Observer observer;
};

TEST_CASE("A network is rounded with some loans and judged on those of the test part") {
  for (const int bits : {8, 4}) {
    Measured one(bits);
    std::set<std::string> stages;
    one.observer.progress = [&](const EvaluationProgress& p) { stages.emplace(p.stage); };
    const auto report = one.Run();
    REQUIRE(report.has_value());
    CHECK(report->bits == bits);
    CHECK(report->calibration_loans == 200);
    CHECK(report->test_loans == one.test_loans);
    CHECK(report->mean_change > 0.0);
    CHECK(report->mean_change < 0.01);
    CHECK(report->max_change >= report->mean_change);
    CHECK(report->network_mean_change == report->mean_change);  // there is no ensemble
    CHECK(report->rank_correlation > 0.9);
    CHECK(report->rank_correlation <= 1.0);
    CHECK(report->fp32.r_squared == Approx(report->quantized.r_squared).margin(0.02));
    CHECK_FALSE(report->fp32.r_squared == report->quantized.r_squared);
    CHECK(report->fp32.network_us > 0.0);
    CHECK(report->quantized.network_us > 0.0);
    const auto& network = bits == 8 ? one.artifact.int8 : one.artifact.int4;
    REQUIRE(network.has_value());
    CHECK_FALSE((bits == 8 ? one.artifact.int4 : one.artifact.int8).has_value());
    CHECK(report->quantized.network_bytes == WriteQuantizedNetwork(*network).size());
    CHECK(report->fp32.network_bytes == WriteSafetensors(one.artifact.weights).size());
    CHECK(report->quantized.network_bytes < report->fp32.network_bytes);
    CHECK(stages.contains("rounding the network"));
    CHECK(stages.contains("forecasting in both forms"));
  }
}

// The figures are those of both forms' forecasts: the change agrees with what rounding itself says.
TEST_CASE("The change is that of the means on the test loans") {
  Measured one;
  const auto report = one.Run();
  REQUIRE(report.has_value());
  const PreparedData data = PrepareData(*one.store, {}, {}, {}).value();
  const Encoder encoder(one.artifact.schema, data.view->Attributes());
  const auto inputs =
      EncodeExamples(*one.store, encoder, one.artifact.sampling, data.test, 1).value();
  const RoundingChange change = ChangeByRounding(one.artifact, 8, inputs).value();
  CHECK(report->mean_change == Approx(change.mean));
  CHECK(report->max_change == Approx(change.max));
}

TEST_CASE("Loans to calibrate on are spread evenly over training and validation") {
  Measured one(8, 100);
  REQUIRE(one.Run().has_value());
  const PreparedData data = PrepareData(*one.store, {}, {}, {}).value();
  std::vector<Example> all = data.training;
  all.insert(all.end(), data.validation.begin(), data.validation.end());
  std::vector<Example> spread;
  for (std::size_t i = 0; i < 100; ++i) spread.push_back(all[i * all.size() / 100]);
  const Encoder encoder(one.artifact.schema, data.view->Attributes());
  const auto inputs = EncodeExamples(*one.store, encoder, one.artifact.sampling, spread, 1).value();
  ModelArtifact expected = one.artifact;
  REQUIRE(AddQuantized(inputs, 8, &expected).has_value());
  CHECK(expected.int8 == one.artifact.int8);
}

TEST_CASE("Beside a form of 8 bits one of 4 is judged by its own bytes") {
  Measured one;
  REQUIRE(one.Run().has_value());
  one.options.bits = 4;
  const auto report = one.Run();
  REQUIRE(report.has_value());
  CHECK(report->quantized.network_bytes == WriteQuantizedNetwork(*one.artifact.int4).size());
  CHECK(one.artifact.int8.has_value());
}

TEST_CASE("Fewer loans than asked for are all calibrated on") {
  Measured one(8, 1'000'000);
  const auto report = one.Run();
  REQUIRE(report.has_value());
  CHECK(report->calibration_loans == 450);  // 75 % of 600: training and validation
}

TEST_CASE("The same store gives the same network and figures, with any number of threads") {
  Measured one;
  Measured other;
  other.options.threads = 1;
  const auto first = one.Run();
  const auto second = other.Run();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(one.artifact.int8 == other.artifact.int8);
  CHECK(CardWith("{}", *first) == CardWith("{}", *second));
}

TEST_CASE("Being told to stop is an error, and so is a network that is not whole") {
  Measured one;
  const std::atomic<bool> stop{true};
  one.observer.stop = &stop;
  const auto stopped = one.Run();
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  Measured broken;
  broken.artifact.weights.erase("head.hidden.bias");
  const auto refused = broken.Run();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kDataLoss);
}

// The network has a share in the ensemble's forecast only: what it loses, the forecast loses less.
TEST_CASE("With an ensemble the change is that of what is served") {
  const auto store = testing::PeerWorld(1500, 1).Store();
  const testing::FakePlugin plugin;
  TrainModelOptions training{.version = "v1"};
  training.ensemble = testing::SmallWalk().ensemble;
  TrainedModel model = TrainModel(*store, plugin, training).value();
  graph::FactBatch ledger;
  ledger.facts = std::move(model.ledger);
  REQUIRE(store->Apply(ledger).has_value());
  ModelArtifact& artifact = model.artifact;
  const NetworkWidths widths = WidthsOf(artifact.weights).value();
  REQUIRE(widths.context > 0);
  artifact.weights = testing::RandomWeights(artifact.schema, {16, 12, widths.context}, 5);
  artifact.int8.reset();
  artifact.ensemble->network_weight = 0.25;
  QuantizeOptions options;
  options.calibration_loans = 200;
  const auto report = QuantizeAndMeasure(*store, options, {}, &artifact);
  if (!report.has_value()) FAIL(report.error().message);
  CHECK(report->network_mean_change > 0.0);
  CHECK(report->mean_change > 0.0);
  CHECK(report->mean_change < 0.5 * report->network_mean_change);
}

}  // namespace
}  // namespace recoup::model
