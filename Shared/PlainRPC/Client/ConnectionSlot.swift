import GRPCCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Keeps one connection: opens it when it is first wanted, and again, with growing pauses, when it is lost.
///
/// idle → connecting → ready → idle … ; a failed attempt leads to pausing, and that to idle, or to connecting when somebody
/// waits. `closed` is final.
final class ConnectionSlot: @unchecked Sendable {
  private struct Waiter {
    let id: UInt64
    let waitForReady: Bool
    let continuation: UnsafeContinuation<ClientConnection, any Error>
  }

  private enum Phase {
    case idle
    case connecting
    case ready(ClientConnection)
    case pausing(lastError: String)
    case closed
  }

  private struct State {
    var phase = Phase.idle
    var waiters: [Waiter] = []
    var nextWaiter: UInt64 = 0
    var failures = 0
    /// Every connection that has not closed, those that drain included.
    var connections: [ObjectIdentifier: ClientConnection] = [:]
    var closeWaiters: [CheckedContinuation<Void, Never>] = []
  }

  let loop: any EventLoop
  private let host: String
  private let port: Int
  private let configuration: PlainClientConfiguration
  private let tls: NIOSSLContext?
  private let logger: Logger
  private let state = Mutex(State())

  init(
    loop: any EventLoop, host: String, port: Int, configuration: PlainClientConfiguration, tls: NIOSSLContext?,
    logger: Logger
  ) {
    self.loop = loop
    self.host = host
    self.port = port
    self.configuration = configuration
    self.tls = tls
    self.logger = logger
  }

  /// The connection if it is there; the way of nearly every call.
  var current: ClientConnection? {
    state.withLock { state in
      if case .ready(let connection) = state.phase { return connection }
      return nil
    }
  }

  /// The connection, waiting for it as the options say.
  /// - Throws: `PlainStatus` UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED.
  func connection(waitForReady: Bool, deadline: NIODeadline?) async throws -> ClientConnection {
    if let current { return current }
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let timer = deadline.map { deadline in
      loop.scheduleTask(deadline: deadline) {
        self.failWaiter(id, PlainStatus(code: .deadlineExceeded, message: "not connected before the deadline"))
      }
    }
    defer { timer?.cancel() }
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        wait(Waiter(id: id, waitForReady: waitForReady, continuation: continuation))
        if Task.isCancelled { failWaiter(id, PlainStatus(code: .cancelled, message: "the caller was cancelled")) }
      }
    } onCancel: {
      failWaiter(id, PlainStatus(code: .cancelled, message: "the caller was cancelled"))
    }
  }

  private enum Decision {
    case connect
    case wait
    case use(ClientConnection)
    case fail(PlainStatus)
  }

  private func wait(_ waiter: Waiter) {
    let decision = state.withLock { state -> Decision in
      switch state.phase {
      case .ready(let connection): return .use(connection)
      case .closed: return .fail(.clientClosed)
      case .pausing(let error) where !waiter.waitForReady: return .fail(unavailable(error))
      case .pausing, .connecting:
        state.waiters.append(waiter)
        return .wait
      case .idle:
        state.waiters.append(waiter)
        state.phase = .connecting
        return .connect
      }
    }
    switch decision {
    case .connect: connect()
    case .wait: break
    case .use(let connection): waiter.continuation.resume(returning: connection)
    case .fail(let status): waiter.continuation.resume(throwing: status)
    }
  }

  private func unavailable(_ error: String) -> PlainStatus {
    PlainStatus(code: .unavailable, message: "no connection to \(host):\(port): \(error)")
  }

  private func failWaiter(_ id: UInt64, _ status: PlainStatus) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(throwing: status)
  }

  // MARK: - Connecting

  private func connect() {
    let connection = ClientConnection(
      loop: loop, configuration: configuration, logger: logger, onDrain: { [weak self] in self?.didDrain($0) },
      onClose: { [weak self] in self?.didClose($0) })
    let limits = configuration.limits
    let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
      low: max(1, limits.outboundHighWaterBytes / 2), high: limits.outboundHighWaterBytes)
    let (tls, serverName) = (tls, configuration.serverName ?? host)
    ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(configuration.connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.writeBufferWaterMark, value: waterMark)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(Self.tlsHandler(tls, serverName)) }
          try pipeline.addHandler(connection)
        }
      }
      .connect(host: host, port: port)
      .whenComplete { result in
        switch result {
        case .success: self.didConnect(connection)
        case .failure(let error): self.didFail("\(error)")
        }
      }
  }

  /// A certificate cannot be checked against an address in SNI; NIOSSL refuses to send one.
  private static func tlsHandler(_ context: NIOSSLContext, _ name: String) throws -> NIOSSLClientHandler {
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
  }

  private func didConnect(_ connection: ClientConnection) {
    let (waiters, isClosed) = state.withLock { state -> ([Waiter], Bool) in
      if case .closed = state.phase { return ([], true) }
      // It may have closed between connecting and here.
      guard connection.phase != .closed else { return ([], false) }
      state.phase = .ready(connection)
      state.connections[ObjectIdentifier(connection)] = connection
      defer { state.waiters = [] }
      return (state.waiters, false)
    }
    if isClosed { return connection.closeNow() }
    if connection.phase == .closed { return didFail("closed at once") }
    for waiter in waiters { waiter.continuation.resume(returning: connection) }
  }

  private func didFail(_ error: String) {
    let (failed, pause) = state.withLock { state -> ([Waiter], Duration?) in
      if case .closed = state.phase { return ([], nil) }
      state.failures += 1
      state.phase = .pausing(lastError: error)
      let failed = state.waiters.filter { !$0.waitForReady }
      state.waiters.removeAll { !$0.waitForReady }
      return (failed, configuration.backoff.ceiling(failures: state.failures) * Double.random(in: 0...1))
    }
    guard let pause else { return }
    logger.debug("connecting failed", metadata: ["target": "\(host):\(port)", "error": "\(error)"])
    for waiter in failed { waiter.continuation.resume(throwing: unavailable(error)) }
    loop.scheduleTask(in: TimeAmount(pause)) { self.pauseEnded() }
  }

  private func pauseEnded() {
    let mustConnect = state.withLock { state in
      guard case .pausing = state.phase else { return false }
      state.phase = state.waiters.isEmpty ? .idle : .connecting
      return !state.waiters.isEmpty
    }
    if mustConnect { connect() }
  }

  // MARK: - Losing

  private func didDrain(_ connection: ClientConnection) {
    state.withLock { state in
      if case .ready(let current) = state.phase, current === connection { state.phase = .idle }
      if connection.hasOpened { state.failures = 0 }
    }
  }

  private func didClose(_ connection: ClientConnection) {
    let (pauses, closers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
      state.connections.removeValue(forKey: ObjectIdentifier(connection))
      if connection.hasOpened { state.failures = 0 }
      var pauses = false
      if case .ready(let current) = state.phase, current === connection {
        state.phase = .idle
        // A server that accepts and hangs up is not to be asked again at once.
        pauses = !connection.hasOpened
      }
      guard case .closed = state.phase, state.connections.isEmpty else { return (pauses, []) }
      defer { state.closeWaiters = [] }
      return (pauses, state.closeWaiters)
    }
    if pauses { didFail("the server closed the connection before SETTINGS") }
    for closer in closers { closer.resume() }
  }

  /// Drops every connection; calls on them fail.
  func beginClosing() {
    let (waiters, connections) = state.withLock { state -> ([Waiter], [ClientConnection]) in
      state.phase = .closed
      defer { state.waiters = [] }
      return (state.waiters, Array(state.connections.values))
    }
    for waiter in waiters { waiter.continuation.resume(throwing: PlainStatus.clientClosed) }
    for connection in connections { loop.execute { connection.closeNow() } }
  }

  /// Drops every connection and waits until the sockets are closed.
  func close() async {
    beginClosing()
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if state.connections.isEmpty { return true }
        state.closeWaiters.append(continuation)
        return false
      }
      if isDone { continuation.resume() }
    }
  }
}

extension PlainStatus {
  static let clientClosed = PlainStatus(code: .unavailable, message: "the client is closed")
}
