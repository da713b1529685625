#include "model/artifact/model_artifact.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "model/artifact/manifest.h"
#include "model/artifact/quantized_file.h"
#include "model/artifact/sha256.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/model/artifact/random_ensemble.h"
#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kFiles = {"manifest.json", "weights.safetensors", "features.json",
                                         "calibration.json", "card.json"};
const std::vector<std::string> kAllFiles = {
    "manifest.json", "weights.safetensors", "features.json",    "calibration.json",
    "card.json",     "ensemble.bin",        "network.int8.bin", "network.int4.bin"};

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Spill(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

ModelArtifact SmallArtifact() { return testing::RandomArtifact({4, 6}, 1); }

ModelArtifact WithEnsemble() {
  ModelArtifact artifact = SmallArtifact();
  artifact.ensemble = testing::RandomEnsemble(artifact.schema, 1);
  return artifact;
}

QuantizedNetwork Quantized(std::uint8_t bits, NetworkWidths widths = {4, 6}) {
  return testing::RandomQuantized(testing::RandomSchema(), widths, bits, 1).Take();
}

// With everything that a model may have.
ModelArtifact WithAll() {
  ModelArtifact artifact = WithEnsemble();
  artifact.int8 = Quantized(8);
  artifact.int4 = Quantized(4);
  return artifact;
}

void RequireError(const Result<ModelArtifact>& read, ErrorCode code, const std::string& part) {
  REQUIRE_FALSE(read.has_value());
  INFO(read.error().message);
  CHECK(read.error().code == code);
  CHECK(read.error().message.find(part) != std::string::npos);
}

TEST_CASE("A model survives the way to disk and back") {
  const TemporaryDirectory scratch;
  ModelArtifact artifact = SmallArtifact();
  const auto checksum = WriteArtifact(scratch / "model", artifact);
  REQUIRE(checksum.has_value());
  const auto read = ReadArtifact(scratch / "model");
  REQUIRE(read.has_value());
  artifact.checksum = *checksum;
  CHECK(*read == artifact);
  CHECK(*checksum == Sha256Hex(Slurp(scratch / "model" / "manifest.json")));
}

TEST_CASE("Equal models give equal bytes, and nothing is left beside them") {
  const TemporaryDirectory scratch;
  REQUIRE(WriteArtifact(scratch / "a", SmallArtifact()).has_value());
  REQUIRE(WriteArtifact(scratch / "b/", SmallArtifact()).has_value());
  for (const std::string& file : kFiles)
    CHECK(Slurp(scratch / "a" / file) == Slurp(scratch / "b" / file));
  CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 2);
}

TEST_CASE("A directory that exists is not touched") {
  const TemporaryDirectory scratch;
  fs::create_directory(scratch / "model");
  const auto written = WriteArtifact(scratch / "model", SmallArtifact());
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::kAlreadyExists);
  CHECK(fs::is_empty(scratch / "model"));
}

TEST_CASE("A model that is not whole is not written") {
  const TemporaryDirectory scratch;
  std::vector<ModelArtifact> broken(5, SmallArtifact());
  broken[0].weights.erase("head.output.bias");
  broken[1].version = "a/b";
  broken[2].calibration.coverage = 1.0;
  broken[3].card_json = "not json";
  broken[4].version = "";
  for (const ModelArtifact& artifact : broken) {
    const auto written = WriteArtifact(scratch / "model", artifact);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("A disk that refuses is an error and leaves nothing behind") {
  const TemporaryDirectory scratch;
  Spill(scratch / "file", "a file where a directory is needed");
  const auto written = WriteArtifact(scratch / "file" / "model", SmallArtifact());
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("Every damaged byte of every file is noticed") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  for (const std::string& file : kAllFiles) {
    const std::string whole = Slurp(model / file);
    const std::size_t stride = file == "manifest.json" ? 1 : 1 + whole.size() / 40;
    for (std::size_t at = 0; at < whole.size(); at += stride) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      Spill(model / file, damaged);
      const auto read = ReadArtifact(model);
      INFO(file << " byte " << at);
      REQUIRE_FALSE(read.has_value());
      if (file != "manifest.json") REQUIRE(read.error().code == ErrorCode::kDataLoss);
      if (file != "manifest.json") {
        REQUIRE(read.error().message.find(file) != std::string::npos);
      }
    }
    Spill(model / file, whole);
  }
  CHECK(ReadArtifact(model).has_value());
}

TEST_CASE("Every truncated file is noticed") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  for (const std::string& file : kAllFiles) {
    const std::string whole = Slurp(model / file);
    for (const std::size_t length : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      Spill(model / file, whole.substr(0, length));
      RequireError(ReadArtifact(model), ErrorCode::kDataLoss, file);
    }
    Spill(model / file, whole);
  }
}

// Flips up to three bits, or now and then cuts the file.
std::string Damaged(std::string bytes, std::mt19937& random) {
  if (random() % 8 == 0) return bytes.substr(0, random() % bytes.size());
  for (std::size_t flips = 1 + random() % 3; flips-- > 0;) {
    bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
  }
  return bytes;
}

TEST_CASE("Ten thousand random flips and cuts over all files are refused") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  std::vector<std::string> whole;
  for (const std::string& file : kAllFiles) whole.push_back(Slurp(model / file));
  std::mt19937 random(13);
  std::size_t survived = 0;
  std::size_t with_another_code = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t file = random() % kAllFiles.size();
    const std::string damaged = Damaged(whole[file], random);
    Spill(model / kAllFiles[file], damaged);
    const auto read = ReadArtifact(model);
    if (read && damaged != whole[file]) ++survived;
    // Damage to the manifest may make it another program's, or one of a newer format.
    if (!read && file != 0 && read.error().code != ErrorCode::kDataLoss) ++with_another_code;
    Spill(model / kAllFiles[file], whole[file]);
  }
  CHECK(survived == 0);
  CHECK(with_another_code == 0);
  CHECK(ReadArtifact(model).has_value());
}

TEST_CASE("A missing directory or file is not found") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  RequireError(ReadArtifact(model), ErrorCode::kNotFound, "no such model directory");
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  for (const std::string& file : kAllFiles) {
    fs::rename(model / file, scratch / file);
    RequireError(ReadArtifact(model), ErrorCode::kNotFound, file);
    fs::rename(scratch / file, model / file);
  }
}

TEST_CASE("A foreign directory is not a model") {
  const TemporaryDirectory scratch;
  RequireError(ReadArtifact(scratch.path()), ErrorCode::kInvalidArgument, "not a Recoup model");
  Spill(scratch / "manifest.json", R"({"name":"a web page","format_version":9})");
  RequireError(ReadArtifact(scratch.path()), ErrorCode::kInvalidArgument, "not a Recoup model");
}

TEST_CASE("A newer format asks for an upgrade") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, SmallArtifact()).has_value());
  Spill(model / "manifest.json",
        R"({"format":"recoup-model","format_version":4,"unknown":[1,2,3]})");
  RequireError(ReadArtifact(model), ErrorCode::kFailedPrecondition, "newer");
}

// Someone who rewrites a file and the manifest's checksum, too, must still meet every check.
void Replace(const fs::path& model, const std::string& file, const std::string& bytes) {
  Manifest manifest = ReadManifest(Slurp(model / "manifest.json")).value();
  manifest.sha256[file] = Sha256Hex(bytes);
  Spill(model / file, bytes);
  Spill(model / "manifest.json", WriteManifest(manifest));
}

TEST_CASE("A model with an ensemble survives the way to disk and back, as format 2") {
  const TemporaryDirectory scratch;
  ModelArtifact artifact = WithEnsemble();
  const auto checksum = WriteArtifact(scratch / "model", artifact);
  REQUIRE(checksum.has_value());
  const auto read = ReadArtifact(scratch / "model");
  REQUIRE(read.has_value());
  artifact.checksum = *checksum;
  CHECK(*read == artifact);
  CHECK(ReadManifest(Slurp(scratch / "model" / "manifest.json")).value().format_version == 2);
  REQUIRE(WriteArtifact(scratch / "again", *read).has_value());
  CHECK(Slurp(scratch / "again" / "ensemble.bin") == Slurp(scratch / "model" / "ensemble.bin"));
  CHECK(Slurp(scratch / "again" / "manifest.json") == Slurp(scratch / "model" / "manifest.json"));
}

TEST_CASE("A model without an ensemble is written as format 1, in five files, as ever") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, SmallArtifact()).has_value());
  CHECK(std::distance(fs::directory_iterator(model), {}) == 5);
  const auto line = [&model](const std::string& file) {
    return "    \"" + file + "\": \"" + Sha256Hex(Slurp(model / file)) + "\"";
  };
  const auto text = [&line](const std::string& seal) {
    return "{\n  \"format\": \"recoup-model\",\n  \"format_version\": 1,\n"
           "  \"version\": \"test-1\",\n  \"sha256\": {\n" +
           line("calibration.json") + ",\n" + line("card.json") + ",\n" + line("features.json") +
           ",\n" + line("weights.safetensors") + "\n  },\n  \"seal\": \"" + seal + "\"\n}\n";
  };
  const std::string seal = Sha256Hex(text(std::string(64, '0')));
  CHECK(Slurp(model / "manifest.json") == text(seal));
}

TEST_CASE("Damage to the ensemble is noticed, and so is its loss") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithEnsemble()).has_value());
  const std::string whole = Slurp(model / "ensemble.bin");
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 100) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    Spill(model / "ensemble.bin", damaged);
    RequireError(ReadArtifact(model), ErrorCode::kDataLoss, "ensemble.bin");
  }
  Replace(model, "ensemble.bin", whole.substr(0, whole.size() - 1));
  RequireError(ReadArtifact(model), ErrorCode::kDataLoss, "ensemble.bin is damaged");
  fs::remove(model / "ensemble.bin");
  RequireError(ReadArtifact(model), ErrorCode::kNotFound, "ensemble.bin");
}

TEST_CASE("Format 1 must not name an ensemble, and format 2 must") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithEnsemble()).has_value());
  const Manifest whole = ReadManifest(Slurp(model / "manifest.json")).value();
  Manifest older = whole;
  older.format_version = 1;
  Spill(model / "manifest.json", WriteManifest(older));
  RequireError(ReadArtifact(model), ErrorCode::kDataLoss, "must not name ensemble.bin");
  Manifest without = whole;
  without.sha256.erase("ensemble.bin");
  Spill(model / "manifest.json", WriteManifest(without));
  RequireError(ReadArtifact(model), ErrorCode::kDataLoss, "does not name ensemble.bin");
  older.sha256.erase("ensemble.bin");  // the file lies there, but is none of the model's
  Spill(model / "manifest.json", WriteManifest(older));
  const auto network = ReadArtifact(model);
  REQUIRE(network.has_value());
  CHECK_FALSE(network->ensemble.has_value());
}

TEST_CASE("An ensemble that does not fit is not written") {
  const TemporaryDirectory scratch;
  std::vector<ModelArtifact> broken(4, WithEnsemble());
  broken[0].ensemble->weights[0] = 0.5;
  broken[1].ensemble->own_trees.clear();
  broken[2].ensemble->metric.scales.pop_back();
  broken[3].ensemble->credibility[0].begin()->second.values.pop_back();
  for (const ModelArtifact& artifact : broken) {
    const auto written = WriteArtifact(scratch / "model", artifact);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(fs::is_empty(scratch.path()));
}

std::uint64_t FormatOf(const fs::path& model) {
  return ReadManifest(Slurp(model / "manifest.json")).value().format_version;
}

TEST_CASE("A model in few bits survives the way to disk and back, as format 3") {
  std::vector<ModelArtifact> artifacts(3, WithAll());
  artifacts[1].int4.reset();
  artifacts[1].ensemble.reset();
  artifacts[2].int8.reset();
  for (ModelArtifact& artifact : artifacts) {
    const TemporaryDirectory scratch;
    const fs::path model = scratch / "model";
    const auto checksum = WriteArtifact(model, artifact);
    REQUIRE(checksum.has_value());
    CHECK(FormatOf(model) == 3);
    CHECK(fs::exists(model / "network.int8.bin") == artifact.int8.has_value());
    CHECK(fs::exists(model / "network.int4.bin") == artifact.int4.has_value());
    const auto read = ReadArtifact(model);
    REQUIRE(read.has_value());
    artifact.checksum = *checksum;
    CHECK(*read == artifact);
    REQUIRE(WriteArtifact(scratch / "again", *read).has_value());
    for (const auto& entry : fs::directory_iterator(model)) {
      CHECK(Slurp(entry.path()) == Slurp(scratch / "again" / entry.path().filename()));
    }
  }
}

TEST_CASE("Formats 1 and 2 must not name a network in few bits") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  const Manifest whole = ReadManifest(Slurp(model / "manifest.json")).value();
  for (const char* file : {"network.int8.bin", "network.int4.bin"}) {
    Manifest older = whole;
    older.format_version = 2;
    older.sha256.erase(file == std::string("network.int8.bin") ? "network.int4.bin"
                                                               : "network.int8.bin");
    Spill(model / "manifest.json", WriteManifest(older));
    RequireError(ReadArtifact(model), ErrorCode::kDataLoss, std::string("must not name ") + file);
    older.format_version = 1;
    older.sha256.erase("ensemble.bin");
    Spill(model / "manifest.json", WriteManifest(older));
    RequireError(ReadArtifact(model), ErrorCode::kDataLoss, std::string("must not name ") + file);
    older.sha256.erase(file);  // the file lies there, but is none of the model's
    Spill(model / "manifest.json", WriteManifest(older));
    CHECK(ReadArtifact(model).has_value());
  }
}

TEST_CASE("A network in few bits behind a right checksum meets every check all the same") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, WithAll()).has_value());
  const auto refused = [&](const std::string& bytes, const std::string& part) {
    const std::string whole = Slurp(model / "network.int8.bin");
    Replace(model, "network.int8.bin", bytes);
    RequireError(ReadArtifact(model), ErrorCode::kDataLoss, part);
    Replace(model, "network.int8.bin", whole);
  };
  refused(Slurp(model / "network.int8.bin") + '\0', "network.int8.bin");
  refused(Slurp(model / "network.int4.bin"), "network.int8.bin holds another number of bits: 4");
  refused(WriteQuantizedNetwork(Quantized(8, {5, 6})), "other widths than its original");
  refused(WriteQuantizedNetwork(Quantized(8, {4, 7})), "other widths than its original");
  refused(WriteQuantizedNetwork(Quantized(8, {4, 6, 1})), "other widths than its original");
  CHECK(ReadArtifact(model).has_value());
}

TEST_CASE("A network in few bits that does not fit is not written") {
  const TemporaryDirectory scratch;
  std::vector<ModelArtifact> broken(4, WithAll());
  broken[0].int8->output_bias.pop_back();
  broken[1].int4->bits = 8;
  broken[2].int8 = Quantized(8, {5, 6});
  broken[3].int4 = Quantized(4, {4, 6, 1});
  for (const ModelArtifact& artifact : broken) {
    const auto written = WriteArtifact(scratch / "model", artifact);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("Each slot holds a network of its own number of bits, or nothing is written") {
  const TemporaryDirectory scratch;
  std::vector<ModelArtifact> swapped(2, SmallArtifact());
  swapped[0].int8 = Quantized(4);
  swapped[1].int4 = Quantized(8);
  for (const ModelArtifact& artifact : swapped) {
    const auto written = WriteArtifact(scratch / "model", artifact);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == ErrorCode::kInvalidArgument);
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("A model takes the place of another, whose files are gone") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, SmallArtifact()).has_value());
  for (const ModelArtifact& artifact : {WithAll(), SmallArtifact(), WithEnsemble()}) {
    const auto checksum = ReplaceArtifact(model, artifact);
    REQUIRE(checksum.has_value());
    const auto read = ReadArtifact(model);
    REQUIRE(read.has_value());
    CHECK(read->checksum == *checksum);
    CHECK(read->int8 == artifact.int8);
    CHECK(read->ensemble == artifact.ensemble);
    REQUIRE(WriteArtifact(scratch / "new", artifact).has_value());
    CHECK(std::distance(fs::directory_iterator(model), {}) ==
          std::distance(fs::directory_iterator(scratch / "new"), {}));
    fs::remove_all(scratch / "new");
    CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
  }
}

TEST_CASE("A model that is not whole, or has nothing to replace, changes nothing") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  const auto nothing = ReplaceArtifact(model, WithAll());
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().code == ErrorCode::kNotFound);
  CHECK(fs::is_empty(scratch.path()));
  const auto before = WriteArtifact(model, SmallArtifact());
  ModelArtifact broken = WithAll();
  broken.int4->head_bias.clear();
  const auto replaced = ReplaceArtifact(model, broken);
  REQUIRE_FALSE(replaced.has_value());
  CHECK(replaced.error().code == ErrorCode::kInvalidArgument);
  CHECK(ReadArtifact(model).value().checksum == *before);
  CHECK(std::distance(fs::directory_iterator(scratch.path()), {}) == 1);
}

TEST_CASE("Contents that are wrong in themselves are refused behind a right checksum") {
  const TemporaryDirectory scratch;
  const fs::path model = scratch / "model";
  REQUIRE(WriteArtifact(model, SmallArtifact()).has_value());
  const auto refused = [&](const std::string& file, const std::string& bytes) {
    const std::string whole = Slurp(model / file);
    Replace(model, file, bytes);
    RequireError(ReadArtifact(model), ErrorCode::kDataLoss, "");
    Replace(model, file, whole);
  };
  refused("calibration.json", R"({"coverage":1.5,"margin":0,"loans":1})");
  refused("calibration.json", R"({"coverage":0.8,"margin":0.1})");
  refused("calibration.json", "null");
  refused("card.json", "[]");
  refused("features.json", R"({"schema":{},"sampling":{}})");
  refused("features.json",
          R"({"sampling":{"first_hop_limit":1,"second_hop_limit":1},"schema":{}})");
  refused("weights.safetensors", "");
  CHECK(ReadArtifact(model).has_value());
}

}  // namespace
}  // namespace recoup::model
