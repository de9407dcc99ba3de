import GRPCCore
public import Logging
public import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Serves methods over PlainRPC.
///
///     let server = try PlainServer(
///       configuration: PlainServerConfiguration(port: 7103),
///       services: [Huirong_Fund_V1_FundService.plainMethods(fund)], logger: logger)
///     try await server.run()
///
/// idle → listening → draining → stopped. `run` returns when stopped.
public final class PlainServer: Sendable {
  private struct State {
    var phase = Phase.idle
    var listener: (any Channel)?
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var addressWaiters: [CheckedContinuation<SocketAddress?, Never>] = []
    var address: SocketAddress?
  }

  private enum Phase { case idle, starting, listening, draining, stopped }

  /// Why a server does not start.
  public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  public let configuration: PlainServerConfiguration
  private let methods: MethodTable
  private let tls: NIOSSLContext?
  private let logger: Logger
  private let observer: (any PlainServerObserver)?
  private let group: any EventLoopGroup
  private let state = Mutex(State())
  private let stopped: EventLoopPromise<Void>

  /// - Parameter group: the event loops; the process-wide group unless given.
  /// - Throws: `StartFailure` for a limit that makes no sense, a method that is there twice, or a TLS configuration
  ///   that cannot be used.
  public init(
    configuration: PlainServerConfiguration, services: [[PlainMethod]], logger: Logger,
    observer: (any PlainServerObserver)? = nil, group: (any EventLoopGroup)? = nil
  ) throws {
    if let problem = configuration.limits.problem { throw StartFailure(description: problem) }
    if configuration.maxConnections < 1 { throw StartFailure(description: "maxConnections must be at least 1") }
    do {
      methods = try MethodTable(services.flatMap { $0 })
    } catch .duplicate(let name) {
      throw StartFailure(description: "method \(name) is served twice")
    }
    do {
      tls = try configuration.tls.map { try NIOSSLContext(configuration: $0) }
    } catch {
      throw StartFailure(description: "TLS configuration: \(error)")
    }
    self.configuration = configuration
    self.logger = logger
    self.observer = observer
    let group = group ?? MultiThreadedEventLoopGroup.singleton
    self.group = group
    stopped = group.next().makePromise()
  }

  deinit { stopped.succeed() }

  /// Binds and serves until `beginGracefulShutdown` or cancellation of the calling task.
  /// - Throws: when the address cannot be bound.
  public func run() async throws {
    try await start()
    await withTaskCancellationHandler {
      try? await stopped.futureResult.get()
    } onCancel: {
      beginGracefulShutdown()
    }
  }

  /// Binds and returns; `run` and tests that need no more than a listening server build on it.
  func start() async throws {
    let found = state.withLock { state in
      defer { if state.phase == .idle { state.phase = .starting } }
      return state.phase
    }
    switch found {
    case .idle: break
    case .draining:
      publish(address: nil) { $0.phase = .stopped }
      return stopped.succeed()
    case .starting, .listening, .stopped: throw StartFailure(description: "the server has been started before")
    }
    do {
      let listener = try await bootstrap().bind(host: configuration.host, port: configuration.port).get()
      didBind(listener)
    } catch {
      publish(address: nil) { $0.phase = .stopped }
      stopped.succeed()
      throw StartFailure(description: "cannot listen on \(configuration.host):\(configuration.port): \(error)")
    }
  }

  /// The address that is bound; waits for `run` to bind it, and is `nil` when that failed.
  public var listeningAddress: SocketAddress? {
    get async {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Bool in
          if state.phase == .idle || state.phase == .starting {
            state.addressWaiters.append(continuation)
            return false
          }
          return true
        }
        if known { continuation.resume(returning: state.withLock(\.address)) }
      }
    }
  }

  /// Stops accepting, tells every client to go elsewhere, lets running calls finish within the configured time, ends
  /// what is left with UNAVAILABLE and closes. Returns at once; `run` returns when all is done.
  public func beginGracefulShutdown() {
    let (listener, connections) = state.withLock { state -> ((any Channel)?, [ServerConnection]) in
      guard state.phase == .listening else {
        if state.phase == .idle || state.phase == .starting { state.phase = .draining }
        return (nil, [])
      }
      state.phase = .draining
      return (state.listener, Array(state.connections.values))
    }
    guard let listener else { return }
    logger.info("draining", metadata: ["connections": "\(connections.count)"])
    listener.close(promise: nil)
    for connection in connections { connection.loop.execute { connection.drain() } }
    let loop = group.next()
    loop.scheduleTask(in: TimeAmount(configuration.drainStreamsTimeout)) {
      self.forEachConnection { $0.endEndlessStreams() }
    }
    loop.scheduleTask(in: TimeAmount(configuration.drainTimeout)) { self.forEachConnection { $0.terminate() } }
    finishIfDrained()
  }

  /// Connections that are open, for gauges.
  public var connectionCount: Int { state.withLock(\.connections.count) }

  // MARK: - Internals

  private func bootstrap() -> ServerBootstrap {
    let limits = configuration.limits
    let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
      low: max(1, limits.outboundHighWaterBytes / 2), high: limits.outboundHighWaterBytes)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Int32(clamping: configuration.backlog))
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: waterMark)
      .childChannelOption(.maxMessagesPerRead, value: Self.readsPerTurn)
      .childChannelInitializer { [weak self] channel in
        channel.eventLoop.makeCompletedFuture {
          guard let self else { throw StartFailure(description: "the server is gone") }
          try self.initialize(channel)
        }
      }
  }

  /// Reads of one connection before others of its loop get their turn.
  private static let readsPerTurn: UInt = 4

  private func initialize(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    let connection = ServerConnection(
      loop: channel.eventLoop, configuration: configuration, methods: methods, logger: logger, observer: observer,
      remotePeer: Self.peerName(channel.remoteAddress), localPeer: Self.peerName(channel.localAddress),
      onClose: { [weak self] in self?.didClose($0) })
    enum Admission { case welcome, full, draining }
    let admission = state.withLock { state -> Admission in
      if state.phase != .listening && state.phase != .starting { return .draining }
      if state.connections.count >= configuration.maxConnections { return .full }
      state.connections[ObjectIdentifier(connection)] = connection
      return .welcome
    }
    try pipeline.addHandler(connection)
    switch admission {
    case .welcome: break
    case .draining: channel.eventLoop.execute { connection.drain() }
    case .full:
      let fault = WireFault(.enhanceYourCalm, "\(configuration.maxConnections) connections are open")
      channel.eventLoop.execute { connection.fail(fault) }
    }
  }

  /// As GRPCCore names peers: `ipv4:127.0.0.1:7103`.
  private static func peerName(_ address: SocketAddress?) -> String {
    switch address {
    case .v4: "ipv4:\(address?.ipAddress ?? ""):\(address?.port ?? 0)"
    case .v6: "ipv6:[\(address?.ipAddress ?? "")]:\(address?.port ?? 0)"
    case .unixDomainSocket: "unix:\(address?.pathname ?? "")"
    case nil: "unknown"
    }
  }

  private func didBind(_ listener: any Channel) {
    let mustStop = state.withLock { $0.phase == .draining }
    publish(address: listener.localAddress) { state in
      state.listener = listener
      state.phase = .listening
    }
    logger.info("listening", metadata: ["address": "\(listener.localAddress.map { "\($0)" } ?? "?")"])
    if mustStop { beginGracefulShutdown() }
  }

  private func publish(address: SocketAddress?, _ change: (inout State) -> Void) {
    let waiters = state.withLock { state -> [CheckedContinuation<SocketAddress?, Never>] in
      change(&state)
      state.address = address
      defer { state.addressWaiters = [] }
      return state.addressWaiters
    }
    for waiter in waiters { waiter.resume(returning: address) }
  }

  private func didClose(_ connection: ServerConnection) {
    state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(connection)) }
    finishIfDrained()
  }

  private func finishIfDrained() {
    let isDone = state.withLock { state in
      guard state.phase == .draining, state.listener != nil, state.connections.isEmpty else { return false }
      state.phase = .stopped
      return true
    }
    if isDone { stopped.succeed() }
  }

  private func forEachConnection(_ body: @escaping @Sendable (ServerConnection) -> Void) {
    for connection in state.withLock({ Array($0.connections.values) }) { connection.loop.execute { body(connection) } }
  }
}
