// What a kernel wrote, printed so that two machines can be compared line by line.
#pragma once

#include <bit>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace recoup::model::testing {

/// Prints `<instruction set> <case> <position> <hex>`, 16 numbers a line.
class ByteLines {
 public:
  explicit ByteLines(std::string set) : set_(std::move(set)) {}

  void Print(const std::string& name, std::span<const float> values) const {
    PrintAll(name, values, 8, [](float value) { return std::bit_cast<std::uint32_t>(value); });
  }
  void Print(const std::string& name, std::span<const double> values) const {
    PrintAll(name, values, 16, [](double value) { return std::bit_cast<std::uint64_t>(value); });
  }
  void Print(const std::string& name, std::span<const std::uint8_t> values) const {
    PrintAll(name, values, 2, [](std::uint8_t value) { return std::uint32_t{value}; });
  }

 private:
  template <typename T, typename BitsOf>
  void PrintAll(const std::string& name, std::span<const T> values, int digits,
                BitsOf bits_of) const {
    for (std::size_t begin = 0; begin < values.size(); begin += 16) {
      std::printf("%s %s %zu ", set_.c_str(), name.c_str(), begin);
      for (std::size_t i = begin; i < values.size() && i < begin + 16; ++i) {
        std::printf("%0*" PRIx64, digits, std::uint64_t{bits_of(values[i])});
      }
      std::printf("\n");
    }
  }

  std::string set_;
};

}  // namespace recoup::model::testing
