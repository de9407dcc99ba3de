import NIOCore
import NIOPosix
import SwiftProtobuf
import WireProtos

@testable import PlainRPC

/// A peer that sends what the test says and hides nothing of what it gets: for breaking the rules.
final class RawConnection: Sendable {
  private let channel: any Channel
  private let inbox: FrameInbox

  private init(channel: any Channel, inbox: FrameInbox) {
    self.channel = channel
    self.inbox = inbox
  }

  static func connect(port: Int) async throws -> RawConnection {
    let inbox = FrameInbox()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(FrameCollector(inbox)) }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return RawConnection(channel: channel, inbox: inbox)
  }

  /// Connects and shakes hands; the server's SETTINGS are taken off the frames.
  static func opened(port: Int, settings: Huirong_Plainrpc_V1_Settings = Samples.settings) async throws -> RawConnection
  {
    let connection = try await connect(port: port)
    try await connection.send(ServerConnection.preface + Samples.frame(.settings, head: Samples.bytes(settings)))
    _ = await connection.nextFrame()
    return connection
  }

  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  /// Writes without waiting until the socket has taken it; for peers that do not read.
  func post(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

  func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

  /// The next frame, or `nil` once the peer has closed.
  func nextFrame() async -> RawFrame? { await inbox.next() }

  /// The next frame of a type, passing over others.
  func next(_ type: FrameType) async -> RawFrame? {
    while let frame = await nextFrame() { if frame.type == type.rawValue { return frame } }
    return nil
  }

  /// Waits for GOAWAY and then for the close.
  func goAway() async throws -> Huirong_Plainrpc_V1_GoAwayHead? {
    guard let frame = await next(.goAway) else { return nil }
    let head = try Huirong_Plainrpc_V1_GoAwayHead(serializedBytes: frame.head)
    while await nextFrame() != nil {}
    return head
  }

  func waitUntilClosed() async throws { try await channel.closeFuture.get() }

  func close() async { try? await channel.close() }
}

struct RawFrame: Sendable, Hashable {
  let type: UInt8
  let flags: FrameFlags
  let stream: UInt32
  let head: [UInt8]
  let body: [UInt8]
}

/// Frames between the channel and the test.
final class FrameInbox: Sendable {
  private let stream: AsyncStream<RawFrame>
  let continuation: AsyncStream<RawFrame>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func next() async -> RawFrame? {
    var iterator = stream.makeAsyncIterator()
    return await iterator.next()
  }
}

private final class FrameCollector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let inbox: FrameInbox
  private var decoder = FrameDecoder(limits: FrameLimits(frameBytes: 64 << 20, headBytes: 65_535))

  init(_ inbox: FrameInbox) { self.inbox = inbox }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    decoder.append(unwrapInboundIn(data))
    while let frame = try? decoder.next() {
      inbox.continuation.yield(
        RawFrame(
          type: frame.header.type, flags: frame.header.flags, stream: frame.header.stream,
          head: Array(frame.head.readableBytesView), body: Array(frame.body.readableBytesView)))
    }
  }

  func channelInactive(context: ChannelHandlerContext) { inbox.continuation.finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
