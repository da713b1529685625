#include "model/predictor/network_plugin.h"

#include <google/protobuf/struct.pb.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "model/predictor/plugin_library.h"
#include "model/runtime/portable_predictor.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

void RequireUnavailable(const std::vector<std::string>& candidates, const std::string& part) {
  const auto plugin = OpenPlugin(candidates);
  REQUIRE_FALSE(plugin.has_value());
  INFO(plugin.error().message);
  CHECK(plugin.error().code == ErrorCode::kFailedPrecondition);
  CHECK(plugin.error().message.find("apt install libtorch") != std::string::npos);
  CHECK(plugin.error().message.find("./dev setup") != std::string::npos);
  CHECK(plugin.error().message.find(part) != std::string::npos);
}

TEST_CASE("A plug-in that is not there says what to install") {
  RequireUnavailable({}, "no place");
  RequireUnavailable({"/nowhere/librecoup_torch.so"}, "no such file");
  RequireUnavailable({"/nowhere/librecoup_torch.so", "librecoup_no_such_library.so"},
                     "librecoup_no_such_library.so");
}

TEST_CASE("A plug-in that does not load is not passed over in silence") {
  const fs::path broken = fs::temp_directory_path() / "recoup-broken-plugin.so";
  std::ofstream(broken) << "not a library";
  RequireUnavailable({broken.string(), "libm.so.6"}, "recoup-broken-plugin.so");
  fs::remove(broken);
  RequireUnavailable({"libm.so.6"}, "not a plug-in of Recoup");
}

TEST_CASE("RECOUP_PLUGIN_DIR is looked in first, then the program's neighbour, then the loader") {
  REQUIRE(::setenv("RECOUP_PLUGIN_DIR", "/opt/there", 1) == 0);
  const auto with = PluginCandidates();
  REQUIRE(::unsetenv("RECOUP_PLUGIN_DIR") == 0);
  const auto without = PluginCandidates();
  REQUIRE(with.size() == 3);
  CHECK(with[0] == "/opt/there/librecoup_torch.so");
  CHECK(without == std::vector<std::string>(with.begin() + 1, with.end()));
  CHECK(without[0].ends_with("/lib/librecoup_torch.so"));
  CHECK(without[1] == "librecoup_torch.so");
}

// Debian's LibTorch brings protobuf with it, and so does our server: both must go on working.
TEST_CASE("The plug-in works in a process that uses protobuf") {
  const auto plugin = LoadNetworkPlugin();
#if RECOUP_TEST_WITH_TORCH
  REQUIRE(plugin.has_value());
  CHECK(LoadNetworkPlugin().value() == *plugin);
  const auto artifact = testing::RandomArtifact({8, 8}, 1);
  const auto predictor = (*plugin)->MakePredictor(artifact).value();
  CHECK(predictor->backend() == "torch");
  const auto input = testing::RandomNeighbourhood(artifact.schema, 3);
  const auto torch = predictor->Predict({&input, 1}).value();
  const auto portable = MakePortablePredictor(artifact).value()->Predict({&input, 1}).value();
  CHECK(std::abs(torch[0].distribution.Mean() - portable[0].distribution.Mean()) < 1e-6);
#else
  CHECK(plugin.error().code == ErrorCode::kFailedPrecondition);
#endif
  google::protobuf::Struct message;
  (*message.mutable_fields())["rate"].set_number_value(0.25);
  google::protobuf::Struct copy;
  REQUIRE(copy.ParseFromString(message.SerializeAsString()));
  CHECK(copy.fields().at("rate").number_value() == 0.25);
}

#if RECOUP_TEST_WITH_TORCH
TEST_CASE("A plug-in built for another host is refused") {
  REQUIRE(LoadNetworkPlugin().has_value());
  const auto candidates = PluginCandidates();
  CHECK(OpenPlugin(candidates).has_value());
  CHECK_FALSE(OpenPlugin(candidates, kPluginAbi + 1).has_value());
}
#endif

}  // namespace
}  // namespace recoup::model
