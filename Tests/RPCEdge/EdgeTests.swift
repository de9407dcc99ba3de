import Crypto
import GRPCCore
import Kernel
import Logging
import Observability
import PlainRPC
import Protos
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPCEdge

@Suite("Edge")
struct EdgeTests {
  @Test("a body learns who calls, when, in which trace and until when")
  func callInfo() async throws {
    let fixture = try EdgeFixture()
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let request = fixture.request(
      7, ["traceparent": .string(parent), "accept-language": "zh-CN", "grpc-timeout": "5S", "x-bin-bin": .binary([1])])
    let response = try await fixture.edge.unary(request, fixture.context("Get")) { message, call in
      #expect(message == 7)
      #expect(call.caller.organisation == "bank-icbc")
      #expect(call.via == nil)
      #expect(call.method == "test.v1.TestService/Get")
      #expect(call.now == EdgeFixture.now)
      #expect(call.trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
      #expect(call.trace.span != 0x00f0_67aa_0ba9_02b7)
      #expect(call.acceptLanguage == "zh-CN")
      let remaining = try #require(call.remaining)
      #expect(remaining > .seconds(4) && remaining <= .seconds(5))
      return "answer"
    }
    #expect(try response.message == "answer")
  }

  @Test("what a call hands on: the caller behind it, the trace's next hop, the language, the deadline")
  func forwarding() async throws {
    let fixture = try EdgeFixture()
    let request = fixture.request(0, ["accept-language": "zh-CN", "grpc-timeout": "60S"])
    _ = try await fixture.edge.unary(request, fixture.context("Get")) { _, call in
      let options = call.forwarding(limit: .seconds(2))
      let deadline = try #require(options.deadline)
      #expect(deadline <= .now + .seconds(2))
      let trace = try #require(options.metadata[stringValues: "traceparent"].first { _ in true })
      #expect(TraceContext(traceparent: trace)?.traceID == call.trace.traceID)
      let onBehalf = try #require(options.metadata[stringValues: "x-huirong-on-behalf-of"].first { _ in true })
      #expect(try CallerHeader.parse(onBehalf, header: "") == call.caller)
      #expect(Array(options.metadata[stringValues: "accept-language"]) == ["zh-CN"])
      return 0
    }
  }

  @Test("nobody unknown, and nobody of another role, comes in")
  func admission() async throws {
    let fixture = try EdgeFixture()
    let anonymous = ServerRequest(metadata: [:], message: 0)
    let context = fixture.context("Put")
    #expect(
      await fixture.reason { _ = try await fixture.edge.unary(anonymous, context) { $0 + ($1.isCancelled ? 1 : 0) } }?
        .reason
        == .credentialsMissing)
    let enterprise = fixture.request(0, caller: "organisation=e;role=enterprise;subject=s")
    let refused = await fixture.reason { _ = try await fixture.edge.unary(enterprise, context) { m, _ in m } }
    #expect(refused?.reason == .roleNotAllowed)
    #expect(refused?.metadata == ["role": "enterprise", "method": "test.v1.TestService/Put"])
    let unknown = await fixture.reason {
      _ = try await fixture.edge.unary(fixture.request(0), fixture.context("Gone")) { m, _ in m }
    }
    #expect(unknown?.reason == .methodNotFound)
    #expect(
      fixture.metrics.render().contains(
        "huirong_rpc_total{method=\"test.v1.TestService/Put\",code=\"UNAUTHENTICATED\"} 1"))
  }

  @Test("a service acts for its caller, and the caller's role counts")
  func onBehalf() async throws {
    let fixture = try EdgeFixture()
    let service = "organisation=gateway;role=service;subject=g"
    let request = fixture.request(0, ["x-huirong-on-behalf-of": .string(EdgeFixture.caller)], caller: service)
    _ = try await fixture.edge.unary(request, fixture.context("Put")) { message, call in
      #expect(call.caller.organisation == "bank-icbc")
      #expect(call.via?.organisation == "gateway")
      return message
    }
    let itself = fixture.request(0, caller: service)
    let error = await fixture.reason {
      _ = try await fixture.edge.unary(itself, fixture.context("Put")) { message, _ in message }
    }
    #expect(error?.reason == .roleNotAllowed)
  }

  @Test("a domain error reaches the caller whole")
  func domainError() async throws {
    let fixture = try EdgeFixture()
    let thrown = DomainError(.limitExceeded, "too much", field: "amount", metadata: ["limit": "5"])
    let error = await fixture.reason {
      _ = try await fixture.edge.unary(fixture.request(0), fixture.context("Get")) { _, _ -> Int in throw thrown }
    }
    #expect(error == thrown)
    #expect(fixture.lines.text.isEmpty, "a refusal is the caller's affair")
  }

  private struct Secret: Error { let text = "password hunter2" }

  @Test("an unknown error is logged with its cause and leaves the process as an incident number")
  func unknownError() async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      _ = try await fixture.edge.unary(fixture.request(0), fixture.context("Get")) { _, _ -> Int in throw Secret() }
    }
    #expect(error?.reason == .internal)
    #expect(error?.message.contains("hunter2") == false)
    let incident = try #require(error?.metadata["incident"])
    #expect(fixture.lines.text.contains("hunter2"))
    #expect(fixture.lines.text.contains("incident=\(incident)"))
    #expect(fixture.metrics.render().contains("code=\"INTERNAL\"} 1"))
  }

  @Test("a status that another service sent is not passed on as our own")
  func foreignStatus() async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      _ = try await fixture.edge.unary(fixture.request(0), fixture.context("Get")) { _, _ -> Int in
        throw RPCError(code: .notFound, message: "a peer's own words")
      }
    }
    #expect(error?.reason == .internal)
  }

  @Test("a call past its deadline is not started")
  func deadline() async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      let request = fixture.request(0, ["grpc-timeout": "0m"])
      _ = try await fixture.edge.unary(request, fixture.context("Get")) { message, _ in
        Issue.record("the body ran")
        return message
      }
    }
    #expect(error?.reason == .deadlineExceeded)
  }

  @Test("a timeout that cannot be read is refused", arguments: ["", "S", "5", "5x", "123456789S", "-5S", "1.5S"])
  func wrongTimeout(text: String) async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      let request = fixture.request(0, ["grpc-timeout": .string(text)])
      _ = try await fixture.edge.unary(request, fixture.context("Get")) { message, _ in message }
    }
    #expect(error?.reason == .invalidArgument)
  }

  @Test("at debug level every call is one line; above it none is built")
  func accessLog() async throws {
    let fixture = try EdgeFixture(level: .debug)
    _ = try await fixture.edge.unary(fixture.request(0), fixture.context("Get")) { message, _ in message }
    #expect(fixture.lines.text.contains("method=test.v1.TestService/Get"))
    #expect(fixture.lines.text.contains("code=OK"))
    let quiet = try EdgeFixture()
    _ = try await quiet.edge.unary(quiet.request(0), quiet.context("Get")) { message, _ in message }
    #expect(quiet.lines.text.isEmpty)
  }

  // MARK: Commands

  private func command(_ id: String, _ name: String = "n") -> Huirong_Catalog_V1_CreateInstitutionRequest {
    .with {
      $0.requestID = id
      $0.institution.name = name
    }
  }

  @Sendable private static func value(_ text: String) -> Google_Protobuf_StringValue { .init(text) }

  @Test("a command's envelope names caller, method, key, time and the hash of the request without its key")
  func envelope() async throws {
    let fixture = try EdgeFixture()
    let hashes = Mutex<[[UInt8]]>([])
    for (id, name) in [("k1", "a"), ("k2", "a"), ("k1", "b")] {
      let response = try await fixture.edge.command(
        fixture.request(command(id, name)), fixture.context("Put"),
        encode: Self.value
      ) { message, command in
        #expect(command.envelope.requestID == id)
        #expect(command.envelope.method == "test.v1.TestService/Put")
        #expect(command.envelope.caller == command.caller)
        #expect(command.envelope.now == EdgeFixture.now)
        #expect(message.requestID == id)
        hashes.withLock { $0.append(command.envelope.requestHash) }
        return .fresh("done")
      }
      #expect(try response.message.value == "done")
    }
    let all = hashes.withLock { $0 }
    #expect(all[0] == all[1])
    #expect(all[0] != all[2])
    #expect(all[0].count == 32)
  }

  @Test("a replay answers the bytes that were frozen, not what would be encoded today")
  func replay() async throws {
    let fixture = try EdgeFixture()
    let frozen: [UInt8] = try Google_Protobuf_StringValue("then").serializedBytes()
    let response = try await fixture.edge.command(
      fixture.request(command("k")), fixture.context("Put"),
      encode: Self.value
    ) { _, command in
      let encoded = try command.encode("then")
      #expect(encoded == frozen)
      return .replayed(frozen)
    }
    #expect(try response.message.value == "then")
  }

  @Test(
    "a command without a proper request_id is refused", arguments: ["", "a b", "é", String(repeating: "k", count: 65)])
  func requestID(id: String) async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      _ = try await fixture.edge.command(
        fixture.request(command(id)), fixture.context("Put"),
        encode: Self.value
      ) { _, _ in
        Issue.record("the body ran")
        return .fresh("")
      }
    }
    #expect(error?.reason == .invalidRequestID)
    #expect(error?.field == "request_id")
  }

  // MARK: Streams

  private final class Collected: RPCWriterProtocol, Sendable {
    let all = Mutex<[Int]>([])
    func write(_ element: Int) async throws { all.withLock { $0.append(element) } }
    func write(contentsOf elements: some Sequence<Int>) async throws {
      for element in elements { try await write(element) }
    }
  }

  private static let watcher = "organisation=o;role=operator;subject=s"

  @Test("a stream writes what its body writes and ends with it")
  func stream() async throws {
    let fixture = try EdgeFixture()
    let collected = Collected()
    let response = try await fixture.edge.serverStream(
      fixture.request(3, caller: Self.watcher), fixture.context("Watch")
    ) { count, _, writer in
      for number in 0..<count { try await writer.write(number) }
    }
    let contents = try response.accepted.get()
    _ = try await contents.producer(RPCWriter(wrapping: collected))
    #expect(collected.all.withLock { $0 } == [0, 1, 2])
    #expect(fixture.metrics.render().contains("huirong_rpc_in_flight{method=\"test.v1.TestService/Watch\"} 0"))
  }

  @Test("a stream ends when its caller cancels, and when the process drains", arguments: [true, false])
  func streamEnds(byDrain: Bool) async throws {
    let fixture = try EdgeFixture()
    let context = fixture.context("Watch")
    let (started, begin) = AsyncStream.makeStream(of: Void.self)
    let response: StreamingServerResponse<Int> = try await fixture.edge.serverStream(
      fixture.request(0, caller: Self.watcher), context
    ) { _, _, _ in
      begin.finish()
      for await _ in AsyncStream<Void>.makeStream().stream {}
      try Task.checkCancellation()
    }
    let contents = try response.accepted.get()
    let error = await fixture.reason {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await contents.producer(RPCWriter(wrapping: Collected())) }
        for await _ in started {}
        if byDrain { fixture.edge.drain.begin() } else { context.cancellation.cancel() }
        try await group.waitForAll()
      }
    }
    #expect(error?.reason == (byDrain ? .shuttingDown : .cancelled))
  }

  @Test("a stream is refused before it starts")
  func streamRefused() async throws {
    let fixture = try EdgeFixture()
    let error = await fixture.reason {
      let _: StreamingServerResponse<Int> = try await fixture.edge.serverStream(
        fixture.request(0), fixture.context("Watch")
      ) { _, _, _ in }
    }
    #expect(error?.reason == .roleNotAllowed)
  }

  @Test("a process whose access table does not fit its methods has no edge")
  func accessTable() {
    #expect(throws: AccessTableError.self) {
      try Edge(
        methods: EdgeFixture.methods, access: AccessTable(service: "test.v1.TestService", ["Get": .everyone]),
        authenticator: DevelopmentAuthenticator(), metrics: Metrics(), logger: Logger(label: "t"),
        clock: { EdgeFixture.now })
    }
  }
}
