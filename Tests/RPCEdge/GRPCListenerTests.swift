import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Kernel
import Protos
import SwiftProtobuf
import Testing
import WireProtos

@testable import RPCEdge

@Suite("gRPC listener")
struct GRPCListenerTests {
  /// Runs a listener over these services, and a client of it, until the body returns.
  private func serving(
    _ services: [any RegistrableRPCService], limits: GRPCListener.Limits = .init(),
    _ body: (GRPCClient<HTTP2ClientTransport.Posix>, GRPCListener) async throws -> Void
  ) async throws {
    let listener = GRPCListener(host: "127.0.0.1", port: 0, tls: nil, services: services, limits: limits)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await listener.run() }
      let port = try await listener.port
      try await withGRPCClient(
        transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
      ) { client in try await body(client, listener) }
      listener.drain()
      try await group.waitForAll()
    }
  }

  private static let services = ["huirong.fund.v1.FundService"]

  @Test("health says what the board says, for the server, a service and an unknown one")
  func health() async throws {
    let board = HealthBoard(services: Self.services)
    try await serving([HealthService(board, drain: DrainSignal())]) { client, _ in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      let before = try await health.check(.with { $0.service = "" })
      #expect(before.status == .notServing)
      board.set(serving: true)
      let after = try await health.check(.with { $0.service = Self.services[0] })
      #expect(after.status == .serving)
      let all = try await health.list(.init())
      #expect(all.statuses.mapValues(\.status) == ["": .serving, Self.services[0]: .serving])
      let error = await #expect(throws: RPCError.self) { _ = try await health.check(.with { $0.service = "nobody" }) }
      #expect(error?.code == .notFound)
      #expect(error.flatMap(DomainError.init(received:))?.reason == .resourceNotFound)
    }
  }

  @Test("watching health gives the present status, every change, and ends with the drain")
  func watch() async throws {
    let board = HealthBoard(services: Self.services)
    let drain = DrainSignal()
    try await serving([HealthService(board, drain: drain)]) { client, _ in
      let error = await #expect(throws: RPCError.self) {
        try await Grpc_Health_V1_Health.Client(wrapping: client).watch(.with { $0.service = "" }) { response in
          var seen: [HealthBoard.Status] = []
          for try await message in response.messages {
            seen.append(message.status)
            if seen.count == 1 { board.set(serving: true) } else { drain.begin() }
          }
          Issue.record("the stream ended well: \(seen)")
        }
      }
      #expect(error?.code == .unavailable)
      #expect(error.flatMap(DomainError.init(received:))?.reason == .shuttingDown)
    }
  }

  @Test("reflection lists services and gives a symbol's file with everything it imports")
  func reflection() async throws {
    try await serving([ReflectionService(services: Self.services, drain: DrainSignal())]) { client, _ in
      let questions: [Grpc_Reflection_V1_ServerReflectionRequest] = [
        .with { $0.listServices = "" }, .with { $0.fileContainingSymbol = Self.services[0] },
        .with { $0.fileContainingSymbol = "huirong.common.v1.Money" },
        .with { $0.fileByFilename = "huirong/common/v1/common.proto" },
        .with { $0.fileContainingSymbol = "nobody" },
        .with { $0.allExtensionNumbersOfType = "huirong.common.v1.Money" }, .init(),
      ]
      let answers = try await Grpc_Reflection_V1_ServerReflection.Client(wrapping: client).serverReflectionInfo {
        writer in
        try await writer.write(contentsOf: questions)
      } onResponse: { response in
        var answers: [Grpc_Reflection_V1_ServerReflectionResponse] = []
        for try await message in response.messages { answers.append(message) }
        return answers
      }
      try #require(answers.count == questions.count)
      #expect(answers.map(\.originalRequest) == questions)
      #expect(answers[0].listServicesResponse.service.map(\.name) == Self.services)
      let files = try answers[1].fileDescriptorResponse.fileDescriptorProto.map {
        try Google_Protobuf_FileDescriptorProto(serializedBytes: $0)
      }
      #expect(files.first?.service.contains { $0.name == "FundService" } == true)
      let names = Set(files.map(\.name))
      for file in files { #expect(names.isSuperset(of: file.dependency), "\(file.name)") }
      #expect(answers[2].fileDescriptorResponse == answers[3].fileDescriptorResponse)
      #expect(answers[4].errorResponse.errorCode == 5)
      #expect(answers[5].allExtensionNumbersResponse.baseTypeName == "huirong.common.v1.Money")
      #expect(answers[6].errorResponse.errorCode == 3)
    }
  }

  @Test("reflection answers under its older name too")
  func reflectionAlias() async throws {
    let reflection = ReflectionService(services: Self.services, drain: DrainSignal())
    try await serving([ReflectionAlias(of: reflection)]) { client, _ in
      let answers = try await client.bidirectionalStreaming(
        request: StreamingClientRequest<Grpc_Reflection_V1_ServerReflectionRequest> { writer in
          try await writer.write(.with { $0.listServices = "" })
        },
        descriptor: MethodDescriptor(
          fullyQualifiedService: "grpc.reflection.v1alpha.ServerReflection", method: "ServerReflectionInfo"),
        serializer: ProtobufSerializer(),
        deserializer: ProtobufDeserializer<Grpc_Reflection_V1_ServerReflectionResponse>(), options: .defaults
      ) { response in
        var answers: [Grpc_Reflection_V1_ServerReflectionResponse] = []
        for try await message in response.messages { answers.append(message) }
        return answers
      }
      #expect(answers.map { $0.listServicesResponse.service.map(\.name) } == [Self.services])
    }
  }

  @Test("a gRPC client sees an error's details, from a unary call and in mid-stream")
  func details() async throws {
    try await serving([try Guarded.make()]) { client, _ in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      let metadata: Metadata = ["x-huirong-caller": .string(EdgeFixture.caller)]
      let unary = await #expect(throws: RPCError.self) { _ = try await health.check(.init(), metadata: metadata) }
      #expect(unary?.code == .failedPrecondition)
      #expect(unary?.message == "限额 exceeded for bank-icbc")
      #expect(
        unary.flatMap(DomainError.init(received:))
          == DomainError(.limitExceeded, "限额 exceeded for bank-icbc", field: "service", metadata: ["limit": "5"]))
      let stream = await #expect(throws: RPCError.self) {
        try await health.watch(.init(), metadata: metadata) { response in for try await _ in response.messages {} }
      }
      #expect(stream.flatMap(DomainError.init(received:))?.reason == .sequenceNotAvailable)
      let nobody = await #expect(throws: RPCError.self) { _ = try await health.list(.init()) }
      #expect(nobody?.code == .unauthenticated)
      #expect(nobody.flatMap(DomainError.init(received:))?.reason == .credentialsMissing)
    }
  }

  private struct Raw: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] { bytes.withUnsafeBytes(Array.init) }
  }

  private func raw(
    _ client: GRPCClient<HTTP2ClientTransport.Posix>, _ method: MethodDescriptor, _ bytes: [UInt8]
  ) async -> RPCError? {
    await #expect(throws: RPCError.self) {
      _ = try await client.unary(
        request: ClientRequest(message: bytes), descriptor: method, serializer: Raw(), deserializer: Raw(),
        options: .defaults
      ) { try $0.message }
    }
  }

  @Test("a message that does not parse is INVALID_ARGUMENT with details")
  func unparsable() async throws {
    try await serving([try Guarded.make()]) { client, _ in
      let error = await raw(client, Grpc_Health_V1_Health.Method.Check.descriptor, [0xFF, 0xFF, 0xFF])
      #expect(error?.code == .invalidArgument)
      #expect(error.flatMap(DomainError.init(received:))?.reason == .invalidArgument)
    }
  }

  /// The transport resets the stream of an oversize message before any handler runs, so no details can travel.
  @Test("a message above the limit ends its call, and the connection goes on")
  func oversize() async throws {
    var limits = GRPCListener.Limits()
    limits.maximumMessageBytes = 1024
    try await serving([try Guarded.make()], limits: limits) { client, _ in
      let error = await raw(client, Grpc_Health_V1_Health.Method.Check.descriptor, [UInt8](repeating: 0, count: 2000))
      #expect(error != nil)
      let next = await #expect(throws: RPCError.self) {
        _ = try await Grpc_Health_V1_Health.Client(wrapping: client).list(.init())
      }
      #expect(next?.code == .unauthenticated)
    }
  }
}
