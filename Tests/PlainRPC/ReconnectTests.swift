import EchoProtos
import GRPCCore
import NIOCore
import NIOPosix
import SwiftProtobuf
import Testing

@testable import PlainRPC

@Suite(.oneAtATime) struct ReconnectTests {
  private static let quick = PlainClientConfiguration(
    connectTimeout: .seconds(2), backoff: .init(initial: .milliseconds(5), maximum: .milliseconds(20)))

  /// A port that nothing listens on: one that was bound a moment ago.
  private static func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(channel.localAddress?.port)
    try await channel.close()
    return port
  }

  @Test func `without a server a call fails at once with UNAVAILABLE`() async throws {
    let port = try await Self.freePort()
    let client = try PlainClient(
      host: "127.0.0.1", port: port, configuration: Self.quick, logger: EchoFixture.silent)
    let failure = await status { _ = try await Echo_V1_EchoService.PlainClient(client).get(.init()) }
    #expect(failure?.code == .unavailable)
    await client.close()
  }

  @Test func `a call that waits for ready gives up at its deadline`() async throws {
    let port = try await Self.freePort()
    let client = try PlainClient(
      host: "127.0.0.1", port: port, configuration: Self.quick, logger: EchoFixture.silent)
    let options = PlainCallOptions(deadline: .now + .milliseconds(80), waitForReady: true)
    let failure = await status { _ = try await Echo_V1_EchoService.PlainClient(client).get(.init(), options: options) }
    #expect(failure?.code == .deadlineExceeded)
    await client.close()
  }

  @Test func `a call that waits for ready is served once the server is there`() async throws {
    let port = try await Self.freePort()
    let client = try PlainClient(
      host: "127.0.0.1", port: port, configuration: Self.quick, logger: EchoFixture.silent)
    let echo = Echo_V1_EchoService.PlainClient(client)
    #expect(await status { _ = try await echo.get(.init()) }?.code == .unavailable)
    let options = PlainCallOptions(deadline: .now + .seconds(20), waitForReady: true)
    let answer = Task { try await echo.get(Samples.request, options: options) }
    let server = try PlainServer(
      configuration: PlainServerConfiguration(port: port), services: [Echo_V1_EchoService.plainMethods(EchoServer())],
      logger: EchoFixture.silent)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      let answered = try await answer.value
      #expect(answered.id == 7)
      await client.close()
      server.beginGracefulShutdown()
    }
  }

  @Test func `calls fail when the connection breaks, and later ones find a new connection`() async throws {
    let begun = Latch()
    let service = EchoServer { request, context in
      guard request.text == "hold" else { return }
      begun.open()
      try await context.cancellation.cancelled
    }
    try await EchoFixture.run(service: service) { fixture in
      let relay = try await Relay.start(to: fixture.port)
      let client = try PlainClient(
        host: "127.0.0.1", port: relay.port, configuration: Self.quick, logger: EchoFixture.silent)
      let echo = Echo_V1_EchoService.PlainClient(client)
      async let failure = status { _ = try await echo.get(.with { $0.text = "hold" }) }
      await begun.wait()
      await relay.cut()
      let failed = await failure
      #expect(failed?.code == .unavailable)
      let options = PlainCallOptions(deadline: .now + .seconds(20), waitForReady: true)
      try await #expect(echo.get(Samples.request, options: options).id == 7)
      await client.close()
      await relay.stop()
    }
  }

  @Test func `a closed client refuses calls`() async throws {
    try await EchoFixture.run { fixture in
      _ = try await fixture.echo.get(Samples.request)
      await fixture.client.close()
      #expect(await status { _ = try await fixture.echo.get(.init()) } == .clientClosed)
    }
  }

  @Test func `a server that speaks something else is unavailable`() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"), promise: nil)
        return channel.eventLoop.makeSucceededVoidFuture()
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let client = try PlainClient(
      host: "127.0.0.1", port: try #require(server.localAddress?.port), configuration: Self.quick,
      logger: EchoFixture.silent)
    let failure = await status { _ = try await Echo_V1_EchoService.PlainClient(client).get(.init()) }
    #expect(failure?.code == .unavailable)
    await client.close()
    try await server.close()
  }

  @Test func `the pause between attempts grows to its maximum`() {
    let backoff = PlainClientConfiguration.Backoff(initial: .milliseconds(100), maximum: .seconds(1), factor: 2)
    let ceilings = (1...6).map { backoff.ceiling(failures: $0) }
    #expect(
      ceilings == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1),
      ])
  }

  @Test func `several connections share the calls`() async throws {
    try await EchoFixture.run { fixture in
      var configuration = Self.quick
      configuration.connections = 3
      let client = try PlainClient(
        host: "127.0.0.1", port: fixture.port, configuration: configuration, logger: EchoFixture.silent)
      let echo = Echo_V1_EchoService.PlainClient(client)
      for _ in 0..<9 { _ = try await echo.get(Samples.request) }
      #expect(fixture.server.connectionCount == 3)
      await client.close()
    }
  }
}
