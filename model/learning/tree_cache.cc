#include "model/learning/tree_cache.h"

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/artifact/sha256.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigest = 64;

template <typename Number>
std::string_view BytesOf(std::span<const Number> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

// Everything that the trees depend on, to the last bit: printed numbers are rounded.
std::string NameOf(const LabelledTable& rows, const BoostingOptions& options) {
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
  return Sha256Hex(text);
}

bool Recall(const fs::path& path, FlatTrees* trees) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < kDigest) return false;
  const std::string_view body = std::string_view(bytes).substr(kDigest);
  if (bytes.substr(0, kDigest) != Sha256Hex(body)) return false;
  Result<FlatTrees> read = ReadTrees(body);
  if (!read) return false;
  *trees = std::move(read).value();
  return true;
}

Result<void> Keep(const fs::path& path, const FlatTrees& trees) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  const std::string bytes = WriteTrees(trees);
  const fs::path beside = path.string() + ".partial";
  {
    std::ofstream file(beside, std::ios::binary);
    file << Sha256Hex(bytes) << bytes;
    if (!file.flush()) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(beside, path, failed);
  if (!failed) return {};
  return Error{ErrorCode::kUnavailable,
               "cannot keep grown trees: " + path.string() + ": " + failed.message()};
}

}  // namespace

Result<FlatTrees> GrowOrRecall(const fs::path& folder, const LabelledTable& rows,
                               const BoostingOptions& options, const std::atomic<bool>* stop) {
  const fs::path path = folder.empty() ? fs::path() : folder / (NameOf(rows, options) + ".trees");
  FlatTrees trees;
  if (!path.empty() && Recall(path, &trees)) return trees;
  RECOUP_ASSIGN(const GradientBoosting model, GradientBoosting::FitRounds(rows, options, stop));
  RECOUP_ASSIGN(trees, model.Flatten());
  if (!path.empty()) RECOUP_TRY(Keep(path, trees));
  return trees;
}

}  // namespace recoup::model
