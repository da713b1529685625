#include "server/cli/progress_bar.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <utility>

#include "server/cli/digit_groups.h"

namespace recoup::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t kBarWidth = 24;

std::string ClockText(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  char text[32];
  std::snprintf(text, sizeof(text), "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

std::string Grouped(std::uint64_t number) { return GroupDigits(std::to_string(number)); }

}  // namespace

ProgressBar::ProgressBar(const CommandIo& io, std::string label, std::uint64_t total,
                         std::string unit)
    : io_(io),
      label_(std::move(label)),
      total_(total),
      unit_(std::move(unit)),
      start_(Clock::now()),
      last_draw_(start_) {}

ProgressBar::~ProgressBar() {
  if (drawn_ && io_.err_is_terminal) io_.err << "\r\033[K" << std::flush;
}

void ProgressBar::Set(std::uint64_t done, std::string_view note) {
  const Clock::time_point now = Clock::now();
  const Seconds pause(io_.err_is_terminal ? 0.1 : 10.0);
  if (now - last_draw_ < pause) return;
  last_draw_ = now;
  drawn_ = true;
  if (io_.err_is_terminal) {
    io_.err << "\r\033[K" << Line(done, note) << std::flush;
  } else {
    io_.err << Line(done, note) << "\n" << std::flush;
  }
}

std::string ProgressBar::Line(std::uint64_t done, std::string_view note) const {
  const double elapsed = std::max(Seconds(Clock::now() - start_).count(), 1e-3);
  const double rate = static_cast<double>(done) / elapsed;
  std::string line = label_ + " ";
  if (total_ > 0) {
    const std::uint64_t filled = std::min(kBarWidth, kBarWidth * done / total_);
    line += "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " +
            std::to_string(std::min<std::uint64_t>(100, 100 * done / total_)) + " %  ";
  }
  line += Grouped(done) + " " + unit_;
  if (rate >= 10.0) line += "  " + Grouped(static_cast<std::uint64_t>(rate)) + "/s";
  if (total_ > done && rate > 0.0) {
    line += "  " + ClockText(static_cast<double>(total_ - done) / rate) + " left";
  }
  if (!note.empty()) line += "  " + std::string(note);
  return line;
}

}  // namespace recoup::cli
