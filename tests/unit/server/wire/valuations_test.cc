#include "server/wire/valuations.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/server/wire/random_values.h"

namespace recoup::server::wire {
namespace {

TEST_CASE("A thousand random valuations survive the wire unchanged, also as bytes") {
  RandomValues random(2);
  for (int i = 0; i < 1000; ++i) {
    const LoanAnswer answer = random.Answer();
    v1::LoanValuation proto;
    ToProto(answer, &proto);
    v1::LoanValuation received;
    REQUIRE(received.ParseFromString(proto.SerializeAsString()));
    const auto back = FromProto(received);
    if (!back) FAIL(back.error().message);
    REQUIRE(*back == answer);
    v1::LoanValuation again;
    ToProto(*back, &again);
    REQUIRE(again.SerializeAsString() == proto.SerializeAsString());
  }
}

TEST_CASE("A portfolio's items survive the wire, valued or not") {
  RandomValues random(3);
  const PortfolioItem valued{"", random.Answer(), 9};
  v1::ValueLoansResponse proto;
  ToProto(valued, &proto);
  CHECK(*FromProto(proto)->answer == *valued.answer);
  CHECK(FromProto(proto)->total == 9);

  const PortfolioItem failed{"L-1", Error{ErrorCode::kFailedPrecondition, "no balance"}, 9};
  v1::ValueLoansResponse error;
  ToProto(failed, &error);
  CHECK(FromProto(error)->loan_id == "L-1");
  CHECK(FromProto(error)->answer.error() == failed.answer.error());
}

TEST_CASE("A loan's error with an unknown code is of unknown kind") {
  v1::ValueLoansResponse reply;
  reply.mutable_error()->set_code(99);
  CHECK(FromProto(reply)->answer.error().code == ErrorCode::kUnknown);
}

TEST_CASE("Terms left out take their defaults; terms set to zero are zero") {
  CHECK(FromProto(v1::ValuationTerms()) == model::ValuationTerms{});
  v1::ValuationTerms zero;
  zero.set_target_irr(0.0);
  zero.set_cost_share(0.0);
  CHECK(FromProto(zero).target_irr == Rate(0.0));
  CHECK(FromProto(zero).cost_share == Rate(0.0));
  const model::ValuationTerms terms{Rate(0.2), Rate(0.1), 9.5, 36};
  v1::ValuationTerms proto;
  ToProto(terms, &proto);
  CHECK(FromProto(proto) == terms);
}

TEST_CASE("A malformed as-of day is refused, a missing one is the default") {
  v1::ValueLoanRequest request;
  CHECK_FALSE(RequestFromProto(request)->as_of.has_value());
  for (const char* text : {"", "2024-13-01", "2024-02-30", "yesterday", "2024-1-1"}) {
    request.mutable_as_of()->set_iso(text);
    const auto read = RequestFromProto(request);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kInvalidArgument);
    CHECK(read.error().message.starts_with("as_of: "));
  }
  request.mutable_as_of()->set_iso("2024-12-31");
  CHECK(RequestFromProto(request)->as_of->ToString() == "2024-12-31");
}

TEST_CASE("A forecast without its 27 masses is refused") {
  RandomValues random(4);
  v1::LoanValuation proto;
  ToProto(random.Answer(), &proto);
  proto.mutable_forecast()->mutable_masses()->RemoveLast();
  CHECK(FromProto(proto).error().message == "a forecast has 27 masses: 26");
}

}  // namespace
}  // namespace recoup::server::wire
