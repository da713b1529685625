#include "model/learning/tree_cache.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "model/artifact/sha256.h"
#include "model/learning/kept_file.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

template <typename Number>
std::string_view BytesOf(std::span<const Number> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

// Everything that the trees depend on, to the last bit: printed numbers are rounded.
std::string Inputs(const LabelledTable& rows, const BoostingOptions& options) {
  const std::array<double, 8> numbers = {static_cast<double>(options.max_depth),
                                         options.min_child_weight,
                                         options.learning_rate,
                                         options.column_share,
                                         options.row_share,
                                         options.penalty,
                                         static_cast<double>(options.max_rounds),
                                         static_cast<double>(options.threads)};
  std::string text = "trees 2 " + std::to_string(rows.table->columns.size());
  text += " " + std::to_string(options.seed);
  text += " " + Sha256Hex(BytesOf(std::span<const double>(numbers)));
  text += " " + Sha256Hex(BytesOf(std::span<const float>(rows.table->values)));
  text += " " + Sha256Hex(BytesOf(rows.outcomes));
  return text;
}

}  // namespace

Result<FlatTrees> GrowOrRecall(const fs::path& folder, const LabelledTable& rows,
                               const BoostingOptions& options, const std::atomic<bool>* stop) {
  const auto grow = [&]() -> Result<FlatTrees> {
    RECOUP_ASSIGN(const GradientBoosting model, GradientBoosting::FitRounds(rows, options, stop));
    return model.Flatten();
  };
  if (folder.empty()) return grow();
  const std::string inputs = Inputs(rows, options);
  const fs::path path = folder / (Sha256Hex(inputs) + ".trees");
  if (const auto kept = RecallFile(path, inputs)) {
    Result<FlatTrees> trees = ReadTrees(*kept);
    if (trees.has_value()) return trees;
  }
  RECOUP_ASSIGN(FlatTrees trees, grow());
  RECOUP_TRY(KeepFile(path, inputs, WriteTrees(trees)));
  return trees;
}

}  // namespace recoup::model
