// The real recoupd as an operator meets it: starts, answers, refuses, drains.
#include <fcntl.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "graph/store/graph_store.h"
#include "server/client/cpp/remote_source.h"

namespace recoup::server {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A folder for one test, with a store of one loan and its borrower.
struct Workplace {
  Workplace() {
    std::string pattern = (fs::temp_directory_path() / "recoupd-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    const auto store = graph::OpenRocksGraphStore(Store());
    REQUIRE(store);
    const graph::NodeKey loan{graph::NodeKind::kLoan, "L-1"};
    const graph::NodeKey party{graph::NodeKind::kParty, "P-1"};
    const graph::FactDates dates{*Date::Parse("2024-01-31"), *Date::Parse("2024-02-01")};
    const Money balance(1'000'000, *Currency::Parse("USD"));
    graph::FactBatch batch;
    batch.facts.push_back(
        graph::NodeFact{loan, graph::FactOperation::kUpsert, {{"balance", balance}}, dates});
    batch.facts.push_back(graph::EdgeFact{
        graph::EdgeKind::kBorrows, party, loan, graph::FactOperation::kUpsert, {}, dates});
    const auto applied = (*store)->Apply(batch);
    if (!applied) FAIL(applied.error().message);
  }
  ~Workplace() { fs::remove_all(folder); }

  std::string Store() const { return (folder / "store").string(); }
  std::string Models() const { return (folder / "models").string(); }

  fs::path folder;
};

/// A recoupd process; killed at the end if it still runs.
class Process {
 public:
  Process(const Workplace& place, const std::vector<std::string>& arguments)
      : output_(place.folder / ("output-" + std::to_string(++count_))) {
    std::vector<std::string> words = {RECOUPD};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      // No stdio here: it would print the parent's buffers a second time.
      const int file = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      const bool redirected = ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0;
      if (redirected) ::execv(RECOUPD, pointers.data());
      ::_exit(127);
    }
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  void Signal(int signal) const { ::kill(pid_, signal); }

  /// Returns the exit code; minus the signal that ended it. Fails after 30 s.
  int Await() {
    int status = 0;
    const auto end = Clock::now() + std::chrono::seconds(30);
    while (::waitpid(pid_, &status, WNOHANG) != pid_) {
      if (Clock::now() > end) FAIL("recoupd does not end: " + Output());
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::string Output() const { return ReadFile(output_); }

 private:
  static inline int count_ = 0;
  fs::path output_;
  pid_t pid_ = -1;
};

std::vector<std::string> Serving(const Workplace& place) {
  return {"--store",  place.Store(), "--models",    place.Models(),
          "--listen", "127.0.0.1:0", "--port-file", (place.folder / "port").string()};
}

std::string AwaitAddress(const Workplace& place) {
  const auto end = Clock::now() + std::chrono::seconds(20);
  while (!fs::exists(place.folder / "port")) {
    REQUIRE(Clock::now() < end);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::string port = ReadFile(place.folder / "port");
  port.pop_back();
  return "127.0.0.1:" + port;
}

std::unique_ptr<client::RemoteSource> ConnectTo(const std::string& address) {
  auto source = client::RemoteSource::Connect({.address = address});
  REQUIRE(source);
  return std::move(source).value();
}

int ExitOf(const Workplace& place, const std::vector<std::string>& arguments,
           const std::string& message) {
  Process process(place, arguments);
  const int code = process.Await();
  INFO(process.Output());
  CHECK(process.Output().find(message) != std::string::npos);
  return code;
}

TEST_CASE("recoupd starts, answers from the store, drains on SIGTERM and keeps what it was told") {
  const Workplace place;
  {
    Process process(place, Serving(place));
    const std::string address = AwaitAddress(place);
    const auto remote = ConnectTo(address);
    CHECK(remote->Statistics()->facts == 2);
    const auto node = remote->GetNode({graph::NodeKind::kLoan, "L-1"}, std::nullopt);
    REQUIRE(node);
    CHECK(node->attributes.at(0).name == "balance");
    CHECK(remote->GetNeighbourhood("L-1", std::nullopt, std::nullopt)->nodes.size() == 2);
    const auto value = remote->ValueLoan("L-1", {});
    REQUIRE_FALSE(value);
    CHECK(value.error() ==
          Error{ErrorCode::kFailedPrecondition,
                "no model in " + place.Models() + ": train one with recoup train"});
    graph::FactBatch batch;
    batch.facts.push_back(graph::NodeFact{{graph::NodeKind::kLoan, "L-2"},
                                          graph::FactOperation::kUpsert,
                                          {},
                                          {Date(20000), Date(20000)}});
    CHECK(remote->ApplyFacts(batch));
    process.Signal(SIGTERM);
    CHECK(process.Await() == 0);
    const std::string output = process.Output();
    INFO(output);
    CHECK(output.find("recoupd: listening on " + address) != std::string::npos);
    CHECK(output.find(R"("event":"listening","address":")" + address) != std::string::npos);
    CHECK(output.find(R"("event":"stopped")") != std::string::npos);
  }
  fs::remove(place.folder / "port");
  Process again(place, Serving(place));
  CHECK(ConnectTo(AwaitAddress(place))->GetNode({graph::NodeKind::kLoan, "L-2"}, std::nullopt));
  again.Signal(SIGINT);
  CHECK(again.Await() == 0);
}

TEST_CASE("A store that another recoupd has open is refused with code 4") {
  const Workplace place;
  Process first(place, Serving(place));
  (void)AwaitAddress(place);
  CHECK(ExitOf(place,
               {"--store", place.Store(), "--models", place.Models(), "--listen", "127.0.0.1:0"},
               "recoupd: ") == 4);
}

TEST_CASE("An address that another server has is refused with code 7") {
  const Workplace place;
  Process first(place, Serving(place));
  const std::string address = AwaitAddress(place);
  const Workplace other;
  CHECK(ExitOf(other, {"--store", other.Store(), "--models", other.Models(), "--listen", address},
               "cannot listen; is the address in use or not of this machine: " + address) == 7);
}

TEST_CASE("What cannot work is refused with its own code and message") {
  const Workplace place;
  const std::string absent = (place.folder / "absent").string();
  CHECK(ExitOf(place, {"--bogus"}, "--bogus") == 2);
  CHECK(ExitOf(place, {"--config", absent}, "cannot read the configuration: " + absent) == 3);
  CHECK(ExitOf(place, {"--models", "m"}, "store.directory must name") == 3);
  CHECK(ExitOf(place, {"--store", place.Store(), "--models", "m", "--listen", "0.0.0.0:0"},
               "refusing to listen beyond this machine") == 3);
  CHECK(ExitOf(place, {"--store", absent, "--models", "m"}, absent) == 6);
  CHECK(ExitOf(place, {"--store", place.Store(), "--models", "m", "--listen", "127.0.0.1:99999"},
               "with a port up to 65535") == 3);
  CHECK(ExitOf(place, {"--config", "deploy/config/recoupd.toml", "--check"},
               "the configuration is right") == 0);
  CHECK(ExitOf(place, {"--help"}, "Examples:") == 0);
  CHECK(ExitOf(place, {"--version"}, "recoupd ") == 0);
}

template <typename Condition>
bool Eventually(const Condition& condition) {
  const auto end = Clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// A call that does not end by itself: it watches the health of the server.
class OpenCall {
 public:
  explicit OpenCall(const std::string& address)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        call_(stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_)) {
    call_->StartCall(nullptr);
    AwaitStep();
    const grpc::Slice whole_server;  // the request: an empty name
    call_->WriteLast(grpc::ByteBuffer(&whole_server, 1), {}, nullptr);
    AwaitStep();
    grpc::ByteBuffer health;
    call_->Read(&health, nullptr);
    AwaitStep();
  }
  ~OpenCall() {
    context_.TryCancel();
    grpc::Status ended;
    call_->Finish(&ended, nullptr);
    AwaitEvent();
    queue_.Shutdown();
  }

 private:
  bool AwaitEvent() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }
  void AwaitStep() { REQUIRE(AwaitEvent()); }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_CASE("A second signal ends a drain at once") {
  const Workplace place;
  Process process(place, Serving(place));
  const OpenCall call(AwaitAddress(place));
  process.Signal(SIGTERM);
  REQUIRE(Eventually(
      [&] { return process.Output().find(R"("event":"draining")") != std::string::npos; }));
  const auto start = Clock::now();
  process.Signal(SIGTERM);
  CHECK(process.Await() == -SIGTERM);
  CHECK(Clock::now() - start < std::chrono::seconds(5));  // draining would take 20 s
}

TEST_CASE("A signal while recoupd starts ends it at once") {
  const Workplace place;
  // A pipe in place of a file of the store: opening the store waits until this test writes to it.
  const fs::path pipe = fs::path(place.Store()) / "CURRENT";
  fs::remove(pipe);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  Process process(place, Serving(place));
  int writer = -1;
  REQUIRE(Eventually([&] { return (writer = ::open(pipe.c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  process.Signal(SIGTERM);
  CHECK(process.Await() == -SIGTERM);
  ::close(writer);
}

}  // namespace
}  // namespace recoup::server
