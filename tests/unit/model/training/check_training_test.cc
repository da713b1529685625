#include "model/training/check_training.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

const FeatureSchema& Schema() {
  static const FeatureSchema schema = testing::RandomSchema();
  return schema;
}

struct Examples {
  Examples() {
    for (std::uint64_t i = 0; i < 3; ++i) {
      inputs.push_back(testing::RandomNeighbourhood(Schema(), i));
    }
  }
  std::string Error() const {
    const auto checked = CheckTrainingSet({inputs, rates}, Schema(), "validation");
    if (checked.has_value()) return "no error";
    CHECK(checked.error().code == ErrorCode::kInvalidArgument);
    return checked.error().message;
  }

  std::vector<EncodedNeighbourhood> inputs;
  std::vector<double> rates = {0.0, 0.5, 1.0};
};

std::string ErrorOf(const std::function<void(TrainingOptions&)>& change) {
  TrainingOptions options;
  change(options);
  const auto checked = CheckTrainingOptions(options);
  if (checked.has_value()) return "no error";
  CHECK(checked.error().code == ErrorCode::kInvalidArgument);
  return checked.error().message;
}

TEST_CASE("Whole examples pass, with rates from 0 to 1") {
  CHECK(Examples().Error() == "no error");
}

TEST_CASE("An empty set is refused by its name") {
  CHECK(CheckTrainingSet({}, Schema(), "training").error().message ==
        "no examples in set: training");
}

TEST_CASE("As many rates as inputs are needed") {
  Examples examples;
  examples.rates.pop_back();
  CHECK(examples.Error() == "inputs and recovery rates differ in number in set: validation");
}

TEST_CASE("A rate outside 0 to 1, or none at all, is named with its example") {
  for (const double rate : {-0.01, 1.01, std::nan(""), HUGE_VAL}) {
    Examples examples;
    examples.rates[1] = rate;
    CHECK(examples.Error() == "recovery rate outside [0, 1]: validation example 1");
  }
}

TEST_CASE("An input that does not fit the schema is named with its example") {
  Examples examples;
  examples.inputs[2].Of(graph::NodeKind::kLoan).numeric.pop_back();
  CHECK(examples.Error().find("validation example 2") != std::string::npos);
}

TEST_CASE("Loans that are joined already are refused") {
  Examples examples;
  const std::vector<const EncodedNeighbourhood*> parts = {&examples.inputs[0], &examples.inputs[1]};
  examples.inputs[1] = Collate(parts);
  CHECK(examples.Error() == "input must hold one loan: validation example 1");
}

TEST_CASE("The default options pass") {
  CHECK(ErrorOf([](TrainingOptions&) {}) == "no error");
}

TEST_CASE("Every option has a range, and the one outside is named") {
  using Change = std::function<void(TrainingOptions&)>;
  const std::vector<std::pair<std::string, Change>> changes = {
      {"hidden_width", [](TrainingOptions& o) { o.hidden_width = 0; }},
      {"hidden_width", [](TrainingOptions& o) { o.hidden_width = 4097; }},
      {"head_width", [](TrainingOptions& o) { o.head_width = -1; }},
      {"batch_size", [](TrainingOptions& o) { o.batch_size = 0; }},
      {"max_epochs", [](TrainingOptions& o) { o.max_epochs = 0; }},
      {"patience", [](TrainingOptions& o) { o.patience = 0; }},
      {"threads", [](TrainingOptions& o) { o.threads = 0; }},
      {"learning_rate", [](TrainingOptions& o) { o.learning_rate = 0.0; }},
      {"learning_rate", [](TrainingOptions& o) { o.learning_rate = std::nan(""); }},
      {"weight_decay", [](TrainingOptions& o) { o.weight_decay = -1e-9; }},
      {"dropout", [](TrainingOptions& o) { o.dropout = 1.0; }},
      {"edge_dropout", [](TrainingOptions& o) { o.edge_dropout = 1.5; }},
  };
  for (const auto& [option, change] : changes) {
    INFO(option);
    CHECK(ErrorOf(change).starts_with("training option outside its range: " + option + " is "));
  }
}

TEST_CASE("All contexts of a set have the width that is asked for") {
  Examples examples;
  const auto fits = [&](std::size_t width) {
    return CheckTrainingSet({examples.inputs, examples.rates}, Schema(), "training", width)
        .has_value();
  };
  CHECK_FALSE(fits(2));
  for (EncodedNeighbourhood& input : examples.inputs) input.context = {1.0F, 2.0F};
  CHECK(fits(2));
  CHECK_FALSE(fits(0));
  examples.inputs[1].context.push_back(3.0F);
  CHECK_FALSE(fits(2));
}

TEST_CASE("The ends of a range are within it") {
  CHECK(ErrorOf([](TrainingOptions& o) { o.hidden_width = 4096; }) == "no error");
  CHECK(ErrorOf([](TrainingOptions& o) { o.dropout = 0.95; }) == "no error");
  CHECK(ErrorOf([](TrainingOptions& o) { o.edge_dropout = 1.0; }) == "no error");
  CHECK(ErrorOf([](TrainingOptions& o) { o.weight_decay = 0.0; }) == "no error");
}

}  // namespace
}  // namespace recoup::model
