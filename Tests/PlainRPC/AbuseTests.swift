import EchoProtos
import Foundation
import GRPCCore
import NIOCore
import SwiftProtobuf
import Testing
import WireProtos

@testable import PlainRPC

/// Peers that break the rules or the patience: each ends in the documented error while a well-behaved client beside it is
/// served throughout.
@Suite(.oneAtATime) struct AbuseTests {
  /// Runs `abuse` against a server that another client calls before, during and after it.
  private func beside(
    limits: PlainLimits = .default, maxConnections: Int = 1024, service: EchoServer = EchoServer(),
    _ abuse: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    try await EchoFixture.run(limits: limits, maxConnections: maxConnections, service: service) { fixture in
      try await Self.callNeighbour(fixture)
      async let neighbour: Void = Self.callNeighbour(fixture)
      try await abuse(fixture.port)
      try await neighbour
      try await Self.callNeighbour(fixture)
    }
  }

  private static func callNeighbour(_ fixture: EchoFixture) async throws {
    let options = PlainCallOptions(deadline: .now + .seconds(30), waitForReady: true)
    for number in Int64(1)...20 {
      let response = try await fixture.echo.get(.with { $0.id = number }, options: options)
      #expect(response.id == number)
    }
  }

  private static func open(_ stream: UInt32, method: String = "Get", halfClose: Bool = true, body: [UInt8] = [])
    -> [UInt8]
  {
    let head = Samples.bytes(Huirong_Plainrpc_V1_CallHead.with { $0.method = "echo.v1.EchoService/\(method)" })
    return Samples.frame(
      .open, flags: halfClose ? [.message, .halfClose] : [], stream: stream, head: head, body: body)
  }

  // MARK: - Protocol errors

  struct Breach: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    /// The GOAWAY reason, or the code of the call that fails.
    let answer: Int

    init(_ description: String, _ bytes: [UInt8], _ reason: Huirong_Plainrpc_V1_GoAwayReason) {
      (testDescription, self.bytes, answer) = (description, bytes, reason.rawValue)
    }

    init(_ description: String, _ bytes: [UInt8], code: Int) {
      (testDescription, self.bytes, answer) = (description, bytes, code)
    }
  }

  private static let creditless = Samples.frame(
    .settings,
    head: Samples.bytes(
      Huirong_Plainrpc_V1_Settings.with {
        $0.maxFrameBytes = 1 << 20
        $0.maxConcurrentCalls = 1
      }))

  private static let badBeginnings: [Breach] = [
    Breach("a preface of another protocol", Array("GET / HTTP/1.1\r\n".utf8), .protocolError),
    Breach("a preface with reserved bytes set", [72, 82, 80, 67, 1, 0, 0, 1], .protocolError),
    Breach("a preface of another version", [72, 82, 80, 67, 2, 0, 0, 0], .version),
    Breach("a call before SETTINGS", ServerConnection.preface + open(1), .protocolError),
    Breach("credit below the minimum in SETTINGS", ServerConnection.preface + creditless, .protocolError),
  ]

  @Test(arguments: badBeginnings)
  func `a bad beginning is answered with GOAWAY`(breach: Breach) async throws {
    try await beside { port in
      let raw = try await RawConnection.connect(port: port)
      try await raw.send(breach.bytes)
      let goAway = try await raw.goAway()
      #expect(goAway?.reason.rawValue == breach.answer)
    }
  }

  private static let breaches: [Breach] = [
    Breach("SETTINGS twice", Samples.frame(.settings, head: Samples.bytes(Samples.settings)), .protocolError),
    Breach("an unknown frame type", [0, 0, 0, 8, 77, 0, 0, 0, 0, 0, 0, 0], .protocolError),
    Breach("a stream that goes back", open(5) + open(4), .protocolError),
    Breach("a stream numbered 0", open(0), .protocolError),
    Breach("a message on no stream", Samples.frame(.message, flags: .message, stream: 9), .protocolError),
    Breach("END from a client", Samples.frame(.end, stream: 1), .protocolError),
    Breach("a PING of the wrong size", Samples.frame(.ping, body: [1]), .protocolError),
    Breach("a PING on a stream", Samples.frame(.ping, stream: 3, body: Array(repeating: 0, count: 8)), .protocolError),
    Breach("CREDIT of nothing", Samples.frame(.credit, stream: 1), .protocolError),
    Breach("a malformed call head", Samples.frame(.open, stream: 1, head: [0xFF]), .protocolError),
    Breach("a frame shorter than a header", [0, 0, 0, 3, 1, 2, 3], .protocolError),
    Breach("a head longer than its frame", [0, 0, 0, 8, 2, 0, 0xFF, 0xFF, 0, 0, 0, 1], .protocolError),
    Breach("a head above the limit", [0, 1, 0, 8, 2, 0, 0x7F, 0xFF, 0, 0, 0, 1], .frameTooLarge),
  ]

  @Test(arguments: breaches)
  func `a breach of the protocol is answered with GOAWAY`(breach: Breach) async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.send(breach.bytes)
      let goAway = try await raw.goAway()
      #expect(goAway?.reason.rawValue == breach.answer)
      #expect(goAway?.message.isEmpty == false)
    }
  }

  @Test func `an unknown frame type marked optional is passed over`() async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.send([0, 0, 0, 8, 77, 0x80, 0, 0, 0, 0, 0, 0] + Self.open(1))
      #expect(await raw.next(.end)?.stream == 1)
      await raw.close()
    }
  }

  @Test func `an oversize frame is refused by its length alone`() async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.send([0x7F, 0xFF, 0xFF, 0xFF])
      #expect(try await raw.goAway()?.reason == .frameTooLarge)
    }
  }

  // MARK: - Calls that are refused while the connection lives

  private static let upperCaseMetadata = Huirong_Plainrpc_V1_CallHead.with {
    $0.method = "echo.v1.EchoService/Get"
    $0.metadata = [.with { $0.key = "UPPER" }]
  }

  private static let unary: FrameFlags = [.message, .halfClose]

  private static let wrongCalls: [Breach] = [
    Breach(
      "a unary call without a message", Samples.frame(.open, flags: .halfClose, stream: 1, head: head("Get")), code: 3),
    Breach(
      "a unary call that is not half-closed", Samples.frame(.open, flags: .message, stream: 1, head: head("Get")),
      code: 3),
    Breach(
      "a request that is not protobuf",
      Samples.frame(.open, flags: unary, stream: 1, head: head("Get"), body: [0xFF]), code: 3),
    Breach(
      "a body without the flag", Samples.frame(.open, flags: .halfClose, stream: 1, head: head("Get"), body: [1]),
      code: 3),
    Breach(
      "a message after half-close",
      Samples.frame(
        .open, flags: unary, stream: 1, head: head("Expand"),
        body: Samples.bytes(Echo_V1_EchoRequest.with { $0.count = .max }))
        + Samples.frame(.message, flags: .message, stream: 1), code: 3),
    Breach("no method", Samples.frame(.open, flags: unary, stream: 1), code: 12),
    Breach(
      "bad metadata", Samples.frame(.open, flags: unary, stream: 1, head: Samples.bytes(upperCaseMetadata)), code: 3),
  ]

  @Test(arguments: wrongCalls)
  func `a wrong call fails alone`(breach: Breach) async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.send(breach.bytes)
      let end = try #require(await raw.next(.end))
      #expect(end.stream == 1)
      let head = try Huirong_Plainrpc_V1_EndHead(serializedBytes: end.head)
      #expect(Int(head.code) == breach.answer)
      try await raw.send(Self.open(2))
      #expect(await raw.next(.end)?.stream == 2)
      await raw.close()
    }
  }

  private static func head(_ method: String) -> [UInt8] {
    Samples.bytes(Huirong_Plainrpc_V1_CallHead.with { $0.method = "echo.v1.EchoService/\(method)" })
  }

  @Test func `a call above the concurrent limit is refused, and cancelling does not make room`() async throws {
    var limits = PlainLimits.default
    limits.maxConcurrentCalls = 2
    let release = Latch()
    let service = EchoServer { request, _ in if request.text == "hold" { await Task { await release.wait() }.value } }
    try await beside(limits: limits, service: service) { port in
      let raw = try await RawConnection.opened(port: port)
      let body = Samples.bytes(Echo_V1_EchoRequest.with { $0.text = "hold" })
      try await raw.send(Self.open(1, body: body) + Self.open(2, body: body))
      try await raw.send(Samples.frame(.cancel, stream: 1) + Self.open(3, body: body))
      let end = try #require(await raw.next(.end))
      #expect(end.stream == 3)
      #expect(try Huirong_Plainrpc_V1_EndHead(serializedBytes: end.head).code == 8)
      release.open()
      await raw.close()
    }
  }

  @Test func `a client waits for a place instead of being refused`() async throws {
    var limits = PlainLimits.default
    limits.maxConcurrentCalls = 2
    try await EchoFixture.run(limits: limits) { fixture in
      try await fixture.client.connect()
      _ = try await fixture.echo.get(Samples.request)
      try await withThrowingTaskGroup(of: Int64.self) { group in
        for number in Int64(0)..<100 { group.addTask { try await fixture.echo.get(.with { $0.id = number }).id } }
        try await #expect(group.reduce(0, +) == 4_950)
      }
    }
  }

  @Test func `more request bytes than the connection's budget are refused`() async throws {
    var limits = PlainLimits.default
    limits.maxRequestBytesInFlight = limits.maxFrameBytes
    let release = Latch()
    let service = EchoServer { request, _ in if !request.payload.isEmpty { await release.wait() } }
    try await beside(limits: limits, service: service) { port in
      let raw = try await RawConnection.opened(port: port)
      let body = Samples.bytes(Echo_V1_EchoRequest.with { $0.payload = Data(count: 3 << 20) })
      try await raw.send(Self.open(1, body: body) + Self.open(2, body: body))
      let end = try #require(await raw.next(.end))
      #expect(end.stream == 2)
      #expect(try Huirong_Plainrpc_V1_EndHead(serializedBytes: end.head).code == 8)
      release.open()
      #expect(await raw.next(.end)?.stream == 1)
      await raw.close()
    }
  }

  @Test func `a sender that ignores its credit loses the stream`() async throws {
    let limits = PlainLimits.default
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      // The handler echoes; a client that reads nothing soon stops it, and what is sent on is not consumed.
      try await raw.send(Self.open(1, method: "Update", halfClose: false))
      let body = Samples.bytes(Echo_V1_EchoRequest.with { $0.payload = Data(count: 100 << 10) })
      for _ in 0..<40 { raw.post(Samples.frame(.message, flags: .message, stream: 1, body: body)) }
      let end = try #require(await raw.next(.end))
      #expect(try Huirong_Plainrpc_V1_EndHead(serializedBytes: end.head).code == 8)
      #expect(limits.initialCreditBytes < 40 * body.count)
      await raw.close()
    }
  }

  // MARK: - Patience

  private static var impatient: PlainLimits {
    var limits = PlainLimits.default
    limits.handshakeTimeout = .milliseconds(200)
    limits.frameTimeout = .milliseconds(200)
    limits.writeStallTimeout = .milliseconds(200)
    limits.keepaliveIdle = .milliseconds(200)
    limits.keepaliveTimeout = .milliseconds(200)
    limits.lingerTimeout = .milliseconds(100)
    return limits
  }

  @Test func `a peer that says nothing is closed`() async throws {
    try await beside(limits: Self.impatient) { port in
      let raw = try await RawConnection.connect(port: port)
      #expect(try await raw.goAway()?.reason == .timeout)
    }
  }

  @Test func `a slow sender of one frame is closed`() async throws {
    try await beside(limits: Self.impatient) { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.send(Array(Self.open(1).dropLast()))
      #expect(try await raw.goAway()?.reason == .timeout)
    }
  }

  @Test func `a slow reader stops being read from, and is closed`() async throws {
    var limits = Self.impatient
    limits.outboundHighWaterBytes = 64 << 10
    let service = EchoServer()
    try await beside(limits: limits, service: service) { port in
      let raw = try await RawConnection.opened(port: port)
      try await raw.stopReading()
      let body = Samples.bytes(Echo_V1_EchoRequest.with { $0.payload = Data(count: 1 << 20) })
      // Far more answers than socket buffers hold; the server must stop taking calls long before the last of these.
      for stream in UInt32(1)...200 { raw.post(Self.open(stream, body: body)) }
      try await raw.waitUntilClosed()
    }
  }

  @Test func `a half-open connection is found out and closed, and its calls are cancelled`() async throws {
    let (begun, cancelled) = (Latch(), Latch())
    let service = EchoServer { request, context in
      guard request.text == "hold" else { return }
      begun.open()
      try? await context.cancellation.cancelled
      cancelled.open()
    }
    try await beside(limits: Self.impatient, service: service) { port in
      let relay = try await Relay.start(to: port)
      let raw = try await RawConnection.opened(port: relay.port)
      try await raw.send(Self.open(1, body: Samples.bytes(Echo_V1_EchoRequest.with { $0.text = "hold" })))
      await begun.wait()
      try await relay.freeze()
      await cancelled.wait()
      await raw.close()
      await relay.stop()
    }
  }

  @Test func `a client finds out that its server is gone`() async throws {
    let begun = Latch()
    let service = EchoServer { _, context in
      begun.open()
      try await context.cancellation.cancelled
    }
    try await EchoFixture.run(service: service) { fixture in
      let relay = try await Relay.start(to: fixture.port)
      let client = try PlainClient(
        host: "127.0.0.1", port: relay.port, configuration: PlainClientConfiguration(limits: Self.impatient),
        logger: EchoFixture.silent)
      let failure = Task { await status { _ = try await Echo_V1_EchoService.PlainClient(client).get(.init()) } }
      await begun.wait()
      try await relay.freeze()
      #expect(await failure.value?.code == .unavailable)
      await client.close()
      await relay.stop()
    }
  }

  // MARK: - Floods

  @Test func `a flood of PINGs is told to calm down`() async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      let ping = Samples.frame(.ping, body: Array(repeating: 0, count: 8))
      try await raw.send(Array(repeating: ping, count: 1_000).flatMap { $0 })
      #expect(try await raw.goAway()?.reason == .enhanceYourCalm)
    }
  }

  @Test func `opening and cancelling in a loop is told to calm down`() async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      for batch in UInt32(0)..<20 {
        raw.post(
          (1...1_000).flatMap { Self.open(batch * 1_000 + $0) + Samples.frame(.cancel, stream: batch * 1_000 + $0) })
      }
      #expect(try await raw.goAway()?.reason == .enhanceYourCalm)
    }
  }

  @Test func `a flood of empty frames is told to calm down`() async throws {
    try await beside { port in
      let raw = try await RawConnection.opened(port: port)
      let credit = Samples.frame(
        .credit, stream: 1, head: Samples.bytes(Huirong_Plainrpc_V1_CreditHead.with { $0.bytes = 1 }))
      let batch = Array(repeating: credit, count: 10_000).flatMap { $0 }
      for _ in 0..<20 { raw.post(batch) }
      #expect(try await raw.goAway()?.reason == .enhanceYourCalm)
    }
  }

  @Test func `a connection above the limit is told so`() async throws {
    try await beside(maxConnections: 2) { port in
      let second = try await RawConnection.opened(port: port)
      let third = try await RawConnection.connect(port: port)
      #expect(try await third.goAway()?.reason == .enhanceYourCalm)
      await second.close()
    }
  }
}
