#include "server/lifecycle/model_repository.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace recoup::server {
namespace {

namespace fs = std::filesystem;

class FakePredictor : public model::Predictor {
 public:
  explicit FakePredictor(std::string backend) : backend_(std::move(backend)) {}
  Result<std::vector<model::RecoveryForecast>> Predict(
      std::span<const model::EncodedNeighbourhood>) const override {
    return std::vector<model::RecoveryForecast>{};
  }
  std::string_view backend() const override { return backend_; }

 private:
  std::string backend_;
};

/// Reads the version from the file `version`; the file `fault` makes the model damaged.
Result<model::ModelArtifact> ReadFake(const fs::path& directory) {
  if (fs::exists(directory / "fault")) {
    return Error{ErrorCode::kDataLoss, "weights.safetensors: checksum disagrees"};
  }
  model::ModelArtifact artifact;
  std::ifstream(directory / "version") >> artifact.version;
  artifact.checksum = "c-" + artifact.version;
  artifact.card_json = "{}";
  return artifact;
}

Result<std::shared_ptr<const model::Predictor>> MakeFake(const model::ModelArtifact&,
                                                         std::string_view backend) {
  if (backend == "torch") {
    return Error{ErrorCode::kFailedPrecondition, "LibTorch is not installed"};
  }
  return std::shared_ptr<const model::Predictor>(
      std::make_shared<FakePredictor>(std::string(backend)));
}

const ModelLoader kFakeLoader{&ReadFake, &MakeFake};

void AddModel(const fs::path& models, const std::string& directory, const std::string& version) {
  fs::create_directories(models / directory);
  std::ofstream(models / directory / "version") << version;
}

void Damage(const fs::path& models, const std::string& directory) {
  std::ofstream(models / directory / "fault") << "yes";
}

Result<std::unique_ptr<ModelRepository>> OpenFake(const fs::path& models,
                                                  const std::string& version = {},
                                                  const std::string& backend = "auto") {
  return ModelRepository::Open(models, {version, backend}, kFakeLoader);
}

TEST_CASE("A missing or empty directory opens and says what to do when valuing") {
  TemporaryDirectory models;
  for (const fs::path& path : {models.path(), models.path() / "absent"}) {
    const auto repository = OpenFake(path);
    REQUIRE(repository);
    CHECK((*repository)->List().empty());
    const auto active = (*repository)->Active();
    REQUIRE_FALSE(active);
    CHECK(active.error() ==
          Error{ErrorCode::kFailedPrecondition,
                "no model in " + path.string() + ": train one with recoup train"});
    CHECK((*repository)->Card("").error().code == ErrorCode::kFailedPrecondition);
  }
}

TEST_CASE("The highest version is active, compared naturally") {
  TemporaryDirectory models;
  AddModel(models.path(), "a", "2026-11-20-10");
  AddModel(models.path(), "b", "2026-11-20-9");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  CHECK((*(*repository)->Active())->artifact.version == "2026-11-20-10");
  CHECK((*(*repository)->Active())->predictor->backend() == "auto");
  const auto& entries = (*repository)->List();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].version == "2026-11-20-9");
  CHECK_FALSE(entries[0].active);
  CHECK(entries[1].active);
  CHECK(entries[1].artifact_checksum == "c-2026-11-20-10");
}

TEST_CASE("A damaged model is listed with its fault and does not stop the good ones") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  AddModel(models.path(), "v2", "v2");
  Damage(models.path(), "v2");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  CHECK((*(*repository)->Active())->artifact.version == "v1");
  REQUIRE((*repository)->List().size() == 2);
  CHECK((*repository)->List()[1].version == "v2");
  CHECK((*repository)->List()[1].fault == "weights.safetensors: checksum disagrees");
  CHECK((*repository)->Card("v2")->fault == "weights.safetensors: checksum disagrees");
}

TEST_CASE("When every model is damaged, valuing names the newest fault") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  Damage(models.path(), "v1");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  const auto active = (*repository)->Active();
  REQUIRE_FALSE(active);
  CHECK(active.error() ==
        Error{ErrorCode::kFailedPrecondition, "no usable model in " + models.path().string() +
                                                  ": v1: weights.safetensors: checksum disagrees"});
}

TEST_CASE("A named version is used, and must exist and be whole") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  AddModel(models.path(), "v2", "v2");
  AddModel(models.path(), "v3", "v3");
  Damage(models.path(), "v3");
  CHECK((*(*OpenFake(models.path(), "v1"))->Active())->artifact.version == "v1");
  CHECK(OpenFake(models.path(), "v9").error() ==
        Error{ErrorCode::kNotFound, "no such model in " + models.path().string() + ": v9"});
  CHECK(OpenFake(models.path(), "v3").error() ==
        Error{ErrorCode::kDataLoss, "model v3: weights.safetensors: checksum disagrees"});
}

TEST_CASE("A backend that is not installed stops the opening") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  const auto repository = OpenFake(models.path(), "", "torch");
  REQUIRE_FALSE(repository);
  CHECK(repository.error() ==
        Error{ErrorCode::kFailedPrecondition, "model v1: LibTorch is not installed"});
}

TEST_CASE("Hidden directories and plain files are not models") {
  TemporaryDirectory models;
  AddModel(models.path(), ".half-written", "v9");
  AddModel(models.path(), "v1", "v1");
  std::ofstream(models.path() / "notes.txt") << "hello";
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  CHECK((*repository)->List().size() == 1);
}

TEST_CASE("Two directories of one version: the first is used, the second says so") {
  TemporaryDirectory models;
  AddModel(models.path(), "a", "v1");
  AddModel(models.path(), "b", "v1");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  const auto& entries = (*repository)->List();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].active);
  CHECK(entries[1].fault.starts_with("another directory holds this version: "));
  CHECK((*repository)->Card("v1")->fault.empty());
}

TEST_CASE("A damaged model leaves its version to a good copy in another directory") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  Damage(models.path(), "v1");
  AddModel(models.path(), "v1-copy", "v1");
  AddModel(models.path(), "v1-twin", "v1");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  const auto& entries = (*repository)->List();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].fault == "weights.safetensors: checksum disagrees");
  CHECK(entries[1].fault.empty());
  CHECK(entries[1].active);
  CHECK(entries[2].fault ==
        "another directory holds this version: " + (models.path() / "v1-copy").string());
}

TEST_CASE("A model directory given as the models directory is its only model") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  std::ofstream(models.path() / "v1" / "manifest.json") << "{}";
  const auto repository = OpenFake(models.path() / "v1");
  REQUIRE(repository);
  CHECK((*repository)->List().size() == 1);
}

TEST_CASE("A file in place of the models directory is refused") {
  TemporaryDirectory models;
  std::ofstream(models.path() / "file") << "x";
  const auto repository = OpenFake(models.path() / "file");
  REQUIRE_FALSE(repository);
  CHECK(repository.error().code == ErrorCode::kFailedPrecondition);
}

TEST_CASE("A card is found by version, the active one by an empty version") {
  TemporaryDirectory models;
  AddModel(models.path(), "v1", "v1");
  AddModel(models.path(), "v2", "v2");
  const auto repository = OpenFake(models.path());
  REQUIRE(repository);
  CHECK((*repository)->Card("")->version == "v2");
  CHECK((*repository)->Card("v1")->version == "v1");
  CHECK((*repository)->Card("v7").error() ==
        Error{ErrorCode::kNotFound, "no such model in " + models.path().string() + ": v7"});
}

}  // namespace
}  // namespace recoup::server
