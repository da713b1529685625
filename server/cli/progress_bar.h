// Says how far a long command is, on stderr: a bar on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/cli/command.h"

namespace recoup::cli {

/// One bar for one stage. Draws at most ten times a second on a terminal, and a line every ten
/// seconds otherwise. Erases itself at the end on a terminal.
/// Threads: one.
class ProgressBar {
 public:
  /// `unit` is plural: `rows`, `loans`. `total` 0: unknown, only the rate is shown.
  ProgressBar(const CommandIo& io, std::string label, std::uint64_t total, std::string unit);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Set(std::uint64_t done) { Set(done, {}); }
  /// `note` stands at the end of the line, such as a loss.
  void Set(std::uint64_t done, std::string_view note);

 private:
  std::string Line(std::uint64_t done, std::string_view note) const;

  const CommandIo& io_;
  std::string label_;
  std::uint64_t total_;
  std::string unit_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_draw_;
  bool drawn_ = false;
};

}  // namespace recoup::cli
