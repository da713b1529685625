#include "graph/store/value_codec.h"

#include <limits>

namespace recoup::graph {
namespace {

void WriteMoney(const Money& money, ByteWriter* out) {
  out->Raw(money.currency().code());
  out->Signed(money.minor_units());
}

// Finding a currency's decimals takes a search; a record seldom holds more than one currency.
Money ReadMoney(ByteReader* in) {
  static thread_local Currency last;
  const std::string_view code = in->Raw(3);
  const std::int64_t minor_units = in->Signed();
  if (!in->ok()) return {};
  if (code == Currency().code()) return Money(minor_units, Currency());
  if (code != last.code()) {
    const Result<Currency> currency = Currency::Parse(code);
    if (!currency) {
      in->Fail();
      return {};
    }
    last = *currency;
  }
  return Money(minor_units, last);
}

}  // namespace

void WriteDay(Date day, ByteWriter* out) { out->Signed(day.days()); }

Date ReadDay(ByteReader* in) {
  const std::int64_t days = in->Signed();
  if (days < std::numeric_limits<std::int32_t>::min() ||
      days > std::numeric_limits<std::int32_t>::max()) {
    in->Fail();
    return {};
  }
  return Date(static_cast<std::int32_t>(days));
}

void WriteValue(const AttributeValue& value, ByteWriter* out) {
  out->Byte(static_cast<std::uint8_t>(TypeOf(value)));
  switch (TypeOf(value)) {
    case AttributeType::kNumber:
      return out->Double(std::get<double>(value));
    case AttributeType::kCategory:
      return out->String(std::get<Category>(value).word);
    case AttributeType::kText:
      return out->String(std::get<std::string>(value));
    case AttributeType::kDate:
      return WriteDay(std::get<Date>(value), out);
    case AttributeType::kMoney:
      return WriteMoney(std::get<Money>(value), out);
  }
}

AttributeValue ReadValue(ByteReader* in) {
  switch (static_cast<AttributeType>(in->Byte())) {
    case AttributeType::kNumber:
      return in->Double();
    case AttributeType::kCategory:
      return Category{std::string(in->String())};
    case AttributeType::kText:
      return std::string(in->String());
    case AttributeType::kDate:
      return ReadDay(in);
    case AttributeType::kMoney:
      return ReadMoney(in);
  }
  in->Fail();
  return 0.0;
}

void WriteAttributes(const std::vector<StoredAttribute>& attributes, ByteWriter* out) {
  out->Varint(attributes.size());
  for (const StoredAttribute& attribute : attributes) {
    out->Varint(attribute.id);
    WriteValue(attribute.value, out);
  }
}

std::vector<StoredAttribute> ReadAttributes(ByteReader* in) {
  std::vector<StoredAttribute> attributes;
  const std::uint64_t count = in->Varint();
  // Each takes at least three bytes: a damaged count must not reserve memory.
  if (count > in->rest().size() / 3) in->Fail();
  if (!in->ok()) return attributes;
  attributes.reserve(count);
  for (std::uint64_t i = 0; i < count && in->ok(); ++i) {
    const std::uint64_t id = in->Varint();
    if (id > std::numeric_limits<AttributeId>::max()) in->Fail();
    attributes.push_back({static_cast<AttributeId>(id), ReadValue(in)});
  }
  return attributes;
}

}  // namespace recoup::graph
