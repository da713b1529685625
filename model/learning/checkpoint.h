// Results of finished steps on disk, so that an interrupted run goes on where it stopped.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

/// A folder of steps. A step counts only for the run that wrote it: `fingerprint` names everything
/// that its numbers depend on. Half-written and foreign files count as absent.
/// Threads: one.
class Checkpoint {
 public:
  /// An empty folder name keeps nothing.
  Checkpoint(std::filesystem::path folder, std::string fingerprint)
      : folder_(std::move(folder)), fingerprint_(std::move(fingerprint)) {}

  /// Returns the numbers of a step, if it was finished.
  std::optional<std::vector<double>> Read(std::string_view step) const;

  /// Errors: kUnavailable (the folder cannot be written).
  Result<void> Write(std::string_view step, std::span<const double> numbers) const;

  /// Forgets all steps of this run.
  void Clear() const;

 private:
  std::filesystem::path PathOf(std::string_view step) const;
  std::string NameOf(std::string_view step) const;

  std::filesystem::path folder_;
  std::string fingerprint_;
};

}  // namespace recoup::model
