import ArgumentParser
import Foundation
import Kernel
import PlainRPC
import RPCEdge
import SwiftProtobuf
import Synchronization

struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a unary method: many callers on one connection, one line of JSON with rate and latencies.",
    discussion: """
      huirongctl load CatalogService/GetProduct '{"name": "products/a"}' --callers 64 --requests 100000
      In the request {n} stands for the number of the call, counted from --first, and {v} for the lines of --values in turn.
      Requests are made before the clock starts. An error of any call ends the run with exit code 1.
      """)

  @Argument(help: "Full method name, or Service/Method.")
  var method: String

  @Argument(help: "The request as JSON; - reads it from standard input.")
  var request: String

  @Option(name: .long, help: "Calls in flight (1 to 1024).")
  var callers = 64

  @Option(name: .long, help: "Calls in all (1 to 5000000).")
  var requests = 50_000

  @Option(name: .long, help: "Number of the first call.")
  var first = 0

  @Option(name: .long, help: "File whose lines take turns as {v}.")
  var values: String?

  @Flag(
    name: .long,
    help: "Send requests as bytes made before and take replies as bytes: the service is measured, not this program.")
  var undecoded = false

  @OptionGroup var connection: Connection

  func validate() throws {
    guard (1...1024).contains(callers) else { throw ValidationError("--callers: 1 to 1024, not \(callers)") }
    guard (1...5_000_000).contains(requests) else { throw ValidationError("--requests: 1 to 5000000, not \(requests)") }
    guard (0...1_000_000_000).contains(first) else { throw ValidationError("--first: 0 to 1000000000, not \(first)") }
  }

  func run() async throws {
    let descriptor = try MethodArgument.resolve(method)
    guard descriptor.kind == .unary else {
      throw ValidationError("\(descriptor.fullName) streams; load measures unary calls")
    }
    let report = try await connection.withClient(for: descriptor.service) { client in
      try await client.connect()
      return try await measure(descriptor, client, descriptor.requestType)
    }
    print(report.json)
  }

  private func measure<Request: SwiftProtobuf.Message>(
    _ descriptor: PlainMethodDescriptor, _ client: PlainClient, _: Request.Type
  ) async throws -> LoadReport {
    let text =
      request == "-" ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : request
    let messages: [Request] = try RequestTemplate(text, values: try lines()).messages(first: first, count: requests)
    if !undecoded { return try await send(messages, descriptor, client, descriptor.responseType) }
    // Bytes travel as fields that nobody has decoded: sending them is a copy.
    let bytes = try messages.map { try Google_Protobuf_Empty(serializedBytes: $0.serializedBytes() as [UInt8]) }
    return try await send(bytes, descriptor, client, Google_Protobuf_Empty.self)
  }

  private func send<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ messages: [Request], _ descriptor: PlainMethodDescriptor, _ client: PlainClient, _: Response.Type
  ) async throws -> LoadReport {
    let metadata = connection.metadata
    let timeout = Duration.milliseconds(connection.timeout)
    let turns = Turns()
    let share = messages.count / callers + 1
    let begun = ContinuousClock.now
    let latencies = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for _ in 0..<callers {
        group.addTask(executorPreference: client.taskExecutor) {
          var latencies: [UInt32] = []
          latencies.reserveCapacity(share)
          while true {
            let index = turns.take()
            guard index < messages.count else { return latencies }
            let start = ContinuousClock.now
            let _: Response = try await client.unary(
              descriptor, messages[index], options: .timeout(timeout, metadata: metadata))
            latencies.append(LoadReport.tenths(ContinuousClock.now - start))
          }
        }
      }
      return try await group.reduce(into: [UInt32]()) { $0 += $1 }
    }
    return LoadReport(latencies: latencies.sorted(), duration: ContinuousClock.now - begun)
  }

  private func lines() throws -> [String] {
    guard let values else { return [] }
    guard let text = try? String(contentsOfFile: values, encoding: .utf8) else {
      throw ValidationError("--values: \(values) cannot be read as UTF-8 text")
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }
}

/// The next call's number, for whichever caller is free.
private final class Turns: Sendable {
  private let next = Atomic<Int>(0)

  func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// A JSON request with `{n}` and `{v}` in it.
struct RequestTemplate {
  private let text: String
  private let values: [String]

  init(_ text: String, values: [String]) throws {
    guard !text.contains("{v}") || !values.isEmpty else { throw ValidationError("the request has {v}: give --values") }
    self.text = text
    self.values = values
  }

  func messages<Request: SwiftProtobuf.Message>(first: Int, count: Int) throws -> [Request] {
    try (first..<first + count).map { number in
      var json = text.replacing("{n}", with: String(number))
      if !values.isEmpty { json.replace("{v}", with: values[number % values.count]) }
      do {
        return try Request(jsonString: json)
      } catch {
        throw ValidationError("request \(number) is not a \(Request.protoMessageName): \(error)")
      }
    }
  }
}

/// What a run of `load` came to.
struct LoadReport {
  /// Tenths of a microsecond, ascending.
  let latencies: [UInt32]
  let duration: Duration

  static func tenths(_ duration: Duration) -> UInt32 {
    UInt32(clamping: duration.components.attoseconds / 100_000_000_000 + duration.components.seconds * 10_000_000)
  }

  var json: String {
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    func microseconds(_ share: Double) -> Double {
      latencies.isEmpty ? 0 : Double(latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]) / 10
    }
    return """
      {"rate":\(Double(latencies.count) / seconds),"calls":\(latencies.count),"p50_us":\(microseconds(0.5)),\
      "p99_us":\(microseconds(0.99)),"max_us":\(microseconds(1))}
      """
  }
}
