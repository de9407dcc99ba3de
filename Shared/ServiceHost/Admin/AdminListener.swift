internal import Atomics
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A small HTTP/1.1 listener for `/livez`, `/readyz` and `/metrics`.
final class AdminListener: Sendable {
  /// Connections at once; a scraper and a few probes need a handful.
  static let maximumConnections = 64
  /// An idle connection is closed after this time, in seconds.
  static let idleSeconds: Int64 = 30

  private let channel: any Channel

  private init(_ channel: any Channel) { self.channel = channel }

  var port: Int { channel.localAddress?.port ?? 0 }

  static func bind(
    host: String, port: Int, pages: AdminPages, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> AdminListener {
    let open = ManagedAtomic(0)
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        guard open.wrappingIncrementThenLoad(ordering: .relaxed) <= maximumConnections else {
          open.wrappingDecrement(ordering: .relaxed)
          return channel.close()
        }
        channel.closeFuture.whenComplete { _ in open.wrappingDecrement(ordering: .relaxed) }
        return channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(idleSeconds)))
          try pipeline.addHandler(AdminHandler(pages))
        }
      }
      .bind(host: host, port: port).get()
    return AdminListener(channel)
  }

  func close() async { try? await channel.close() }
}

private final class AdminHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let pages: AdminPages
  private var head: HTTPRequestHead?

  init(_ pages: AdminPages) { self.pages = pages }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      respond(to: head, context)
    }
  }

  private func respond(to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let page = pages.page(request.method.rawValue, request.uri)
    var headers = HTTPHeaders([
      ("content-type", page.contentType), ("content-length", "\(page.body.utf8.count)"), ("cache-control", "no-store"),
    ])
    if !request.isKeepAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(
      version: request.version, status: HTTPResponseStatus(statusCode: page.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      context.write(
        wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: page.body)))), promise: nil)
    }
    if request.isKeepAlive {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    } else {
      let closing = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in closing.value.close(promise: nil) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
