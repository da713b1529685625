// Generated portfolios with a known law: what lies around a loan must be found where it takes
// effect, and must not be "found" where it takes none.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "graph/ingest/import.h"
#include "graph/store/graph_store.h"
#include "graph/synthetic/generate_portfolio.h"
#include "model/evaluation/evaluate.h"

namespace recoup {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "recoup_planted_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// 8,000 loans with this much of what lies around them taking effect, and every row of the table.
model::EvaluationTable Judge(double effects) {
  const Folder folder;
  REQUIRE(graph::GeneratePortfolio({.loans = 8000, .seed = 11, .neighbour_effects = effects},
                                   folder.path()));
  const auto store = graph::MakeMemoryGraphStore();
  graph::ImportOptions import;
  import.tape = folder.path() / "tape";
  import.mapping = folder.path() / "tape" / "mapping.toml";
  const auto sink = [&store](const graph::FactBatch& batch) -> Result<void> {
    RECOUP_TRY(store->Apply(batch));
    return {};
  };
  REQUIRE(graph::ImportTape(import, sink));
  model::NetworkSource network;
  const auto plugin = model::LoadNetworkPlugin();
  if (plugin.has_value()) network.plugin = *plugin;
  model::EvaluateOptions options{.seeds = 1};
  options.rows.tabular = false;
  options.training.max_epochs = 12;
  options.bootstrap.draws = 300;
  auto table = model::Evaluate(*store, network, options);
  INFO((table.has_value() ? "" : table.error().message));
  REQUIRE(table.has_value());
  return std::move(table).value();
}

double R2(const model::EvaluationTable& table, const char* row) {
  const model::EvaluationRow* found = table.Find(row);
  INFO(row);
  REQUIRE(found != nullptr);
  REQUIRE(found->figures.has_value());
  return found->figures->r_squared;
}

bool HasNetwork(const model::EvaluationTable& table) {
  const model::EvaluationRow* found = table.Find(model::row::kNetwork);
  return found != nullptr && found->figures.has_value();
}

constexpr const char* kMembersAlone = "ensemble without network";
constexpr const char* kWithoutEdges = "ensemble without edges";
constexpr const char* kShuffledEdges = "ensemble with shuffled edges";

TEST_CASE("Planted effects of neighbours are found, by the members and by the network") {
  const auto table = Judge(1.0);
  INFO(model::RenderText(table));
  const bool has_network = HasNetwork(table);
  const char* members = has_network ? kMembersAlone : model::row::kEnsemble;
  CHECK(R2(table, members) > R2(table, kWithoutEdges) + 0.05);
  CHECK(R2(table, kShuffledEdges) < R2(table, kWithoutEdges) + 0.01);
  if (!has_network) SKIP("the training plug-in is not installed: only the members were judged");
  CHECK(R2(table, model::row::kNetwork) > R2(table, model::row::kNetworkWithoutEdges) + 0.10);
  CHECK(R2(table, model::row::kNetworkShuffledEdges) <
        R2(table, model::row::kNetworkWithoutEdges) + 0.01);
  // The whole takes the better part of both, and its lead over the base is no accident.
  CHECK(R2(table, model::row::kEnsemble) > R2(table, model::row::kNetwork) - 0.02);
  const auto& lead = table.Find(model::row::kEnsemble)->to_second;
  REQUIRE(lead.has_value());
  CHECK(lead->compared_with == model::row::kBase);
  CHECK(lead->r_squared.lower > 0.0);
}

TEST_CASE("Where neighbours have no effect, nothing is won by hearing them") {
  const auto table = Judge(0.0);
  INFO(model::RenderText(table));
  const bool has_network = HasNetwork(table);
  const char* members = has_network ? kMembersAlone : model::row::kEnsemble;
  CHECK(R2(table, members) < R2(table, kWithoutEdges) + 0.01);
  CHECK(R2(table, kShuffledEdges) < R2(table, kWithoutEdges) + 0.01);
  if (!has_network) SKIP("the training plug-in is not installed: only the members were judged");
  CHECK(R2(table, model::row::kNetwork) < R2(table, model::row::kNetworkWithoutEdges) + 0.01);
}

}  // namespace
}  // namespace recoup
