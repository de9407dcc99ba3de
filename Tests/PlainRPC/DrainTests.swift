import EchoProtos
import GRPCCore
import NIOCore
import SwiftProtobuf
import Testing
import WireProtos

@testable import PlainRPC

@Suite(.oneAtATime) struct DrainTests {
  @Test func `calls that run when the server drains are finished`() async throws {
    let (begun, proceed) = (Latch(), Latch())
    let service = EchoServer { _, _ in
      begun.open()
      await proceed.wait()
    }
    try await EchoFixture.run(service: service) { fixture in
      async let answer = fixture.echo.get(Samples.request)
      await begun.wait()
      fixture.server.beginGracefulShutdown()
      proceed.open()
      let answered = try await answer
      #expect(answered.id == 7)
    }
  }

  @Test func `a client is told to go away, and its later calls are not served`() async throws {
    let (begun, proceed) = (Latch(), Latch())
    let service = EchoServer { _, _ in
      begun.open()
      await proceed.wait()
    }
    try await EchoFixture.run(service: service) { fixture in
      let raw = try await RawConnection.opened(port: fixture.port)
      let head = Samples.bytes(Huirong_Plainrpc_V1_CallHead.with { $0.method = "echo.v1.EchoService/Get" })
      try await raw.send(Samples.frame(.open, flags: [.message, .halfClose], stream: 1, head: head))
      await begun.wait()
      fixture.server.beginGracefulShutdown()
      let goAway = try #require(await raw.next(.goAway))
      let reason = try Huirong_Plainrpc_V1_GoAwayHead(serializedBytes: goAway.head)
      #expect(reason.reason == .drain)
      #expect(reason.lastStream == 1)
      try await raw.send(Samples.frame(.open, flags: [.message, .halfClose], stream: 2, head: head))
      proceed.open()
      #expect(await raw.next(.end)?.stream == 1)
      #expect(await raw.nextFrame() == nil)
    }
  }

  @Test func `endless streams are ended with UNAVAILABLE`() async throws {
    try await EchoFixture.run { fixture in
      let call = try await fixture.echo.update()
      try await call.send(Samples.request)
      var answers = call.responses.makeAsyncIterator()
      _ = try await answers.next()
      fixture.server.beginGracefulShutdown()
      let status = await status { _ = try await answers.next() }
      #expect(status == PlainStatus(code: .unavailable, message: "the server is shutting down"))
    }
  }

  @Test func `what does not finish in time is ended`() async throws {
    let begun = Latch()
    let service = EchoServer { _, context in
      begun.open()
      try await context.cancellation.cancelled
    }
    try await EchoFixture.run(drainTimeout: .milliseconds(60), service: service) { fixture in
      async let failure = status { _ = try await fixture.echo.get(Samples.request) }
      await begun.wait()
      fixture.server.beginGracefulShutdown()
      let failed = await failure
      #expect(failed?.code == .unavailable)
    }
  }

  @Test func `a call that reaches a draining server is sent to the next one`() async throws {
    let configuration = PlainServerConfiguration(port: 0)
    let methods = Echo_V1_EchoService.plainMethods(EchoServer())
    let first = try PlainServer(configuration: configuration, services: [methods], logger: EchoFixture.silent)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await first.run() }
      let port = try #require(await first.listeningAddress?.port)
      let client = try PlainClient(host: "127.0.0.1", port: port, configuration: .default, logger: EchoFixture.silent)
      let echo = Echo_V1_EchoService.PlainClient(client)
      try await #expect(echo.get(Samples.request).id == 7)
      first.beginGracefulShutdown()
      try await group.next()
      var again = configuration
      again.port = port
      let second = try PlainServer(configuration: again, services: [methods], logger: EchoFixture.silent)
      group.addTask { try await second.run() }
      _ = await second.listeningAddress
      let options = PlainCallOptions(deadline: .now + .seconds(10), waitForReady: true)
      try await #expect(echo.get(Samples.request, options: options).id == 7)
      await client.close()
      second.beginGracefulShutdown()
    }
  }

  @Test func `a server asked to stop before it runs does not run`() async throws {
    let server = try PlainServer(
      configuration: PlainServerConfiguration(port: 0), services: [], logger: EchoFixture.silent)
    server.beginGracefulShutdown()
    try await server.run()
    #expect(await server.listeningAddress == nil)
  }

  @Test func `a port that is taken is an error that names it`() async throws {
    try await EchoFixture.run { fixture in
      let server = try PlainServer(
        configuration: PlainServerConfiguration(port: fixture.port), services: [], logger: EchoFixture.silent)
      await #expect(throws: PlainServer.StartFailure.self) { try await server.run() }
    }
  }
}
