package import Kernel

/// One page of cases; every condition that is not `nil` must hold.
package struct CaseQuery: Sendable, Hashable {
  package var kind: CaseKind?
  package var state: String?
  package var regionPrefix: String?
  package var enterprise: String?
  package var organisation: String?
  package var parent: String?
  package var descending: Bool
  package var after: Int64?
  package var limit: Int
  /// What the reader's place is: a case is listed when it lies in it, a notice also when it reaches it.
  package var caller: Caller

  package init(
    kind: CaseKind?, state: String?, regionPrefix: String?, enterprise: String?, organisation: String?, parent: String?,
    descending: Bool, after: Int64?, limit: Int, caller: Caller
  ) throws(DomainError) {
    self.kind = kind
    self.state = state
    self.regionPrefix = regionPrefix
    self.enterprise = enterprise
    self.organisation = organisation
    self.parent = parent
    self.descending = descending
    self.after = after
    self.limit = limit
    self.caller = caller
    if let regionPrefix, caller.role != .enterprise, caller.role != .institution {
      try DemandScope.requireRegion(prefix: regionPrefix, field: "filter", by: caller)
    }
  }
}

package struct CaseReport: Sendable, Hashable {
  package struct Count: Sendable, Hashable {
    package var kind: CaseKind
    package var state: String
    package var count: Int64
    package var overdue: Int64

    package init(kind: CaseKind, state: String, count: Int64, overdue: Int64) {
      self.kind = kind
      self.state = state
      self.count = count
      self.overdue = overdue
    }
  }

  package var counts: [Count]
  package var firmsVisited: Int64
  package var eventSigned: Int64
  package var eventInPlace: Int64
  package var sequence: Int64

  package init(counts: [Count], firmsVisited: Int64, eventSigned: Int64, eventInPlace: Int64, sequence: Int64) {
    self.counts = counts
    self.firmsVisited = firmsVisited
    self.eventSigned = eventSigned
    self.eventInPlace = eventInPlace
    self.sequence = sequence
  }
}

package struct CaseReportQuery: Sendable, Hashable {
  package static let maximumDays = 366

  package var prefix: String
  package var from: BusinessDate
  package var to: BusinessDate
  package var asOf: BusinessDate

  /// - Throws: `INVALID_DATE`.
  package init(prefix: String, from: BusinessDate, to: BusinessDate, asOf: BusinessDate) throws(DomainError) {
    guard from <= to, to.days(since: from) <= Self.maximumDays else {
      throw DomainError(.invalidDate, "from_date to to_date are 1 to \(Self.maximumDays + 1) days", field: "to_date")
    }
    self.prefix = prefix
    self.from = from
    self.to = to
    self.asOf = asOf
  }
}

/// A first-loan target and what became of it.
package struct TargetProgress: Sendable, Hashable {
  package var matter: Case
  /// First-loan firms of the place with a standing contract signed in the period.
  package var reached: Int64

  package init(matter: Case, reached: Int64) {
    self.matter = matter
    self.reached = reached
  }

  /// Never clamped; `nil` for a target of nothing, which no target is.
  package var progress: Rate? {
    guard let target = matter.fields["firms"].flatMap({ Int64($0) }), target > 0 else { return nil }
    return try? Rate(reached, over: target)
  }
}

/// What became of a visit that came from a device.
package enum SyncedVisit: Sendable, Hashable {
  case stored(String)
  case known(String)
  case refused(DomainError)
}

/// The port to the cases.
package protocol CaseRepository: Sendable {
  func open(
    _ command: OpenCase, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case>
  func act(
    _ command: ActOnCase, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case>
  func arrange(
    _ command: ArrangeDuty, envelope: CommandEnvelope, encode: @escaping @Sendable (Case) throws -> [UInt8]
  ) async throws -> CommandReply<Case>
  /// Each visit by itself: one that is refused leaves the others alone, one that is known is not stored again.
  func sync(
    _ visits: [(clientID: String, Result<OpenCase, DomainError>)], envelope: CommandEnvelope,
    encode: @escaping @Sendable ([SyncedVisit]) throws -> [UInt8]
  ) async throws -> CommandReply<[SyncedVisit]>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func matter(_ id: String) async throws -> Case
  func matters(_ query: CaseQuery) async throws -> [Listed<Case>]
  func report(_ query: CaseReportQuery) async throws -> CaseReport
  /// Of the cases that the query finds, all targets.
  func targets(_ query: CaseQuery, asOf: BusinessDate) async throws -> [Listed<TargetProgress>]
}
