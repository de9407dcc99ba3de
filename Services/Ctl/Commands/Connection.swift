import ArgumentParser
import Foundation
import GRPCCore
import Kernel
import Logging
import PlainRPC

/// Options that every command which calls a service shares.
struct Connection: ParsableArguments {
  @Option(
    name: .long, help: "host:port of the service's plain-TCP listener (default: the documented port on loopback).")
  var address: String?

  @Option(name: .customLong("as"), help: "Caller in development mode: organisation=…;role=…;region=…;subject=….")
  var caller = "organisation=operator;role=operator;region=;subject=\(NSUserName())"

  @Option(name: .long, help: "API key; HUIRONG_KEY when absent. Takes the place of --as.")
  var key: String?

  @Option(name: .long, help: "Longest time to wait, in milliseconds (1 to 3600000).")
  var timeout: Int = 30_000

  @Flag(name: .long, help: "Speak TLS, trusting the system's certificate authorities.")
  var tls = false

  func validate() throws {
    guard (1...3_600_000).contains(timeout) else { throw ValidationError("--timeout: 1 to 3600000, not \(timeout)") }
  }

  var options: PlainCallOptions { .timeout(.milliseconds(timeout), metadata: metadata) }

  var metadata: Metadata {
    if let key = key ?? ProcessInfo.processInfo.environment["HUIRONG_KEY"] { return ["authorization": "Bearer \(key)"] }
    return ["x-huirong-caller": .string(caller)]
  }

  /// Runs `body` with a client of the service that serves `method`.
  func withClient<T: Sendable>(for service: String, _ body: (PlainClient) async throws -> T) async throws -> T {
    let (host, port) = try target(of: service)
    let client = try PlainClient(host: host, port: port, tls: tls)
    do {
      let result = try await body(client)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }

  private func target(of service: String) throws -> (String, Int) {
    guard let address else {
      let package = service.split(separator: ".").dropLast().joined(separator: ".")
      guard let port = Self.documentedPorts[package] else {
        throw ValidationError("no default address for \(service): give --address host:port")
      }
      return ("127.0.0.1", port)
    }
    let parts = address.split(separator: ":")
    guard parts.count == 2, let port = Int(parts[1]), (1...65_535).contains(port) else {
      throw ValidationError("--address: \"\(address)\" is not host:port")
    }
    return (String(parts[0]), port)
  }

  /// Ports of the plain wire by protobuf package.
  static let documentedPorts = [
    "huirong.demand.v1": 7101, "huirong.catalog.v1": 7102, "huirong.fund.v1": 7103, "huirong.evaluation.v1": 7104,
  ]
}
