#include "model/runtime/kernels/quantized_rows.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "model/runtime/kernels/instruction_sets.h"
#include "tests/arm64/drawn_numbers.h"

namespace recoup::model {
namespace {

using testing::DrawnNumbers;
using Bytes = std::vector<std::uint8_t>;
using Floats = AlignedVector<float>;

// The formulas of model/artifact/quantized_network.h, one number at a time.

// clamp(round(t), 0, levels); what is added to the whole part is exact in a double.
std::uint8_t Rounded(float t, float levels) {
  const auto within = static_cast<double>(t < 0.0F ? 0.0F : t > levels ? levels : t);
  const double below = std::floor(within);
  const double rest = within - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2.0) != 0.0);
  return static_cast<std::uint8_t>(below + (up ? 1.0 : 0.0));
}

void AddPlain(const PackedMap& map, const std::uint8_t* u, float* y) {
  for (std::size_t o = 0; o < map.out; ++o) {
    for (std::size_t begin = 0; begin < map.in; begin += map.group) {
      std::int64_t sum = 0;
      for (std::size_t i = begin; i < std::min(begin + map.group, map.in); ++i) {
        sum += std::int64_t{u[i]} * map.weights[(i / 4 * map.out + o) * 4 + i % 4];
      }
      const float scaled = static_cast<float>(sum) * map.scales[begin / map.group * map.out + o];
      y[o] += scaled;
    }
  }
}

// 256ths, whether or not every child is whole: powers of two do not round.
Bytes PlainMean(const MessageInput& message, std::size_t width) {
  const float per_child = message.gain / static_cast<float>(message.count);
  const float share = per_child * 0x1p-8F;
  Bytes mean(width);
  for (std::size_t c = 0; c < width; ++c) {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < message.count; ++j) {
      const std::int64_t part = std::lrint(static_cast<double>(message.weights[j] * 256.0F));
      sum += part * message.rows[message.children[j] * width + c];
    }
    mean[c] = Rounded(static_cast<float>(sum) * share, 255.0F);
  }
  return mean;
}

Bytes PlainEmbedding(const PackedInput& input, const float* numeric, const std::int32_t* words) {
  Bytes u(input.numeric.in, 0);
  for (std::size_t c = 0; c < input.width; ++c) {
    const float scaled = numeric[c] * input.inverse_steps[c];
    u[c] = Rounded(scaled + input.zeros[c], 255.0F);
  }
  std::vector<float> y(input.bias.begin(), input.bias.end());
  AddPlain(input.numeric, u.data(), y.data());
  Bytes out(y.size());
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t c = 0; c < input.categories.size(); ++c) {
      y[o] += input.categories[c][static_cast<std::size_t>(words[c]) * y.size() + o];
    }
    out[o] = Rounded(y[o] * input.steps.inverse[o], input.steps.levels);
  }
  return out;
}

std::vector<std::uint32_t> BitsOf(std::span<const float> values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

void OnEveryInstructionSet(const std::function<void()>& work) {
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    INFO(set);
    work();
  }
}

PackedMap DrawMap(std::size_t in, std::size_t out, DrawnNumbers& draw) {
  PackedMap map;
  map.in = in;
  map.out = out;
  map.group = 4 * (1 + draw.Below(static_cast<std::uint32_t>(in / 4 + 2)));
  map.weights = draw.Weights<AlignedVector<std::int8_t>>(in * out, 127);
  map.scales = draw.Around<Floats>((in + map.group - 1) / map.group * out, 0x1p-9F);
  return map;
}

// Any width of 1 to 200, with its padding.
std::size_t DrawWidth(DrawnNumbers& draw) { return PaddedWidth(1 + draw.Below(200)); }

TEST_CASE("Maps of bytes give the formula's bits for any number of rows, in any groups") {
  OnEveryInstructionSet([] {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t in = 4 * (1 + draw.Below(50));
      const PackedMap map = DrawMap(in, DrawWidth(draw), draw);
      const std::size_t count = seed % 10;
      const Bytes u = draw.Bytes(count * in);
      const std::vector<float> bias = draw.Floats(map.out, 4.0F);
      std::vector<float> y(count * map.out + 1, 77.0F);
      std::vector<float> expected = y;
      for (std::size_t row = 0; row < count; ++row) {
        std::copy(bias.begin(), bias.end(), expected.data() + row * map.out);
        AddPlain(map, u.data() + row * in, expected.data() + row * map.out);
      }
      StartRows(map, bias.data(), u.data(), count, y.data());
      INFO(in << " to " << map.out << " in groups of " << map.group << ", " << count << " rows");
      REQUIRE(BitsOf(y) == BitsOf(expected));
      if (count == 0) continue;
      AddPlain(map, u.data(), expected.data());
      AddRow(map, u.data(), y.data());
      REQUIRE(BitsOf(y) == BitsOf(expected));
    }
  });
}

// Pairs of 255 times 127 are 64,770: more than 16 bits hold with a sign, where vpmaddubsw
// saturates.
TEST_CASE("Products of the largest bytes and weights do not saturate") {
  OnEveryInstructionSet([] {
    for (const int weight : {127, -127}) {
      PackedMap map{200, 48, 200, {}, {}};
      map.weights.assign(map.in * map.out, static_cast<std::int8_t>(weight));
      map.scales.assign(map.out, 1.0F);
      const Bytes u(3 * map.in, 255);
      const std::vector<float> bias(map.out, 0.0F);
      std::vector<float> y(3 * map.out);
      StartRows(map, bias.data(), u.data(), 3, y.data());
      const auto expected = static_cast<float>(200 * 255 * weight);
      CHECK(std::all_of(y.begin(), y.end(), [&](float sum) { return sum == expected; }));
    }
  });
}

// The widest map there is, whose sum does not fit 24 bits and is rounded on its way to a float.
TEST_CASE("The sum of the widest map is exact until it becomes a float") {
  OnEveryInstructionSet([] {
    DrawnNumbers draw(5);
    PackedMap map{4096, 16, 4096, {}, {}};
    map.weights.assign(map.in * map.out, 127);
    for (std::size_t i = 0; i < map.weights.size(); i += 37) map.weights[i] = 126;
    map.scales = draw.Around<Floats>(map.out, 0x1p-9F);
    const Bytes u(map.in, 255);
    std::vector<float> y = draw.Floats(map.out, 1.0F);
    std::vector<float> expected = y;
    AddPlain(map, u.data(), expected.data());
    AddRow(map, u.data(), y.data());
    CHECK(BitsOf(y) == BitsOf(expected));
  });
}

TEST_CASE("Rounding takes the nearest byte, ties the even one, and stays within the levels") {
  constexpr float kHuge = std::numeric_limits<float>::max();
  const std::vector<std::pair<float, int>> cases = {
      {0.0F, 0},   {-0.0F, 0},    {0.5F, 0},      {1.5F, 2},           {2.5F, 2},
      {3.5F, 4},   {14.5F, 14},   {-0.5F, 0},     {-1e30F, 0},         {0x1p-149F, 0},
      {-kHuge, 0}, {7.49999F, 7}, {7.500001F, 8}, {0x1.FFFFFEp-2F, 0}, {0x1.000002p-1F, 1}};
  const std::vector<std::pair<float, int>> above = {{15.0F, 15},   {15.4F, 15},      {15.5F, 16},
                                                    {254.5F, 254}, {255.5F, 255},    {1e30F, 255},
                                                    {kHuge, 255},  {254.50002F, 255}};
  OnEveryInstructionSet([&] {
    Floats y(64, 0.0F);
    std::transform(cases.begin(), cases.end(), y.begin(), [](const auto& c) { return c.first; });
    std::transform(above.begin(), above.end(), y.begin() + 32,
                   [](const auto& c) { return c.first; });
    for (const float levels : {255.0F, 15.0F}) {
      Bytes u(64, 99);
      FinishRows({Floats(64, 1.0F), levels}, y.data(), 1, 64, u.data());
      for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO(cases[i].first);
        CHECK(int{u[i]} == cases[i].second);
      }
      for (std::size_t i = 0; i < above.size(); ++i) {
        INFO(above[i].first);
        CHECK(int{u[32 + i]} == std::min(above[i].second, static_cast<int>(levels)));
      }
    }
  });
}

// 1e30 times 1e20 is more than a float holds.
TEST_CASE("What overflows on its way to a byte is the largest byte, or 0 below 0") {
  OnEveryInstructionSet([] {
    Floats y(32, 1e30F);
    std::fill(y.begin() + 16, y.end(), -1e30F);
    Bytes u(32, 99);
    FinishRows({Floats(16, 1e20F), 15.0F}, y.data(), 2, 16, u.data());
    CHECK(u[3] == 15);
    CHECK(u[19] == 0);
  });
}

TEST_CASE("Rows are finished as the formula says, each channel with its own step") {
  OnEveryInstructionSet([] {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t width = DrawWidth(draw);
      const std::size_t count = seed % 10;
      const PackedSteps steps{draw.Around<Floats>(width, 64.0F), seed % 2 == 0 ? 15.0F : 255.0F};
      const std::vector<float> y = draw.Floats(count * width, 4.0F);
      Bytes u(count * width + 1, 99);
      Bytes expected = u;
      for (std::size_t i = 0; i < y.size(); ++i) {
        expected[i] = Rounded(y[i] * steps.inverse[i % width], steps.levels);
      }
      FinishRows(steps, y.data(), count, width, u.data());
      REQUIRE(u == expected);
    }
  });
}

PackedInput DrawInput(std::size_t width, std::size_t tables, DrawnNumbers& draw) {
  PackedInput input;
  input.width = width;
  input.inverse_steps.assign(PaddedWidth(width), 0.0F);
  input.zeros.assign(PaddedWidth(width), 0.0F);
  for (std::size_t c = 0; c < width; ++c) {
    input.inverse_steps[c] = 96.0F + draw.Float(64.0F);
    input.zeros[c] = static_cast<float>(draw.Below(256));
  }
  input.numeric = DrawMap((width + 3) / 4 * 4, DrawWidth(draw), draw);
  for (std::size_t i = width; i < input.numeric.in; ++i) {
    for (std::size_t o = 0; o < input.numeric.out; ++o) {
      input.numeric.weights[(i / 4 * input.numeric.out + o) * 4 + i % 4] = 0;
    }
  }
  input.bias = draw.Floats<Floats>(input.numeric.out, 64.0F);
  for (std::size_t t = 0; t < tables; ++t) {
    input.categories.push_back(draw.Floats<Floats>((t + 2) * input.numeric.out, 32.0F));
  }
  input.steps = {draw.Around<Floats>(input.numeric.out, 1.0F), width % 2 == 0 ? 15.0F : 255.0F};
  return input;
}

// Scratch goes from one to the next, as a worker keeps it: narrow rows after wide ones, too.
TEST_CASE("Rows enter as the formula says, at any width and with any number of tables") {
  OnEveryInstructionSet([] {
    RowScratch scratch;
    for (std::uint64_t seed = 0; seed < 80; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t tables = draw.Below(4);
      const PackedInput input = DrawInput(1 + draw.Below(200), tables, draw);
      const std::size_t count = seed % 10;
      const std::vector<float> numeric = draw.Floats(count * input.width, 2.0F);
      std::vector<std::int32_t> words;
      for (std::size_t i = 0; i < count * tables; ++i) {
        words.push_back(
            static_cast<std::int32_t>(draw.Below(static_cast<std::uint32_t>(i % tables + 2))));
      }
      Bytes out(count * input.numeric.out + 1, 99);
      EmbedRows(input, numeric.data(), words.data(), count, scratch, out.data());
      INFO("width " << input.width << ", " << tables << " tables, " << count << " rows, seed "
                    << seed);
      CHECK(out.back() == 99);
      for (std::size_t row = 0; row < count; ++row) {
        const Bytes expected =
            PlainEmbedding(input, numeric.data() + row * input.width, words.data() + row * tables);
        REQUIRE(Bytes(out.begin() + static_cast<std::ptrdiff_t>(row * expected.size()),
                      out.begin() + static_cast<std::ptrdiff_t>((row + 1) * expected.size())) ==
                expected);
      }
    }
  });
}

// Columns: a huge number, ties (x times 1 plus 0 is 0.5 and 1.5), zeros of both signs.
TEST_CASE("Columns beyond the range of a byte stop at its ends, and 0 becomes the column's zero") {
  OnEveryInstructionSet([] {
    PackedInput input;
    input.width = 7;
    input.inverse_steps = {1, 1, 1, 1, 1, 1, 1e20F, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    input.zeros = {128, 128, 0, 0, 128, 128, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    input.numeric = {8, 16, 8, AlignedVector<std::int8_t>(8 * 16), Floats(16, 1.0F)};
    for (std::size_t i = 0; i < 7; ++i) input.numeric.weights[(i / 4 * 16 + i) * 4 + i % 4] = 1;
    input.bias.assign(16, 0.0F);
    input.steps = {Floats(16, 1.0F), 255.0F};
    const float numeric[] = {1e30F, -1e30F, 0.5F, 1.5F, -0.0F, 0.0F, 3e38F};
    Bytes out(16);
    RowScratch scratch;
    EmbedRows(input, numeric, nullptr, 1, scratch, out.data());
    CHECK(Bytes(out.begin(), out.begin() + 7) == Bytes{255, 0, 0, 2, 128, 128, 255});
  });
}

// Memory of which not a byte behind its end may be touched.
class GuardedFloats {
 public:
  explicit GuardedFloats(std::size_t count)
      : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
        memory_(static_cast<char*>(::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    REQUIRE(memory_ != MAP_FAILED);
    REQUIRE(::mprotect(memory_ + page_, page_, PROT_NONE) == 0);
    begin_ = reinterpret_cast<float*>(memory_ + page_) - count;
  }
  ~GuardedFloats() { ::munmap(memory_, 2 * page_); }
  GuardedFloats(const GuardedFloats&) = delete;
  GuardedFloats& operator=(const GuardedFloats&) = delete;

  float* data() { return begin_; }

 private:
  std::size_t page_;
  char* memory_;
  float* begin_ = nullptr;
};

TEST_CASE("Nothing behind the last number of the last row is read") {
  OnEveryInstructionSet([] {
    for (std::size_t width = 1; width <= 35; ++width) {
      DrawnNumbers draw(width);
      const PackedInput input = DrawInput(width, 0, draw);
      GuardedFloats numeric(2 * width);
      for (std::size_t i = 0; i < 2 * width; ++i) numeric.data()[i] = draw.Float(2.0F);
      Bytes out(2 * input.numeric.out);
      RowScratch scratch;
      EmbedRows(input, numeric.data(), nullptr, 2, scratch, out.data());
      CHECK(Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(input.numeric.out)) ==
            PlainEmbedding(input, numeric.data(), nullptr));
    }
  });
}

struct DrawnMessage {
  DrawnMessage(std::size_t width, std::size_t count, bool whole, DrawnNumbers& draw)
      : rows(draw.Bytes(9 * width)), children(count), weights(count, 1.0F) {
    for (std::uint32_t& child : children) child = draw.Below(9);
    for (float& weight : weights) {
      if (whole) break;
      const std::uint32_t kind = draw.Below(4);
      // 0, 1, ties of 256ths, and anything between.
      weight = kind == 0   ? 0.0F
               : kind == 1 ? 1.0F
               : kind == 2 ? static_cast<float>(2 * draw.Below(256) + 1) * 0x1p-9F
                           : 0.5F + draw.Float(0.5F);
    }
  }
  MessageInput Input(float gain) const {
    return {rows.data(), children.data(), weights.data(), children.size(), gain};
  }

  Bytes rows;
  std::vector<std::uint32_t> children;
  std::vector<float> weights;
};

TEST_CASE("Messages are the formula's means, with weights of 0, 1 and between") {
  OnEveryInstructionSet([] {
    RowScratch scratch;
    for (std::uint64_t seed = 0; seed < 80; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t width = DrawWidth(draw);
      const PackedMap map = DrawMap(width, width, draw);
      const std::size_t count = seed % 8 == 7 ? 1 + draw.Below(3000) : 1 + draw.Below(12);
      const DrawnMessage message(width, count, seed % 3 == 0, draw);
      const MessageInput input = message.Input(seed % 2 == 0 ? 1.0F : 17.0F);
      std::vector<float> y = draw.Floats(width, 4.0F);
      std::vector<float> expected = y;
      AddPlain(map, PlainMean(input, width).data(), expected.data());
      AddMessage(map, input, scratch, y.data());
      INFO("width " << width << ", " << count << " children, seed " << seed);
      REQUIRE(BitsOf(y) == BitsOf(expected));
    }
  });
}

TEST_CASE("The order of children does not change the message") {
  OnEveryInstructionSet([] {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      DrawnNumbers draw(seed);
      const PackedMap map = DrawMap(64, 64, draw);
      DrawnMessage message(64, 2 + draw.Below(40), seed % 4 == 0, draw);
      RowScratch scratch;
      std::vector<float> y(64, 0.25F);
      AddMessage(map, message.Input(1.0F), scratch, y.data());
      for (int swap = 0; swap < 50; ++swap) {
        const std::size_t a = draw.Below(static_cast<std::uint32_t>(message.children.size()));
        const std::size_t b = draw.Below(static_cast<std::uint32_t>(message.children.size()));
        std::swap(message.children[a], message.children[b]);
        std::swap(message.weights[a], message.weights[b]);
      }
      std::vector<float> again(64, 0.25F);
      AddMessage(map, message.Input(1.0F), scratch, again.data());
      REQUIRE(BitsOf(again) == BitsOf(y));
    }
  });
}

// 32,768 children of 255, each 256 256ths: 2,139,095,040, just within 31 bits.
TEST_CASE("As many children as are allowed, all of the largest bytes, do not overflow") {
  OnEveryInstructionSet([] {
    PackedMap map{16, 16, 16, AlignedVector<std::int8_t>(16 * 16, 1), Floats(16, 1.0F)};
    const Bytes rows(16, 255);
    const std::vector<std::uint32_t> children(kMostChildren, 0);
    for (const float odd_one : {1.0F, 0.999F}) {  // whole, and in 256ths that round to a whole
      std::vector<float> weights(kMostChildren, 1.0F);
      weights[7] = odd_one;
      RowScratch scratch;
      std::vector<float> y(16, 0.0F);
      AddMessage(map, {rows.data(), children.data(), weights.data(), kMostChildren, 1.0F}, scratch,
                 y.data());
      CHECK(y == std::vector<float>(16, 16 * 255.0F));
    }
  });
}

// Two children of 1 and 2 have the mean 1.5, of 2 and 3 2.5: both become 2. With 15 levels 1 is 17.
TEST_CASE("A mean between two bytes goes to the even one") {
  OnEveryInstructionSet([] {
    PackedMap map{16, 16, 16, AlignedVector<std::int8_t>(16 * 16), Floats(16, 1.0F)};
    for (std::size_t i = 0; i < 16; ++i) map.weights[(i / 4 * 16 + i) * 4 + i % 4] = 1;
    Bytes rows(2 * 16, 0);
    rows[0] = 1;
    rows[16] = 2;
    rows[1] = 2;
    rows[17] = 3;
    const std::uint32_t children[] = {0, 1};
    const float ones[] = {1.0F, 1.0F};
    RowScratch scratch;
    std::vector<float> y(16, 0.0F);
    AddMessage(map, {rows.data(), children, ones, 2, 1.0F}, scratch, y.data());
    CHECK(y[0] == 2.0F);
    CHECK(y[1] == 2.0F);
    CHECK(y[2] == 0.0F);
    AddMessage(map, {rows.data(), children, ones, 1, 17.0F}, scratch, y.data());
    CHECK(y[0] == 2.0F + 17.0F);
  });
}

TEST_CASE("Messages to many parents are those to each of them alone") {
  OnEveryInstructionSet([] {
    RowScratch scratch;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t width = DrawWidth(draw);
      const PackedMap map = DrawMap(width, width, draw);
      const std::size_t parents = 1 + draw.Below(11);
      const DrawnMessage message(width, 40, seed % 3 == 0, draw);
      std::vector<std::uint32_t> to;
      std::vector<float> y = draw.Floats(parents * width, 4.0F);
      std::vector<float> expected = y;
      for (std::uint32_t parent = 0; parent < parents; ++parent) {
        const std::size_t begin = to.size();
        const std::size_t count = draw.Below(4);  // some have no children
        to.insert(to.end(), count, parent);
        if (count == 0) continue;
        const MessageInput one{message.rows.data(), message.children.data() + begin,
                               message.weights.data() + begin, count, 17.0F};
        AddPlain(map, PlainMean(one, width).data(), expected.data() + parent * width);
      }
      AddMessages(map,
                  {message.rows.data(), to.data(), message.children.data(), message.weights.data(),
                   to.size(), 17.0F},
                  scratch, y.data());
      INFO("width " << width << ", " << parents << " parents, seed " << seed);
      REQUIRE(BitsOf(y) == BitsOf(expected));
    }
  });
}

TEST_CASE("Contexts are added one input after the other") {
  OnEveryInstructionSet([] {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      DrawnNumbers draw(seed);
      const std::size_t in = draw.Below(9);
      const std::size_t out = DrawWidth(draw);
      const std::vector<float> x = draw.Floats(in, 4.0F);
      const Floats weights = draw.Floats<Floats>(in * out, 1.0F);
      std::vector<float> y = draw.Floats(out, 1.0F);
      std::vector<float> expected = y;
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t o = 0; o < out; ++o) {
          const float product = x[i] * weights[i * out + o];
          expected[o] += product;
        }
      }
      AddFloats(x.data(), in, weights.data(), out, y.data());
      REQUIRE(BitsOf(y) == BitsOf(expected));
    }
  });
}

TEST_CASE("Aligned memory starts at a cache line") {
  for (std::size_t count = 1; count < 50; ++count) {
    const AlignedVector<std::uint8_t> bytes(count);
    CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % kCacheLine == 0);
  }
}

}  // namespace
}  // namespace recoup::model
