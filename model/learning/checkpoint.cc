#include "model/learning/checkpoint.h"

#include <cstring>
#include <system_error>

#include "model/learning/kept_file.h"

namespace recoup::model {

namespace fs = std::filesystem;

fs::path Checkpoint::PathOf(std::string_view step) const {
  return folder_ / (std::string(step) + ".step");
}

// A file that was renamed is not another step.
std::string Checkpoint::NameOf(std::string_view step) const {
  return fingerprint_ + "\n" + std::string(step);
}

std::optional<std::vector<double>> Checkpoint::Read(std::string_view step) const {
  if (folder_.empty()) return std::nullopt;
  const auto bytes = RecallFile(PathOf(step), NameOf(step));
  if (!bytes || bytes->size() % sizeof(double) != 0) return std::nullopt;
  std::vector<double> numbers(bytes->size() / sizeof(double));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes->data(), bytes->size());
  return numbers;
}

Result<void> Checkpoint::Write(std::string_view step, std::span<const double> numbers) const {
  if (folder_.empty()) return {};
  return KeepFile(PathOf(step), NameOf(step),
                  {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
}

void Checkpoint::Clear() const {
  if (folder_.empty()) return;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() == ".step") fs::remove(entry.path(), ignored);
  }
  fs::remove(folder_, ignored);  // only if nothing else is in it
}

}  // namespace recoup::model
