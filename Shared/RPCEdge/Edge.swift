package import GRPCCore
package import Kernel
package import Logging
package import Observability
internal import PlainRPC

/// What every RPC of a service passes through: identity, access, deadline, trace, metrics, logs and errors. One per
/// process; an RPC's file then says only what the RPC does.
///
/// ```swift
/// func getAccount(
///   request: ServerRequest<Huirong_Fund_V1_GetAccountRequest>, context: ServerContext
/// ) async throws -> ServerResponse<Huirong_Fund_V1_Account> {
///   try await edge.unary(request, context) { message, call in
///     try Huirong_Fund_V1_Account(await repository.account(message.name, for: call.caller))
///   }
/// }
///
/// func reserveGuarantee(
///   request: ServerRequest<Huirong_Fund_V1_ReserveGuaranteeRequest>, context: ServerContext
/// ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
///   try await edge.command(request, context, encode: Huirong_Fund_V1_Guarantee.init) { message, command in
///     let decision = try ReserveGuarantee(message)
///     return try await repository.execute(decision, envelope: command.envelope, encode: command.encode)
///   }
/// }
///
/// func watchTransfers(
///   request: ServerRequest<Huirong_Fund_V1_WatchTransfersRequest>, context: ServerContext
/// ) async throws -> StreamingServerResponse<Huirong_Fund_V1_TransferEvent> {
///   try await edge.serverStream(request, context) { message, call, writer in
///     for try await event in repository.watch(after: message.afterSequence) { try await writer.write(.init(event)) }
///   }
/// }
/// ```
///
/// A body throws `DomainError` for what the caller can understand; anything else reaches the caller as INTERNAL with an
/// incident id and the log with its cause.
package final class Edge: Sendable {
  package let logger: Logger
  package let metrics: Metrics
  /// Ends long-lived streams when the process drains; unary calls and commands in flight finish.
  package let drain = DrainSignal()

  let authenticator: any Authenticator
  let clock: @Sendable () -> Instant
  private let methods: [String: [MethodHandle]]

  /// - Parameter methods: every method the process serves through this edge: `X.Method.descriptors` of each service.
  /// - Throws: `AccessTableError` when a method has no row or a row no method: such a process must not start.
  package init(
    methods: [MethodDescriptor], access: AccessTable, authenticator: any Authenticator, metrics: Metrics,
    logger: Logger, clock: @escaping @Sendable () -> Instant
  ) throws(AccessTableError) {
    try access.validate(against: methods)
    self.authenticator = authenticator
    self.metrics = metrics
    self.logger = logger
    self.clock = clock
    // Looked up by the method's own name first: short, and unique within all but odd processes.
    self.methods = Dictionary(
      grouping: methods.map { MethodHandle($0, roles: access.roles(of: $0.fullyQualifiedMethod), metrics: metrics) },
      by: \.name)
  }

  /// Everything that must hold before a body runs.
  /// - Throws: `RPCError`, already counted and logged.
  func admit(_ metadata: Metadata, _ context: ServerContext) throws(RPCError) -> (MethodHandle, CallInfo, Started) {
    let started = Started()
    guard let method = handle(for: context.descriptor) else {
      throw rpcError(
        for: DomainError(
          .methodNotFound, "\(context.descriptor.fullyQualifiedMethod) is not served here",
          metadata: ["method": context.descriptor.fullyQualifiedMethod]))
    }
    method.begin()
    do {
      return (method, try callInfo(method, RequestHeaders(metadata), context), started)
    } catch {
      throw fail(error, method, nil, started)
    }
  }

  private func handle(for descriptor: MethodDescriptor) -> MethodHandle? {
    guard let candidates = methods[descriptor.method] else { return nil }
    for candidate in candidates where candidate.service == descriptor.service.fullyQualifiedService { return candidate }
    return nil
  }

  private func callInfo(
    _ method: MethodHandle, _ headers: RequestHeaders, _ context: ServerContext
  ) throws(DomainError) -> CallInfo {
    let identity = try authenticator.identify(headers.credentials(peer: context.remotePeer))
    guard method.roles.contains(identity.caller.role) else {
      throw DomainError(
        .roleNotAllowed, "role \(identity.caller.role.rawValue) may not call \(method.fullName)",
        metadata: ["role": identity.caller.role.rawValue, "method": method.fullName])
    }
    var deadline = context.plainDeadline
    if deadline == nil { deadline = try headers.deadline() }
    return CallInfo(
      method: method.fullName, caller: identity.caller, via: identity.via, now: clock(), deadline: deadline,
      trace: headers.trace, acceptLanguage: headers.acceptLanguage, cancellation: context.cancellation)
  }

  func succeed(_ method: MethodHandle, _ call: CallInfo, _ started: Started) {
    let nanoseconds = started.elapsedNanoseconds
    method.end(code: 0, nanoseconds: nanoseconds)
    if logger.logLevel <= .debug {
      logger.debug("call", metadata: call.logFields(code: "OK", nanoseconds: nanoseconds))
    }
  }

  /// Counts and logs a failed call and makes the status that its caller gets.
  func fail(_ error: any Error, _ method: MethodHandle, _ call: CallInfo?, _ started: Started) -> RPCError {
    let nanoseconds = started.elapsedNanoseconds
    let status: RPCError
    switch classify(error, call) {
    case .known(let known):
      status = rpcError(for: known)
      log(known, method, call, nanoseconds)
    case .finished(let finished):
      status = finished
    case .unknown(let cause):
      let incident = (call?.trace ?? .root()).traceID
      status = rpcError(
        for: DomainError(.internal, "internal error, incident \(incident)", metadata: ["incident": incident]))
      logger.error(
        "unexpected error",
        metadata: [
          "method": "\(method.fullName)", "incident": "\(incident)", "trace_id": "\(incident)",
          "cause": "\(String(reflecting: cause))",
        ])
    }
    method.end(code: status.code.rawValue, nanoseconds: nanoseconds)
    return status
  }

  /// A refusal is the caller's affair and shows at debug level; a fault of ours shows always.
  private func log(_ error: DomainError, _ method: MethodHandle, _ call: CallInfo?, _ nanoseconds: Int64) {
    let level: Logger.Level
    switch error.reason.kind {
    case .internal, .dataLoss: level = .error
    case .malformed, .unauthenticated, .forbidden, .notFound, .alreadyExists, .precondition, .conflict, .exhausted,
      .deadline, .cancelled, .unavailable, .unimplemented, .outOfRange:
      level = .debug
    }
    guard logger.logLevel <= level else { return }
    var fields = call?.logFields(code: error.reason.rawValue, nanoseconds: nanoseconds) ?? [:]
    fields["method"] = "\(method.fullName)"
    fields["error"] = "\(error)"
    logger.log(level: level, "call refused", metadata: fields)
  }

  private enum Failure {
    case known(DomainError)
    case finished(RPCError)
    case unknown(any Error)
  }

  private func classify(_ error: any Error, _ call: CallInfo?) -> Failure {
    switch error {
    case let error as DomainError: return .known(error)
    case is CancellationError:
      if drain.isDraining { return .known(DomainError(.shuttingDown, "the process is shutting down")) }
      if let call, call.isPastDeadline { return .known(.pastDeadline) }
      return .known(DomainError(.cancelled, "the call was cancelled"))
    case let error as PlainStatus:
      if let known = DomainError(of: error, from: "called") { return .known(known) }
      return .unknown(error)
    case let error as RPCError:
      // Thrown by the transport (a stream that is gone), or an edge's own answer passed through.
      if error.carriesDetails { return .finished(error) }
      if error.code == .cancelled { return .known(DomainError(.cancelled, "the call was cancelled")) }
      if error.code == .deadlineExceeded { return .known(.pastDeadline) }
      return .unknown(error)
    default: return .unknown(error)
    }
  }
}

/// When a call began, on the steady clock.
struct Started {
  private let instant = ContinuousClock.now

  var elapsedNanoseconds: Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - instant).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
