#include "server/lifecycle/model_loader.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::server {
namespace {

TEST_CASE("An unknown backend is refused by name") {
  const auto made = DefaultModelLoader().make_predictor({}, "gpu");
  REQUIRE_FALSE(made);
  CHECK(made.error() == Error{ErrorCode::kInvalidArgument,
                              "unknown backend; known are auto, local, local-fp32, local-int8, local-int4, torch: gpu"});
}

TEST_CASE("A directory that is not there is not found") {
  const auto read = DefaultModelLoader().read("/nonexistent/model");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recoup::server
