// The peer of `make bench ONLY=plainrpc`: a C++ gRPC callback server and client of echo.v1.EchoService, in two processes.
//
//   cpp-grpc-bench server
//       listens on a free port of loopback, prints "listening PORT" and serves until its standard input closes
//   cpp-grpc-bench client --target HOST:PORT --in-flight N --seconds S --payload BYTES --mode unary|stream
//       prints one JSON line: calls (or messages) a second and latencies; exits 1 when an answer is wrong

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "echo/v1/echo.grpc.pb.h"

using echo::v1::EchoRequest;
using echo::v1::EchoResponse;
using echo::v1::EchoService;
using Clock = std::chrono::steady_clock;

namespace {

class ExpandReactor final : public grpc::ServerWriteReactor<EchoResponse> {
 public:
  explicit ExpandReactor(const EchoRequest* request) : left_(request->count()) {
    response_.set_text(request->text());
    response_.set_payload(request->payload());
    Next();
  }
  void OnWriteDone(bool ok) override { ok ? Next() : Finish(grpc::Status::CANCELLED); }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (left_-- <= 0) return Finish(grpc::Status::OK);
    response_.set_id(++sent_);
    StartWrite(&response_);
  }
  int left_;
  long sent_ = 0;
  EchoResponse response_;
};

class Service final : public EchoService::CallbackService {
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const EchoRequest* request,
                                EchoResponse* response) override {
    response->set_id(request->id());
    response->set_text(request->text());
    response->set_payload(request->payload());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerWriteReactor<EchoResponse>* Expand(grpc::CallbackServerContext*, const EchoRequest* request) override {
    return new ExpandReactor(request);
  }
};

int Serve() {
  Service service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) return 1;
  std::printf("listening %d\n", port);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

struct Settings {
  std::string target, mode = "unary";
  int in_flight = 1, payload = 0;
  double seconds = 2;
};

// One caller: when its answer has come it sends the next call, until time is up.
struct Load {
  Settings settings;
  std::unique_ptr<EchoService::Stub> stub;
  std::string payload;
  Clock::time_point end;
  std::mutex mutex;
  std::condition_variable idle;
  int running = 0;
  std::atomic<long> next{0};
  std::atomic<bool> wrong{false};
  std::vector<std::vector<double>> latencies;
};

struct UnaryCaller {
  Load* load;
  int index;
  std::unique_ptr<grpc::ClientContext> context;
  EchoRequest request;
  EchoResponse response;
  Clock::time_point begun;

  void Start() {
    context = std::make_unique<grpc::ClientContext>();
    request.set_id(load->next++);
    request.set_text("huirong");
    request.set_payload(load->payload);
    begun = Clock::now();
    load->stub->async()->Get(context.get(), &request, &response, [this](grpc::Status status) { Done(status); });
  }

  void Done(const grpc::Status& status) {
    auto now = Clock::now();
    load->latencies[index].push_back(std::chrono::duration<double, std::micro>(now - begun).count());
    if (!status.ok() || response.id() != request.id() || response.payload() != request.payload()) load->wrong = true;
    if (now < load->end && !load->wrong) return Start();
    std::lock_guard<std::mutex> lock(load->mutex);
    if (--load->running == 0) load->idle.notify_one();
  }
};

struct Printed {
  double rate, p50, p99, max;
  long calls;
};

void Print(const Printed& p) {
  std::printf("{\"rate\":%.1f,\"calls\":%ld,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n", p.rate, p.calls, p.p50,
              p.p99, p.max);
}

int RunUnary(Load& load) {
  load.latencies.resize(load.settings.in_flight);
  load.running = load.settings.in_flight;
  std::vector<std::unique_ptr<UnaryCaller>> callers;
  auto begun = Clock::now();
  load.end = begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load.settings.seconds));
  for (int i = 0; i < load.settings.in_flight; ++i) {
    callers.push_back(std::make_unique<UnaryCaller>());
    callers.back()->load = &load;
    callers.back()->index = i;
  }
  for (auto& caller : callers) caller->Start();
  std::unique_lock<std::mutex> lock(load.mutex);
  load.idle.wait(lock, [&] { return load.running == 0; });
  double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  if (load.wrong) return std::fputs("a wrong answer\n", stderr), 1;
  std::vector<double> all;
  for (auto& part : load.latencies) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end());
  Print({all.size() / seconds, all[all.size() / 2], all[all.size() * 99 / 100], all.back(), long(all.size())});
  return 0;
}

// Messages a second of one server stream, read synchronously.
int RunStream(Load& load) {
  const int count = 200000;
  EchoRequest request;
  request.set_text("huirong");
  request.set_payload(load.payload);
  request.set_count(count);
  long received = 0;
  auto begun = Clock::now();
  double seconds = 0;
  while (seconds < load.settings.seconds) {
    grpc::ClientContext context;
    auto reader = load.stub->Expand(&context, request);
    EchoResponse response;
    long expected = 0;
    while (reader->Read(&response)) {
      if (response.id() != ++expected) return std::fputs("a wrong answer\n", stderr), 1;
    }
    if (!reader->Finish().ok() || expected != count) return std::fputs("a stream broke\n", stderr), 1;
    received += expected;
    seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  }
  Print({received / seconds, 0, 0, 0, received});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && std::string(argv[1]) == "server") return Serve();
  std::map<std::string, std::string> options;
  for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (argc < 2 || std::string(argv[1]) != "client" || !options.count("--target")) {
    std::fputs("usage: cpp-grpc-bench server | client --target HOST:PORT [--in-flight N] [--seconds S] [--payload B] "
               "[--mode unary|stream]\n", stderr);
    return 64;
  }
  Load load;
  load.settings.target = options["--target"];
  if (options.count("--in-flight")) load.settings.in_flight = std::atoi(options["--in-flight"].c_str());
  if (options.count("--seconds")) load.settings.seconds = std::atof(options["--seconds"].c_str());
  if (options.count("--payload")) load.settings.payload = std::atoi(options["--payload"].c_str());
  if (options.count("--mode")) load.settings.mode = options["--mode"];
  load.payload = std::string(load.settings.payload, 'x');
  load.stub = EchoService::NewStub(grpc::CreateChannel(load.settings.target, grpc::InsecureChannelCredentials()));
  return load.settings.mode == "stream" ? RunStream(load) : RunUnary(load);
}
