import GRPCCore
public import Logging
public import NIOCore
import NIOPosix
import NIOSSL
public import SwiftProtobuf
import Synchronization

/// Calls methods over PlainRPC. Generated clients (`X.PlainClient`) put types on it.
///
/// It connects when it is first used and again when a connection is lost. Every call throws `PlainStatus`.
public final class PlainClient: Sendable {
  /// Why a client cannot be made.
  public struct ConfigurationFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  public let host: String
  public let port: Int
  private let configuration: PlainClientConfiguration
  private let slots: [ConnectionSlot]
  private let turn = Atomic<Int>(0)

  /// - Parameter group: the event loops; the process-wide group unless given.
  /// - Throws: `ConfigurationFailure`.
  public init(
    host: String, port: Int, configuration: PlainClientConfiguration,
    logger: Logger = Logger(label: "huirong.plainrpc.client"), group: (any EventLoopGroup)? = nil
  ) throws {
    if let problem = configuration.limits.problem { throw ConfigurationFailure(description: problem) }
    if configuration.connections < 1 { throw ConfigurationFailure(description: "connections must be at least 1") }
    if !(1...65_535).contains(port) { throw ConfigurationFailure(description: "port must be 1 to 65535, not \(port)") }
    let tls: NIOSSLContext?
    do {
      tls = try configuration.tls.map { try NIOSSLContext(configuration: $0) }
    } catch {
      throw ConfigurationFailure(description: "TLS configuration: \(error)")
    }
    self.host = host
    self.port = port
    self.configuration = configuration
    let group = group ?? MultiThreadedEventLoopGroup.singleton
    slots = (0..<configuration.connections).map { _ in
      ConnectionSlot(
        loop: group.next(), host: host, port: port, configuration: configuration, tls: tls, logger: logger)
    }
  }

  /// One connection with the default limits; with `tls`, verified against the system's trust roots.
  public convenience init(host: String, port: Int, tls: Bool = false) throws {
    try self.init(
      host: host, port: port,
      configuration: PlainClientConfiguration(tls: tls ? TLSConfiguration.makeClientConfiguration() : nil))
  }

  deinit { for slot in slots { slot.beginClosing() } }

  /// Closes every connection. Calls that run fail with UNAVAILABLE, as do calls that are made later.
  public func close() async { for slot in slots { await slot.close() } }

  /// Connects, if no connection is there yet.
  /// - Throws: `PlainStatus` as a call with these options would.
  public func connect(options: PlainCallOptions = .default) async throws {
    _ = try await connection(options, deadline: try Self.deadline(options))
  }

  /// Runs tasks on the event loop of the first connection. A task that prefers it calls without changing threads.
  public var taskExecutor: LoopExecutor { LoopExecutor.of(slots[0].loop) }

  // MARK: - The four kinds

  public func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ request: Request, options: PlainCallOptions = .default
  ) async throws -> Response {
    let reply: PlainReply<Response> = try await unaryReply(method, request, options: options)
    return reply.message
  }

  /// As `unary`, with the metadata of the answer. A call that the server certainly has not seen is sent once more.
  public func unaryReply<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ request: Request, options: PlainCallOptions = .default
  ) async throws -> PlainReply<Response> {
    let deadline = try Self.deadline(options)
    let opening = try self.opening(method, request, options)
    do {
      return try await attempt(method, opening, options, deadline)
    } catch let failure as CallFailure where failure.isUnprocessed {
      do {
        return try await attempt(method, opening, options, deadline)
      } catch let failure as CallFailure {
        throw failure.status
      }
    }
  }

  public func serverStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ request: Request, options: PlainCallOptions = .default
  ) async throws -> PlainStream<Response> {
    PlainStream(try await open(method, try opening(method, request, options), options))
  }

  public func clientStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, options: PlainCallOptions = .default
  ) async throws -> PlainUpload<Request, Response> {
    PlainUpload(try await open(method, opening(method, options), options))
  }

  public func bidirectionalStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, options: PlainCallOptions = .default
  ) async throws -> PlainDuplex<Request, Response> {
    PlainDuplex(try await open(method, opening(method, options), options))
  }

  // MARK: - Internals

  private func metadata(_ options: PlainCallOptions) -> Metadata {
    if configuration.metadata.isEmpty || !options.usesClientMetadata { return options.metadata }
    var metadata = configuration.metadata
    metadata.add(contentsOf: options.metadata)
    return metadata
  }

  private func attempt<Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ opening: ClientConnection.Opening, _ options: PlainCallOptions,
    _ deadline: NIODeadline?
  ) async throws -> PlainReply<Response> {
    let connection = try await connection(options, deadline: deadline)
    let box = CancelBox()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let call = UnaryClientCall<Response>(method, continuation)
        call.deadline = deadline
        switch connection.submit(call, opening) {
        case .accepted: box.set(call)
        case .closed:
          continuation.resume(throwing: CallFailure(.unavailable, "the connection is closing", isUnprocessed: true))
        case .refused(let status): continuation.resume(throwing: status)
        }
      }
    } onCancel: {
      box.cancel()
    }
  }

  private func open(
    _ method: PlainMethodDescriptor, _ opening: ClientConnection.Opening, _ options: PlainCallOptions
  ) async throws -> StreamHandle {
    let deadline = try Self.deadline(options)
    // A connection may begin to drain between being chosen and being used; the next one is chosen then.
    for _ in 0..<Self.openAttempts {
      let connection = try await connection(options, deadline: deadline)
      let call = StreamClientCall(
        method, window: configuration.limits.initialCreditBytes, total: connection.streamBytes)
      call.deadline = deadline
      switch connection.submit(call, opening) {
      case .accepted: return StreamHandle(call)
      case .closed: continue
      case .refused(let status): throw status
      }
    }
    throw PlainStatus(code: .unavailable, message: "connections to \(host):\(port) close as soon as they are open")
  }

  private static let openAttempts = 3

  private func connection(_ options: PlainCallOptions, deadline: NIODeadline?) async throws -> ClientConnection {
    let slot = slots.count == 1 ? slots[0] : slots[nextSlot()]
    if let connection = slot.current { return connection }
    return try await slot.connection(waitForReady: options.waitForReady, deadline: deadline)
  }

  private func nextSlot() -> Int {
    let (turn, _) = turn.wrappingAdd(1, ordering: .relaxed)
    return Int(UInt(bitPattern: turn) % UInt(slots.count))
  }

  /// - Throws: DEADLINE_EXCEEDED when it has passed already.
  private static func deadline(_ options: PlainCallOptions) throws(PlainStatus) -> NIODeadline? {
    guard let deadline = options.deadline else { return nil }
    let left = deadline - .now
    guard left > .zero else { throw PlainStatus(code: .deadlineExceeded, message: "the deadline has passed") }
    return .now() + TimeAmount(min(left, longestTimeout))
  }

  /// A deadline further away than a year is none in practice, and no arithmetic on it overflows.
  private static let longestTimeout: Duration = .seconds(366 * 86_400)

  private func opening(
    _ method: PlainMethodDescriptor, _ request: some SwiftProtobuf.Message, _ options: PlainCallOptions
  ) throws -> ClientConnection.Opening {
    ClientConnection.Opening(
      methodField: method.headField, metadata: metadata(options), message: try request.serializedBytes(),
      halfClose: true)
  }

  private func opening(
    _ method: PlainMethodDescriptor, _ options: PlainCallOptions
  ) -> ClientConnection.Opening {
    ClientConnection.Opening(
      methodField: method.headField, metadata: metadata(options), message: nil, halfClose: false)
  }
}

/// Lets a cancellation that comes before its call exists reach it.
private final class CancelBox: Sendable {
  private struct State {
    var call: ClientCall?
    var isCancelled = false
  }

  private let state = Mutex(State())

  func set(_ call: ClientCall) {
    let isCancelled = state.withLock { state in
      state.call = call
      return state.isCancelled
    }
    if isCancelled { call.cancel() }
  }

  func cancel() {
    let call = state.withLock { state in
      state.isCancelled = true
      return state.call
    }
    call?.cancel()
  }
}
