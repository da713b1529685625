#include "graph/ingest/csv_reader.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::graph {
namespace {

// What a file reads as: one text for each record and broken line, in order of reading.
struct Reading {
  std::string header;
  std::vector<std::string> records;  // line: values
  std::vector<std::string> broken;   // line: reason
  std::string error;
};

std::string Join(const auto& texts) {
  std::string joined;
  for (const auto& text : texts) joined += "|" + std::string(text);
  return joined.substr(1);
}

Reading ReadAll(std::string_view text, char delimiter = ',') {
  Reading reading;
  auto reader = CsvReader::Open(ReadMemory(text), delimiter);
  if (!reader.has_value()) {
    reading.error = reader.error().message;
    return reading;
  }
  reading.header = Join((*reader)->columns());
  while ((*reader)->Next().value_or(false)) {
    reading.records.push_back(std::to_string((*reader)->line()) + ": " + Join((*reader)->values()));
  }
  for (const BrokenLine& line : (*reader)->TakeBroken()) {
    reading.broken.push_back(std::to_string(line.line) + ": " + line.reason);
  }
  return reading;
}

using Lines = std::vector<std::string>;

TEST_CASE("Records carry the line on which they begin") {
  const Reading reading = ReadAll("a,b\n1,2\n\n3,\"x\ny\"\n5,6");
  CHECK(reading.header == "a|b");
  CHECK(reading.records == Lines{"2: 1|2", "4: 3|x\ny", "6: 5|6"});
  CHECK(reading.broken.empty());
}

TEST_CASE("A byte order mark and every kind of line end are let pass") {
  CHECK(ReadAll("\xef\xbb\xbf"
                "a,b\r\n1,2\r\n3,4\r\n")
            .records == Lines{"2: 1|2", "3: 3|4"});
  CHECK(ReadAll("\xef\xbb\xbf"
                "a,b\r\n")
            .header == "a|b");
  CHECK(ReadAll("a,b\r1,2\r3,4").records == Lines{"2: 1|2", "3: 3|4"});
}

TEST_CASE("Quotes hold delimiters, newlines and doubled quotes") {
  CHECK(ReadAll("a,b\n\"1,5\",\"say \"\"so\"\"\"\n").records == Lines{"2: 1,5|say \"so\""});
  CHECK(ReadAll("a;b\n\"\";5\" pipe\n", ';').records == Lines{"2: |5\" pipe"});
  CHECK(ReadAll("a,b\n  1 ,\t2 \n").records == Lines{"2: 1|2"});
}

TEST_CASE("A line with another number of values is left out alone") {
  const Reading reading = ReadAll("a,b\n1,2\n3\n4,5,6\n7,8\n");
  CHECK(reading.records == Lines{"2: 1|2", "5: 7|8"});
  CHECK(reading.broken == Lines{"3: fewer values than the header has columns",
                                "4: more values than the header has columns"});
}

TEST_CASE("A quote that never closes costs one line") {
  const Reading reading = ReadAll("a,b\n1,2\n3,\"open\n5,6\n7,8\n");
  CHECK(reading.records == Lines{"2: 1|2", "4: 5|6", "5: 7|8"});
  CHECK(reading.broken == Lines{"3: a quoted value is never closed"});
}

TEST_CASE("Text after a closing quote is broken") {
  const Reading reading = ReadAll("a,b\n\"1\"x,2\n3,4\n");
  CHECK(reading.records == Lines{"3: 3|4"});
  CHECK(reading.broken == Lines{"2: text after a closing quote"});
}

TEST_CASE("The lines of a quoted text never pass for records") {
  const Reading reading = ReadAll("a,b\n1,2,\"x\n8,9\ny\"\n3,4\n");
  CHECK(reading.records == Lines{"5: 3|4"});
  CHECK(reading.broken == Lines{"2: more values than the header has columns"});
}

TEST_CASE("Bytes that are not UTF-8 break their line only") {
  const Reading reading = ReadAll("a,b\n1,caf\xff\n3,caf\xc3\xa9\n");
  CHECK(reading.records == Lines{"3: 3|caf\xc3\xa9"});
  CHECK(reading.broken == Lines{"2: not UTF-8"});
}

TEST_CASE("Halves of a character in two values are not UTF-8") {
  const Reading reading = ReadAll("a,b\n\xc3,\xa9\n3,4\n");
  CHECK(reading.records == Lines{"3: 3|4"});
  CHECK(reading.broken == Lines{"2: not UTF-8"});
}

TEST_CASE("An endless line breaks alone, in bounded memory") {
  const std::string endless = "a,b\n1," + std::string(3 * kMaxRecordBytes, 'x') + "\n3,4\n";
  const Reading reading = ReadAll(endless);
  CHECK(reading.records == Lines{"3: 3|4"});
  CHECK(reading.broken == Lines{"2: longer than 1 MiB"});
}

TEST_CASE("A file without a usable header is an error") {
  CHECK(ReadAll("").error == "the file is empty; its first line must name the columns");
  CHECK(ReadAll("\n\n").error == "the file is empty; its first line must name the columns");
  CHECK(ReadAll("a,B,b\n").error == "the header names a column twice: b");
  CHECK(ReadAll("\xff\xfe"
                "a")
            .error == "the file is UTF-16; convert it to UTF-8");
  CHECK(ReadAll("a,\"b").error == "the header line cannot be read: a quoted value is never closed");
  CHECK(ReadAll("a,\xff\n").error == "the header line cannot be read: not UTF-8");
}

TEST_CASE("A header alone has no records, and a column without a name gets one") {
  CHECK(ReadAll("a,b\n").records.empty());
  CHECK(ReadAll("a,,\n1,2,3\n").header == "a|column_2|column_3");
}

}  // namespace
}  // namespace recoup::graph
