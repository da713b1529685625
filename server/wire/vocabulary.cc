#include "server/wire/vocabulary.h"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace recoup::server::wire {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Result<graph::AttributeValue> ValueFromProto(const v1::AttributeValue& proto) {
  switch (proto.value_case()) {
    case v1::AttributeValue::kNumber:
      return graph::AttributeValue(proto.number());
    case v1::AttributeValue::kCategory:
      return graph::AttributeValue(graph::Category{proto.category()});
    case v1::AttributeValue::kText:
      return graph::AttributeValue(proto.text());
    case v1::AttributeValue::kDate: {
      RECOUP_ASSIGN(const Date date, FromProto(proto.date()));
      return graph::AttributeValue(date);
    }
    case v1::AttributeValue::kMoney: {
      RECOUP_ASSIGN(const Money money, FromProto(proto.money()));
      return graph::AttributeValue(money);
    }
    case v1::AttributeValue::VALUE_NOT_SET:
      break;
  }
  return Invalid("the value is not set");
}

void ValueToProto(const graph::AttributeValue& value, v1::AttributeValue* proto) {
  std::visit(
      [proto](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, double>) {
          proto->set_number(held);
        } else if constexpr (std::is_same_v<Held, graph::Category>) {
          proto->set_category(held.word);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          proto->set_text(held);
        } else if constexpr (std::is_same_v<Held, Date>) {
          ToProto(held, proto->mutable_date());
        } else {
          ToProto(held, proto->mutable_money());
        }
      },
      value);
}

}  // namespace

void ToProto(Money money, v1::Money* proto) {
  proto->set_minor_units(money.minor_units());
  const Currency currency = money.currency();
  proto->set_currency(std::string(currency.code()));
}

void ToProto(Date date, v1::Date* proto) { proto->set_iso(date.ToString()); }

// Both enumerations carry the same numbers by contract.
v1::NodeKind ToProto(graph::NodeKind kind) { return static_cast<v1::NodeKind>(kind); }
v1::EdgeKind ToProto(graph::EdgeKind kind) { return static_cast<v1::EdgeKind>(kind); }

void ToProto(const graph::NodeKey& key, v1::NodeKey* proto) {
  proto->set_kind(ToProto(key.kind));
  proto->set_external_id(key.external_id);
}

void ToProto(const graph::NamedAttribute& attribute, v1::Attribute* proto) {
  proto->set_name(attribute.name);
  ValueToProto(attribute.value, proto->mutable_value());
}

Result<Money> FromProto(const v1::Money& proto) {
  RECOUP_ASSIGN(const Currency currency, Currency::Parse(proto.currency()));
  return Money(proto.minor_units(), currency);
}

Result<Date> FromProto(const v1::Date& proto) { return Date::Parse(proto.iso()); }

Result<graph::NodeKind> FromProto(v1::NodeKind proto) {
  if (proto == v1::NODE_KIND_UNSPECIFIED || !v1::NodeKind_IsValid(proto)) {
    return Invalid("unknown node kind: " + std::to_string(proto));
  }
  return static_cast<graph::NodeKind>(proto);
}

Result<graph::EdgeKind> FromProto(v1::EdgeKind proto) {
  if (proto == v1::EDGE_KIND_UNSPECIFIED || !v1::EdgeKind_IsValid(proto)) {
    return Invalid("unknown edge kind: " + std::to_string(proto));
  }
  return static_cast<graph::EdgeKind>(proto);
}

Result<graph::NodeKey> FromProto(const v1::NodeKey& proto) {
  RECOUP_ASSIGN(const graph::NodeKind kind, FromProto(proto.kind()));
  return graph::NodeKey{kind, proto.external_id()};
}

Result<graph::NamedAttribute> FromProto(const v1::Attribute& proto) {
  auto value = ValueFromProto(proto.value());
  if (!value) return Annotate(value.error(), "attribute " + proto.name());
  return graph::NamedAttribute{proto.name(), std::move(value).value()};
}

Result<std::optional<Date>> OptionalDate(bool present, const v1::Date& proto,
                                         std::string_view field) {
  if (!present) return std::optional<Date>();
  const Result<Date> date = FromProto(proto);
  if (!date) return Annotate(date.error(), field);
  return std::optional<Date>(*date);
}

Result<Date> RequiredDate(bool present, const v1::Date& proto, std::string_view field) {
  if (!present) return Invalid("this day must be set: " + std::string(field));
  const Result<Date> date = FromProto(proto);
  if (!date) return Annotate(date.error(), field);
  return *date;
}

}  // namespace recoup::server::wire
