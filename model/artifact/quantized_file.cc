#include "model/artifact/quantized_file.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "model/artifact/section_bytes.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

constexpr std::string_view kMagic = "RCPQNET1";

Error Damaged(const std::string& what) {
  return {ErrorCode::kDataLoss, "quantized network is damaged: " + what};
}

// Two weights a byte in 4 bits, the first in the low half; a row starts with a new byte.
void AppendPacked(std::string* bytes, const QuantizedLinear& map) {
  for (std::size_t o = 0; o < map.out; ++o) {
    const std::int8_t* row = map.values.data() + o * map.in;
    for (std::size_t i = 0; i < map.in; i += 2) {
      const int high = i + 1 < map.in ? row[i + 1] : 0;
      AppendNumber(bytes, static_cast<std::uint8_t>((row[i] & 15) | (high & 15) << 4));
    }
  }
}

int FromNibble(int nibble) { return nibble < 8 ? nibble : nibble - 16; }

std::vector<std::int8_t> TakePacked(SectionReader& reader, std::size_t in, std::size_t out) {
  const std::size_t stride = (in + 1) / 2;
  const std::string_view packed = reader.TakeBytes(std::uint64_t{stride} * out);
  if (reader.failed() || in == 0) return {};  // no bytes stand behind the number of rows
  std::vector<std::int8_t> values(in * out);
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      const int both = static_cast<std::uint8_t>(packed[o * stride + i / 2]);
      values[o * in + i] = static_cast<std::int8_t>(FromNibble(i % 2 == 0 ? both & 15 : both >> 4));
    }
  }
  return values;
}

// Numbers with their count in front.
template <typename Number>
void AppendCounted(std::string* bytes, const std::vector<Number>& numbers) {
  AppendNumber(bytes, static_cast<std::uint32_t>(numbers.size()));
  AppendNumbers(bytes, numbers);
}

template <typename Number>
std::vector<Number> TakeCounted(SectionReader& reader) {
  return reader.TakeNumbers<Number>(reader.TakeCount(sizeof(Number)));
}

// The upper halves of floats whose lower ones are 0, with their count in front.
void AppendShort(std::string* bytes, const std::vector<float>& numbers) {
  AppendNumber(bytes, static_cast<std::uint32_t>(numbers.size()));
  for (const float number : numbers) {
    AppendNumber(bytes, static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(number) >> 16U));
  }
}

std::vector<float> TakeShort(SectionReader& reader) {
  std::vector<float> numbers;
  for (const std::uint16_t half : TakeCounted<std::uint16_t>(reader)) {
    numbers.push_back(std::bit_cast<float>(std::uint32_t{half} << 16U));
  }
  return numbers;
}

void Append(std::string* bytes, const QuantizedLinear& map) {
  AppendNumber(bytes, map.bits);
  AppendNumber(bytes, map.in);
  AppendNumber(bytes, map.out);
  AppendNumber(bytes, map.group);
  if (map.bits == 4) {
    AppendPacked(bytes, map);
    AppendShort(bytes, map.scales);
  } else {
    AppendNumbers(bytes, map.values);
    AppendCounted(bytes, map.scales);
  }
}

QuantizedLinear TakeMap(SectionReader& reader) {
  QuantizedLinear map;
  map.bits = reader.Take<std::uint8_t>();
  map.in = reader.Take<std::uint32_t>();
  map.out = reader.Take<std::uint32_t>();
  map.group = reader.Take<std::uint32_t>();
  const std::uint64_t count = std::uint64_t{map.in} * map.out;
  map.values =
      map.bits == 4 ? TakePacked(reader, map.in, map.out) : reader.TakeNumbers<std::int8_t>(count);
  map.scales = map.bits == 4 ? TakeShort(reader) : TakeCounted<float>(reader);
  return map;
}

void Append(std::string* bytes, const QuantizedInput& input) {
  AppendCounted(bytes, input.inverse_steps);
  AppendCounted(bytes, input.zeros);
  Append(bytes, input.numeric);
  AppendCounted(bytes, input.bias);
  AppendNumber(bytes, static_cast<std::uint32_t>(input.categories.size()));
  for (const QuantizedTable& table : input.categories) {
    AppendNumber(bytes, table.words);
    AppendCounted(bytes, table.values);
    AppendCounted(bytes, table.scales);
  }
}

QuantizedInput TakeInput(SectionReader& reader) {
  QuantizedInput input;
  input.inverse_steps = TakeCounted<float>(reader);
  input.zeros = TakeCounted<std::uint8_t>(reader);
  input.numeric = TakeMap(reader);
  input.bias = TakeCounted<float>(reader);
  input.categories.resize(reader.TakeCount(3 * sizeof(std::uint32_t)));
  for (QuantizedTable& table : input.categories) {
    table.words = reader.Take<std::uint32_t>();
    table.values = TakeCounted<std::int8_t>(reader);
    table.scales = TakeCounted<float>(reader);
  }
  return input;
}

void Append(std::string* bytes, const std::vector<QuantizedRelation>& relations) {
  AppendNumber(bytes, static_cast<std::uint32_t>(relations.size()));
  for (const QuantizedRelation& relation : relations) {
    AppendNumber(bytes, static_cast<std::uint8_t>(relation.key.relation.kind));
    AppendNumber(bytes, static_cast<std::uint8_t>(relation.key.relation.direction));
    AppendNumber(bytes, static_cast<std::uint8_t>(relation.key.parent));
    AppendNumber(bytes, static_cast<std::uint8_t>(relation.key.child));
    Append(bytes, relation.map);
  }
}

std::vector<QuantizedRelation> TakeRelations(SectionReader& reader) {
  constexpr std::size_t kFewestBytes = 5 + 4 * sizeof(std::uint32_t);
  std::vector<QuantizedRelation> relations(reader.TakeCount(kFewestBytes));
  for (QuantizedRelation& relation : relations) {
    relation.key.relation.kind = static_cast<EdgeKind>(reader.Take<std::uint8_t>());
    relation.key.relation.direction = static_cast<Direction>(reader.Take<std::uint8_t>());
    relation.key.parent = static_cast<NodeKind>(reader.Take<std::uint8_t>());
    relation.key.child = static_cast<NodeKind>(reader.Take<std::uint8_t>());
    relation.map = TakeMap(reader);
  }
  return relations;
}

void AppendKinds(std::string* bytes, const QuantizedNetwork& network) {
  for (std::size_t kind = 1; kind < QuantizedNetwork::kKinds; ++kind) {
    Append(bytes, network.inputs[kind]);
    AppendCounted(bytes, network.zero_inverse_steps[kind]);
    Append(bytes, network.first_self[kind]);
    AppendCounted(bytes, network.first_bias[kind]);
    AppendCounted(bytes, network.first_inverse_steps[kind]);
  }
}

void TakeKinds(SectionReader& reader, QuantizedNetwork* network) {
  for (std::size_t kind = 1; kind < QuantizedNetwork::kKinds; ++kind) {
    network->inputs[kind] = TakeInput(reader);
    network->zero_inverse_steps[kind] = TakeCounted<float>(reader);
    network->first_self[kind] = TakeMap(reader);
    network->first_bias[kind] = TakeCounted<float>(reader);
    network->first_inverse_steps[kind] = TakeCounted<float>(reader);
  }
}

void TakeLayersAndHead(SectionReader& reader, QuantizedNetwork* network) {
  network->first = TakeRelations(reader);
  network->second_self = TakeMap(reader);
  network->second_bias = TakeCounted<float>(reader);
  network->second_inverse_steps = TakeCounted<float>(reader);
  network->second = TakeRelations(reader);
  network->head_zero = TakeMap(reader);
  network->head_second = TakeMap(reader);
  network->head_context = TakeCounted<float>(reader);
  network->head_bias = TakeCounted<float>(reader);
  network->head_inverse_steps = TakeCounted<float>(reader);
  network->output = TakeMap(reader);
  network->output_bias = TakeCounted<float>(reader);
}

}  // namespace

std::string WriteQuantizedNetwork(const QuantizedNetwork& network) {
  std::string bytes(kMagic);
  AppendNumber(&bytes, network.bits);
  AppendNumber(&bytes, network.hidden);
  AppendNumber(&bytes, network.head);
  AppendNumber(&bytes, network.context);
  AppendKinds(&bytes, network);
  Append(&bytes, network.first);
  Append(&bytes, network.second_self);
  AppendCounted(&bytes, network.second_bias);
  AppendCounted(&bytes, network.second_inverse_steps);
  Append(&bytes, network.second);
  Append(&bytes, network.head_zero);
  Append(&bytes, network.head_second);
  AppendCounted(&bytes, network.head_context);
  AppendCounted(&bytes, network.head_bias);
  AppendCounted(&bytes, network.head_inverse_steps);
  Append(&bytes, network.output);
  AppendCounted(&bytes, network.output_bias);
  return bytes;
}

Result<QuantizedNetwork> ReadQuantizedNetwork(std::string_view bytes, const FeatureSchema& schema) {
  if (!bytes.starts_with(kMagic)) return Damaged("does not start with RCPQNET1");
  SectionReader reader(bytes.substr(kMagic.size()));
  QuantizedNetwork network;
  network.bits = reader.Take<std::uint8_t>();
  network.hidden = reader.Take<std::uint32_t>();
  network.head = reader.Take<std::uint32_t>();
  network.context = reader.Take<std::uint32_t>();
  TakeKinds(reader, &network);
  TakeLayersAndHead(reader, &network);
  if (reader.failed()) return Damaged("too short");
  if (reader.left() > 0) return Damaged("bytes after its end");
  RECOUP_TRY(CheckQuantizedNetwork(network, schema));
  // One network is one text: the unused half of a byte must be empty.
  if (WriteQuantizedNetwork(network) != bytes) return Damaged("not in the form of our writer");
  return network;
}

}  // namespace recoup::model
