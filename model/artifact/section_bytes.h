// Numbers and texts in the sections of a binary file, little-endian.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::model {

static_assert(std::endian::native == std::endian::little, "our binary files are little-endian");
static_assert(std::numeric_limits<float>::is_iec559 && std::numeric_limits<double>::is_iec559,
              "numbers are IEEE 754");

template <typename Number>
void AppendNumber(std::string* bytes, Number number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes->append(raw, sizeof number);
}

template <typename Number>
void AppendNumbers(std::string* bytes, const std::vector<Number>& numbers) {
  for (const Number number : numbers) AppendNumber(bytes, number);
}

/// Appends a length in 64 bits, then the bytes.
inline void AppendBlob(std::string* bytes, std::string_view blob) {
  AppendNumber(bytes, std::uint64_t{blob.size()});
  bytes->append(blob);
}

/// Takes values off the front of untrusted bytes. What is not there reads as 0 or empty, and so
/// does all after it; whoever reads asks for `failed()` once, at the end.
/// Threads: confine. Lifetime: must not outlive the bytes.
class SectionReader {
 public:
  explicit SectionReader(std::string_view bytes) : rest_(bytes) {}

  /// True once something was taken that was not there.
  bool failed() const { return failed_; }
  std::size_t left() const { return rest_.size(); }

  template <typename Number>
  Number Take() {
    const std::string_view raw = TakeBytes(sizeof(Number));
    Number number{};
    if (!raw.empty()) std::memcpy(&number, raw.data(), sizeof number);
    return number;
  }

  /// Takes a count of 32 bits. Fails if so many items of at least `item_bytes` cannot follow.
  std::size_t TakeCount(std::size_t item_bytes) {
    const std::size_t count = Take<std::uint32_t>();
    if (count <= rest_.size() / item_bytes) return count;
    Fail();
    return 0;
  }

  /// Allocates nothing if the numbers are not all there.
  template <typename Number>
  std::vector<Number> TakeNumbers(std::size_t count) {
    if (count > rest_.size() / sizeof(Number)) {
      Fail();
      return {};
    }
    std::vector<Number> numbers(count);
    for (Number& number : numbers) number = Take<Number>();
    return numbers;
  }

  std::string_view TakeBytes(std::uint64_t count) {
    if (count > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  /// Takes what AppendBlob wrote.
  std::string_view TakeBlob() { return TakeBytes(Take<std::uint64_t>()); }

 private:
  void Fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace recoup::model
