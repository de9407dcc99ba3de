import ArgumentParser
import Foundation
import Kernel
import PlainRPC
import RPCEdge

struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Call a method by name with a JSON request; prints the JSON answer.",
    discussion: """
      huirongctl call huirong.fund.v1.FundService/ListPools '{}'
      huirongctl call DemandService/WatchDemands '{"afterSequence": 0}' --limit 10
      A request of - is read from standard input. A refusal prints the error with its details on standard error and exits 1.
      """)

  @Argument(help: "Full method name, or Service/Method.")
  var method: String

  @Argument(help: "The request as JSON, or - for standard input.")
  var request: String = "{}"

  @Option(name: .long, help: "Messages of a server stream after which to stop; 0 follows until interrupted.")
  var limit: Int = 0

  @OptionGroup var connection: Connection

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit: 0 or more, not \(limit)") }
  }

  func run() async throws {
    let descriptor = try MethodArgument.resolve(method)
    let input = request == "-" ? FileHandle.standardInput.readDataToEndOfFile() : Data(request.utf8)
    do {
      try await connection.withClient(for: descriptor.service) { client in
        let call = JSONCall(descriptor, on: client)
        switch descriptor.kind {
        case .unary: Self.print(try await call.unary(input, options: connection.options))
        case .serverStreaming: try await follow(call, input)
        case .clientStreaming, .bidirectionalStreaming:
          throw ValidationError("\(descriptor.fullName) takes a stream of requests; call offers one")
        }
      }
    } catch let status as PlainStatus {
      Self.fail(JSONStatus.json(code: status.code, message: status.message, details: status.details))
      throw ExitCode.failure
    } catch let error as DomainError {
      Self.fail(JSONStatus.json(code: error.reason.kind.code, message: error.message, details: error.googleStatus))
      throw ExitCode.failure
    }
  }

  private func follow(_ call: JSONCall, _ input: Data) async throws {
    var options = connection.options
    options.deadline = nil
    var received = 0
    try await call.serverStreaming(input, options: options) { message in
      Self.print(message, pretty: false)
      received += 1
      return limit == 0 || received < limit
    }
  }

  private static func print(_ json: Data, pretty: Bool = true) {
    FileHandle.standardOutput.write((pretty ? indented(json) : json) + Data("\n".utf8))
  }

  private static func fail(_ json: Data) { FileHandle.standardError.write(indented(json) + Data("\n".utf8)) }

  private static func indented(_ json: Data) -> Data {
    guard let object = try? JSONSerialization.jsonObject(with: json) else { return json }
    return
      (try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])) ?? json
  }
}
