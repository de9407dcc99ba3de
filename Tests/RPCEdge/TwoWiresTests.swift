import GRPCCore
import GRPCNIOTransportHTTP2
import Kernel
import Logging
import NIOCore
import PlainRPC
import Protos
import SwiftProtobuf
import Testing
import WireProtos

@testable import RPCEdge

@Suite("Two wires, one implementation")
struct TwoWiresTests {
  /// What a caller sees of a failed call.
  private struct Seen: Equatable {
    let code: RPCError.Code
    let message: String
    let status: Google_Rpc_Status?

    init(_ error: RPCError) {
      code = error.code
      message = error.message
      status = error.metadata[binaryValues: ErrorStatus.detailsKey].first { _ in true }
        .flatMap { try? Google_Rpc_Status(serializedBytes: $0) }
    }

    init(_ status: PlainStatus) {
      (code, message, self.status) = (status.code, status.message, status.details)
    }
  }

  /// Runs one service object behind both listeners, with a client of each.
  private func serving(
    _ body: (Grpc_Health_V1_Health.Client<HTTP2ClientTransport.Posix>, Grpc_Health_V1_Health.PlainClient) async throws
      -> Void
  ) async throws {
    let service = try Guarded.make()
    let listener = GRPCListener(host: "127.0.0.1", port: 0, tls: nil, services: [service])
    let server = try PlainServer(
      configuration: PlainServerConfiguration(port: 0), services: [Grpc_Health_V1_Health.plainMethods(service)],
      logger: service.edge.logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await listener.run() }
      group.addTask { try await server.run() }
      let (grpcPort, plainPort) = (try await listener.port, try #require(await server.listeningAddress?.port))
      let plain = try PlainClient(host: "127.0.0.1", port: plainPort)
      try await withGRPCClient(
        transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: grpcPort), transportSecurity: .plaintext)
      ) { client in
        try await body(.init(wrapping: client), .init(plain))
      }
      await plain.close()
      listener.drain()
      server.beginGracefulShutdown()
      for try await _ in group {}
    }
  }

  private static let caller: Metadata = ["x-huirong-caller": .string(EdgeFixture.caller)]

  @Test("a refusal looks the same on both wires, to the last detail")
  func refusal() async throws {
    try await serving { grpc, plain in
      let first = await #expect(throws: RPCError.self) { _ = try await grpc.check(.init(), metadata: Self.caller) }
      let second = await #expect(throws: PlainStatus.self) {
        _ = try await plain.check(.init(), options: PlainCallOptions(metadata: Self.caller))
      }
      let (left, right) = (try #require(first.map { Seen($0) }), try #require(second.map { Seen($0) }))
      #expect(left == right)
      #expect(left.status?.details.count == 3)
      #expect(DomainError(received: try #require(left.status))?.reason == .limitExceeded)
    }
  }

  @Test("an answer that is encoded already arrives alike on both wires")
  func encoded() async throws {
    try await serving { grpc, plain in
      let first = try await grpc.list(.init(), metadata: Self.caller)
      let second = try await plain.list(.init(), options: PlainCallOptions(metadata: Self.caller))
      #expect(first == Guarded.list && second == Guarded.list)
    }
  }

  @Test("a caller without credentials is refused alike on both wires")
  func anonymous() async throws {
    try await serving { grpc, plain in
      let first = await #expect(throws: RPCError.self) { _ = try await grpc.list(.init()) }
      let second = await #expect(throws: PlainStatus.self) { _ = try await plain.list(.init()) }
      let left = try #require(first.map { Seen($0) })
      #expect(left == second.map { Seen($0) })
      #expect(left.code == .unauthenticated)
    }
  }

  @Test("an error in mid-stream looks the same on both wires")
  func stream() async throws {
    try await serving { grpc, plain in
      let first = await #expect(throws: RPCError.self) {
        try await grpc.watch(.init(), metadata: Self.caller) { response in for try await _ in response.messages {} }
      }
      let second = await #expect(throws: PlainStatus.self) {
        for try await _ in try await plain.watch(.init(), options: PlainCallOptions(metadata: Self.caller)) {}
      }
      let left = try #require(first.map { Seen($0) })
      #expect(left == second.map { Seen($0) })
      #expect(left.status.flatMap(DomainError.init(received:))?.reason == .sequenceNotAvailable)
    }
  }

  @Test("a deadline ends a call on both wires", arguments: [true, false])
  func deadline(plainly: Bool) async throws {
    try await serving { grpc, plain in
      let request = Grpc_Health_V1_HealthCheckRequest.with { $0.service = "cancel" }
      if plainly {
        let error = await #expect(throws: PlainStatus.self) {
          _ = try await plain.check(request, options: .timeout(.milliseconds(50), metadata: Self.caller))
        }
        #expect(error?.code == .deadlineExceeded)
      } else {
        var options = CallOptions.defaults
        options.timeout = .milliseconds(50)
        let error = await #expect(throws: RPCError.self) {
          _ = try await grpc.check(request, metadata: Self.caller, options: options)
        }
        #expect(error?.code == .deadlineExceeded)
      }
    }
  }
}
