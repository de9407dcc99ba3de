import EchoProtos
import Foundation
import GRPCCore
import NIOCore
import NIOEmbedded
import SwiftProtobuf
import Testing

@testable import PlainRPC

/// docs/wire.md shows a unary call byte by byte. These tests hold the page to what the code sends.
@Suite(.oneAtATime) struct WireDocumentTests {
  /// The bytes of the fenced block after `<!-- dump: NAME -->`: hexadecimal pairs at the start of each line, up to two
  /// spaces and a remark.
  private static func dump(_ name: String) throws -> [UInt8] {
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/wire.md"),
      encoding: .utf8)
    let marker = try #require(page.range(of: "<!-- dump: \(name) -->"))
    let block = try #require(page[marker.upperBound...].firstMatch(of: /```[a-z]*\n(?s)(.*?)```/)).output.1
    return try block.split(separator: "\n").flatMap { line -> [UInt8] in
      let pairs = line.split(separator: "  ", maxSplits: 1)[0].split(separator: " ")
      return try pairs.map { try #require(UInt8($0, radix: 16), "\(line)") }
    }
  }

  private static func dump(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  @Test func `the client's bytes of the page are what the client sends`() async throws {
    let channel = EmbeddedChannel()
    let connection = ClientConnection(
      loop: channel.eventLoop, configuration: PlainClientConfiguration(agent: "doc/1"), logger: EchoFixture.silent,
      onDrain: { _ in }, onClose: { _ in })
    try channel.pipeline.syncOperations.addHandler(connection)
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/none"))
    #expect(Self.dump(try Self.sent(channel)) == Self.dump(try Self.dump("client preface")))
    let call = ClientCall()
    let opening = ClientConnection.Opening(
      methodField: Echo_V1_EchoService.PlainDescriptor.get.headField, metadata: ["x-echo-a": "b"],
      message: Samples.bytes(Echo_V1_EchoRequest.with { ($0.id, $0.text) = (7, "hi") }), halfClose: true)
    _ = connection.submit(call, opening)
    channel.embeddedEventLoop.run()
    #expect(Self.dump(try Self.sent(channel)) == Self.dump(try Self.dump("client call")))
    _ = try? channel.finish()
  }

  @Test func `the server's bytes of the page are what the server answers`() throws {
    let channel = EmbeddedChannel()
    var configuration = PlainServerConfiguration(port: 0)
    configuration.agent = "doc/1"
    let connection = ServerConnection(
      loop: channel.eventLoop, configuration: configuration,
      methods: try MethodTable(Echo_V1_EchoService.plainMethods(EchoServer())), logger: EchoFixture.silent,
      observer: nil, remotePeer: "", localPeer: "", onClose: { _ in })
    try channel.pipeline.syncOperations.addHandler(connection)
    channel.pipeline.fireChannelActive()
    #expect(Self.dump(try Self.sent(channel)) == Self.dump(try Self.dump("server settings")))
    try channel.writeInbound(ByteBuffer(bytes: Self.dump("client preface") + Self.dump("client call")))
    channel.embeddedEventLoop.run()
    #expect(Self.dump(try Self.sent(channel)) == Self.dump(try Self.dump("server answer")))
    try channel.writeInbound(ByteBuffer(bytes: Self.dump("client wrong call")))
    channel.embeddedEventLoop.run()
    #expect(Self.dump(try Self.sent(channel)) == Self.dump(try Self.dump("server refusal")))
    _ = try? channel.finish()
  }

  private static func sent(_ channel: EmbeddedChannel) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
    return bytes
  }

  @Test func `the page names every limit with its default`() throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/wire.md"),
      encoding: .utf8)
    for child in Mirror(reflecting: PlainLimits.default).children {
      let label = try #require(child.label)
      let value: String =
        switch child.value {
        case let number as Int: "\(number)"
        case let duration as Duration: "\(duration.components.seconds) s"
        case let rate as PlainLimits.Rate: "\(rate.burst), then \(rate.perSecond) a second"
        default: "?"
        }
      #expect(page.contains("| `\(label)` | \(value) |"), "\(label) = \(value)")
    }
  }
}
