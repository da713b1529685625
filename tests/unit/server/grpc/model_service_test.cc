#include "tests/unit/server/grpc/test_server.h"

namespace recoup::server {
namespace {

TEST_CASE("Models and cards are answered; an unknown version is not found") {
  const TestServer server;
  v1::ListModelsResponse models;
  grpc::ClientContext first;
  REQUIRE(server.model->ListModels(&first, {}, &models).ok());
  REQUIRE(models.models_size() == 1);
  CHECK(models.models(0).active());

  v1::GetModelCardRequest request;
  v1::GetModelCardResponse card;
  grpc::ClientContext second;
  REQUIRE(server.model->GetModelCard(&second, request, &card).ok());
  CHECK(card.model().version() == "v1");
  CHECK(card.card_json() == R"({"metrics":{}})");

  request.set_version("v9");
  grpc::ClientContext third;
  CHECK(server.model->GetModelCard(&third, request, &card).error_code() ==
        grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace recoup::server
