import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Stands between client and server so that a test can cut, or hold up, what is between them.
final class Relay: Sendable {
  private let listener: any Channel
  private let pairs = Mutex<[any Channel]>([])
  let port: Int

  private init(listener: any Channel, port: Int) {
    self.listener = listener
    self.port = port
  }

  static func start(to target: Int) async throws -> Relay {
    let box = Box()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { near in
        ClientBootstrap(group: near.eventLoop)
          .channelInitializer { far in
            far.eventLoop.makeCompletedFuture { try far.pipeline.syncOperations.addHandler(Forward(to: near)) }
          }
          .connect(host: "127.0.0.1", port: target)
          .flatMapThrowing { far in
            try near.pipeline.syncOperations.addHandler(Forward(to: far))
            box.remember([near, far])
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let relay = Relay(listener: listener, port: try #require(listener.localAddress?.port))
    box.set(relay)
    return relay
  }

  /// Closes every connection that passes through, as a broken network would.
  func cut() async {
    for channel in pairs.withLock({ pairs in
      defer { pairs = [] }
      return pairs
    }) { try? await channel.close() }
  }

  /// Stops passing bytes on, in either direction, without closing: a half-open connection.
  func freeze() async throws {
    for channel in pairs.withLock({ $0 }) { try await channel.setOption(.autoRead, value: false).get() }
  }

  func stop() async {
    await cut()
    try? await listener.close()
  }

  private final class Box: Sendable {
    private let relay = Mutex<Relay?>(nil)
    func set(_ value: Relay) { relay.withLock { $0 = value } }
    func remember(_ channels: [any Channel]) { relay.withLock { $0 }?.pairs.withLock { $0 += channels } }
  }

  private final class Forward: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
