// Numbers and strings as bytes: what every record of the store is made of.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace recoup::graph {

/// Appends to a byte string. Varints are LEB128; signed ones are zigzag-coded first.
class ByteWriter {
 public:
  explicit ByteWriter(std::string* out) : out_(out) {}

  void Byte(std::uint8_t value) { out_->push_back(static_cast<char>(value)); }

  void Varint(std::uint64_t value) {
    while (value >= 0x80) {
      Byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    Byte(static_cast<std::uint8_t>(value));
  }

  void Signed(std::int64_t value) {
    Varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }

  /// Big-endian, `bytes` wide, so that the order of the bytes is the order of the numbers.
  void BigEndian(std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) Byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  void Double(double value) { BigEndian(std::bit_cast<std::uint64_t>(value), 8); }
  void Raw(std::string_view bytes) { out_->append(bytes); }

  void String(std::string_view text) {
    Varint(text.size());
    Raw(text);
  }

 private:
  std::string* const out_;
};

/// Reads what ByteWriter wrote. After the first fault every read returns zero or empty and ok()
/// stays false, so that callers check once at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }

  std::uint8_t Byte() {
    if (rest_.empty()) {
      Fail();
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = Byte();
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }

  std::int64_t Signed() {
    const std::uint64_t value = Varint();
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
  }

  std::uint64_t BigEndian(int bytes) {
    std::uint64_t value = 0;
    for (const char byte : Raw(static_cast<std::size_t>(bytes))) {
      value = (value << 8) | static_cast<std::uint8_t>(byte);
    }
    return value;
  }

  double Double() { return std::bit_cast<double>(BigEndian(8)); }

  std::string_view Raw(std::size_t size) {
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view String() { return Raw(Varint()); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace recoup::graph
