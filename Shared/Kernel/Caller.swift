/// What a caller may be. One organisation has one role; people act for organisations.
public enum Role: String, Sendable, Hashable, CaseIterable, Codable {
  case enterprise
  case gridWorker = "grid_worker"
  case institution
  case regulator
  case adviser
  case analyst
  case `operator`
  /// One of the suite's own services, acting for the caller named in `onBehalfOf`.
  case service
}

/// The authenticated organisation behind a call, as the edge established it.
public struct Caller: Sendable, Hashable {
  /// Identifier of the organisation, e.g. `bank-icbc-zibo`; visible ASCII, at most 64 characters.
  public var organisation: String
  public var role: Role
  /// GB/T 2260 prefix the caller may see: "" everything, "37" a province, "3703" a city, "370302" a county,
  /// longer for town (9) and village (12).
  public var regionPrefix: String
  /// The person or program inside the organisation; maker and checker differ by this.
  public var subject: String

  public init(organisation: String, role: Role, regionPrefix: String, subject: String) {
    self.organisation = organisation
    self.role = role
    self.regionPrefix = regionPrefix
    self.subject = subject
  }

  /// Whether a region code lies inside the caller's scope.
  public func covers(region code: String) -> Bool { code.hasPrefix(regionPrefix) }
}

/// What makes a command exactly-once: who sent it, under which key, and what it said.
public struct CommandEnvelope: Sendable, Hashable {
  /// 1 to 64 visible ASCII characters, unique per caller.
  public let requestID: String
  /// Full method name, `huirong.fund.v1.FundService/ReserveGuarantee`.
  public let method: String
  public let caller: Caller
  /// SHA-256 of the request serialised without its key.
  public let requestHash: [UInt8]
  /// When the edge accepted the call.
  public let now: Instant

  public static let maximumRequestIDLength = 64

  /// - Throws: `INVALID_REQUEST_ID`.
  public init(requestID: String, method: String, caller: Caller, requestHash: [UInt8], now: Instant) throws(DomainError)
  {
    guard (1...Self.maximumRequestIDLength).contains(requestID.utf8.count),
      requestID.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw DomainError(
        .invalidRequestID, "request_id must be 1 to 64 visible ASCII characters", field: "request_id")
    }
    self.requestID = requestID
    self.method = method
    self.caller = caller
    self.requestHash = requestHash
    self.now = now
  }
}

/// What a command answers: computed now, or the bytes frozen when the same key was first used.
public enum CommandReply<Outcome: Sendable>: Sendable {
  case fresh(Outcome)
  case replayed([UInt8])
}
