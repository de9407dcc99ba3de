import EchoProtos
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import PlainRPC

/// Keeps `inFlight` calls going for a while, checks every answer, and reports.
struct LoadClient {
  private let options: Options
  private let payload: Data

  struct WrongAnswer: Error {}

  init(_ options: Options) {
    self.options = options
    payload = Data(repeating: UInt8(ascii: "x"), count: options.payload)
  }

  /// - Returns: one line of JSON: calls or messages a second, and latencies.
  func run() async throws -> String {
    switch options.wire {
    case .plain: try await runPlain()
    case .grpc: try await runGRPC()
    }
  }

  private func runPlain() async throws -> String {
    let client = try PlainClient(host: options.host, port: options.port)
    let echo = Echo_V1_EchoService.PlainClient(client)
    try await client.connect()
    let executor: (any TaskExecutor)? = options.callers == .loop ? client.taskExecutor : nil
    let report =
      switch options.mode {
      case .unary: try await unary(executor) { try await echo.get($0) }
      case .stream:
        try await stream(executor) { request, check in
          for try await response in try await echo.expand(request) { try check(response) }
        }
      }
    await client.close()
    return report
  }

  private func runGRPC() async throws -> String {
    let transport = try HTTP2ClientTransport.Posix(
      target: .ipv4(address: options.host, port: options.port), transportSecurity: .plaintext)
    return try await withGRPCClient(transport: transport) { client in
      let echo = Echo_V1_EchoService.Client(wrapping: client)
      return switch options.mode {
      case .unary: try await unary(nil) { try await echo.get($0) }
      case .stream:
        try await stream(nil) { request, check in
          try await echo.expand(request) { response in
            for try await message in response.messages { try check(message) }
          }
        }
      }
    }
  }

  // MARK: - Unary

  private func unary(
    _ executor: (any TaskExecutor)?,
    _ call: @escaping @Sendable (Echo_V1_EchoRequest) async throws -> Echo_V1_EchoResponse
  ) async throws -> String {
    let clock = ContinuousClock()
    let begun = clock.now
    let end = begun + .seconds(options.seconds)
    let latencies = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for caller in 0..<options.inFlight {
        group.addTask(executorPreference: executor) { try await self.caller(caller, until: end, call) }
      }
      return try await group.reduce(into: [UInt32]()) { $0 += $1 }
    }
    return Self.report(latencies.count, clock.now - begun, latencies.sorted())
  }

  /// One caller: when its answer has come it sends the next call. Latencies in tenths of a microsecond.
  private func caller(
    _ index: Int, until end: ContinuousClock.Instant,
    _ call: @Sendable (Echo_V1_EchoRequest) async throws -> Echo_V1_EchoResponse
  ) async throws -> [UInt32] {
    var latencies: [UInt32] = []
    var request = Echo_V1_EchoRequest()
    request.id = Int64(index) << 32
    request.text = "huirong"
    request.payload = payload
    var now = ContinuousClock.now
    while now < end {
      request.id += 1
      let response = try await call(request)
      guard response.id == request.id, response.payload == payload else { throw WrongAnswer() }
      let done = ContinuousClock.now
      latencies.append(Self.tenths(done - now))
      now = done
    }
    return latencies
  }

  // MARK: - Stream

  /// Messages of one stream, the same number as cpp-grpc-bench asks for.
  private static let streamLength: Int32 = 200_000

  private final class Counter { var received: Int64 = 0 }

  private func stream(
    _ executor: (any TaskExecutor)?,
    _ call:
      @escaping @Sendable (Echo_V1_EchoRequest, @escaping @Sendable (Echo_V1_EchoResponse) throws -> Void)
      async throws -> Void
  ) async throws -> String {
    try await withTaskExecutorPreference(executor) {
      var request = Echo_V1_EchoRequest()
      request.text = "huirong"
      request.payload = payload
      request.count = Self.streamLength
      let begun = ContinuousClock.now
      var received = 0
      while ContinuousClock.now - begun < .seconds(options.seconds) {
        nonisolated(unsafe) let counter = Counter()
        try await call(request) { response in
          counter.received += 1
          guard response.id == counter.received else { throw WrongAnswer() }
        }
        guard counter.received == Int64(Self.streamLength) else { throw WrongAnswer() }
        received += Int(counter.received)
      }
      return Self.report(received, ContinuousClock.now - begun, [])
    }
  }

  // MARK: - Reporting

  private static func tenths(_ duration: Duration) -> UInt32 {
    UInt32(clamping: duration.components.attoseconds / 100_000_000_000 + duration.components.seconds * 10_000_000)
  }

  private static func report(_ calls: Int, _ duration: Duration, _ sorted: [UInt32]) -> String {
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    func microseconds(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 10
    }
    return """
      {"rate":\(Double(calls) / seconds),"calls":\(calls),"p50_us":\(microseconds(0.5)),\
      "p99_us":\(microseconds(0.99)),"max_us":\(microseconds(1))}
      """
  }
}
