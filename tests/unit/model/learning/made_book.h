// Books made by hand, for tests that need no store: loans with some numbers and an outcome.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/peers/loan_book.h"

namespace recoup::model::testing {

/// An empty book of loans with `columns` numbers, `n0`, `n1`, ...
inline LoanBook EmptyBook(std::size_t columns) {
  LoanBook book;
  book.member_ends = {0};
  for (std::size_t i = 0; i < columns; ++i) {
    const auto id = static_cast<graph::AttributeId>(graph::kFirstExtensionAttribute + i);
    book.attributes.push_back({.id = id, .name = "n" + std::to_string(i)});
  }
  return book;
}

/// Adds a loan that is valued on `as_of` and whose outcome is known on `known_at`, not before that
/// of the last one. REQUIRES: all ties of the book are to be made by this function.
inline void AddMade(LoanBook* book, const std::vector<double>& numbers, double recovery_rate,
                    Date as_of, Date known_at, const std::vector<LoanTie>& ties = {}) {
  graph::NodeRecord record{{graph::NodeKind::kLoan, std::to_string(book->size())}, as_of, {}};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    graph::StoredAttribute& stored = record.attributes.emplace_back();
    stored.id = book->attributes[i].id;
    stored.value = numbers[i];
  }
  book->examples.push_back({graph::NodeId(1, book->size()), as_of, known_at, recovery_rate});
  book->records.push_back(std::move(record));
  const auto members = book->catalog.Intern(ties);
  book->members.insert(book->members.end(), members.begin(), members.end());
  book->member_ends.push_back(static_cast<std::uint32_t>(book->members.size()));
}

}  // namespace recoup::model::testing
