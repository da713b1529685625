#include "server/lifecycle/model_loader.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::server {
namespace {

// A model with the forms whose bits are named.
model::ModelArtifact WithForms(const std::vector<int>& forms) {
  constexpr model::NetworkWidths kWidths{5, 7};
  model::ModelArtifact artifact = model::testing::RandomArtifact(kWidths, 3);
  for (const int bits : forms) {
    (bits == 8 ? artifact.int8 : artifact.int4) =
        model::testing::RandomQuantized(artifact.schema, kWidths, static_cast<std::uint8_t>(bits),
                                        1)
            .Take();
  }
  return artifact;
}

// What computes, or the code of the error.
std::string Chosen(const std::vector<int>& forms, std::string_view backend) {
  const auto made = DefaultModelLoader().make_predictor(WithForms(forms), backend);
  if (!made) return "error " + std::to_string(static_cast<int>(made.error().code));
  return std::string((*made)->backend());
}

TEST_CASE("Auto and local take 8 bits before 4, and the original where there are neither") {
  for (const char* backend : {"auto", "local"}) {
    CHECK(Chosen({8, 4}, backend) == "local-int8");
    CHECK(Chosen({8}, backend) == "local-int8");
    CHECK(Chosen({4}, backend) == "local-int4");
    CHECK(Chosen({}, backend) == "local-fp32");
  }
}

TEST_CASE("A form that is asked for by name is that one or none") {
  const std::string absent =
      "error " + std::to_string(static_cast<int>(ErrorCode::kFailedPrecondition));
  CHECK(Chosen({8, 4}, "local-int4") == "local-int4");
  CHECK(Chosen({8, 4}, "local-int8") == "local-int8");
  CHECK(Chosen({8, 4}, "local-fp32") == "local-fp32");
  CHECK(Chosen({8}, "local-int4") == absent);
  CHECK(Chosen({4}, "local-int8") == absent);
}

TEST_CASE("The form that was chosen is the one that forecasts") {
  const model::ModelArtifact artifact = WithForms({8, 4});
  const auto input = model::testing::RandomNeighbourhood(artifact.schema, 1);
  const auto forecast = [&](std::string_view backend) {
    return DefaultModelLoader()
        .make_predictor(artifact, backend)
        .value()
        ->Predict({&input, 1})
        .value()[0];
  };
  CHECK(forecast("auto") == forecast("local-int8"));
  CHECK_FALSE(forecast("auto") == forecast("local-int4"));
  CHECK_FALSE(forecast("auto") == forecast("local-fp32"));
}

TEST_CASE("An unknown backend is refused by name") {
  const auto made = DefaultModelLoader().make_predictor({}, "gpu");
  REQUIRE_FALSE(made);
  CHECK(made.error() == Error{ErrorCode::kInvalidArgument,
                              "unknown backend; known are auto, local, local-fp32, local-int8, "
                              "local-int4, torch: gpu"});
}

TEST_CASE("A directory that is not there is not found") {
  const auto read = DefaultModelLoader().read("/nonexistent/model");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recoup::server
