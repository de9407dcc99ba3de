import EchoProtos
import GRPCCore
import Logging
import NIOCore
import NIOSSL
import Testing

@testable import PlainRPC

/// An echo server on a free port with a client of it.
struct EchoFixture: Sendable {
  let server: PlainServer
  let client: PlainClient
  let port: Int

  var echo: Echo_V1_EchoService.PlainClient { Echo_V1_EchoService.PlainClient(client) }

  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Runs `body` beside a server, then stops both.
  static func run(
    limits: PlainLimits = .default, clientLimits: PlainLimits = .default, maxConnections: Int = 1024,
    drainTimeout: Duration = .seconds(5), drainStreamsTimeout: Duration = .milliseconds(50),
    handlers: PlainServerConfiguration.HandlerPlacement = .eventLoop, serverTLS: TLSConfiguration? = nil,
    clientTLS: TLSConfiguration? = nil, observer: (any PlainServerObserver)? = nil, service: EchoServer = EchoServer(),
    _ body: @escaping @Sendable (EchoFixture) async throws -> Void
  ) async throws {
    let configuration = PlainServerConfiguration(
      port: 0, tls: serverTLS, limits: limits, maxConnections: maxConnections, handlers: handlers,
      drainTimeout: drainTimeout, drainStreamsTimeout: drainStreamsTimeout)
    let server = try PlainServer(
      configuration: configuration, services: [Echo_V1_EchoService.plainMethods(service)], logger: silent,
      observer: observer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      let port = try #require(await server.listeningAddress?.port)
      let client = try PlainClient(
        host: "127.0.0.1", port: port,
        configuration: PlainClientConfiguration(tls: clientTLS, serverName: "localhost", limits: clientLimits),
        logger: silent)
      do {
        try await body(EchoFixture(server: server, client: client, port: port))
      } catch {
        await client.close()
        server.beginGracefulShutdown()
        throw error
      }
      await client.close()
      server.beginGracefulShutdown()
      try await group.waitForAll()
    }
  }
}

/// Lets tests wait for each other without sleeping: opens once.
final class Latch: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func open() { continuation.finish() }

  /// Returns when open, or when the calling task is cancelled.
  func wait() async { for await _ in stream {} }
}

func status(_ body: () async throws -> Void) async -> PlainStatus? {
  do {
    try await body()
    return nil
  } catch {
    return error as? PlainStatus ?? PlainStatus(code: .unknown, message: "not a PlainStatus: \(error)")
  }
}
