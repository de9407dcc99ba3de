public import Kernel

/// Something that happened, as a command records it for others to follow.
public struct NewEvent: Sendable, Hashable {
  /// What happened, e.g. `demand.claimed`.
  public var type: String
  /// The resource it happened to, e.g. `demands/01J…`.
  public var subject: String
  /// Organisation that acted.
  public var actor: String
  /// The service's own encoding of what followers need to know.
  public var payload: [UInt8]

  public init(type: String, subject: String, actor: String, payload: [UInt8]) {
    self.type = type
    self.subject = subject
    self.actor = actor
    self.payload = payload
  }
}

/// One entry of the event log: gapless, append-only, hash-chained.
public struct StoredEvent: Sendable, Hashable {
  /// Position in the log, 1 for the first.
  public let sequence: Int64
  /// The time the command carried.
  public let commitTime: Instant
  public let type: String
  public let subject: String
  public let actor: String
  public let payload: [UInt8]
  /// SHA-256 over the previous entry's hash and this entry, 32 bytes.
  public let hash: [UInt8]

  /// What the hash covers, in the order of `EventLog.table.contentColumns`.
  static func content(_ event: NewEvent, at time: Instant) -> [SQLValue] {
    [
      .integer(time.microseconds), .text(event.type), .text(event.subject), .text(event.actor), .blob(event.payload),
    ]
  }

  /// Memory one entry holds on to, roughly; bounds the pages that watchers keep.
  var weight: Int { payload.count + type.utf8.count + subject.utf8.count + actor.utf8.count + 160 }
}
