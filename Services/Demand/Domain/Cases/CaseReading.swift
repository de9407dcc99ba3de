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
    package var late: Int64

    package init(kind: CaseKind, state: String, count: Int64, overdue: Int64, late: Int64) {
      self.kind = kind
      self.state = state
      self.count = count
      self.overdue = overdue
      self.late = late
    }
  }

  /// What one chain was given; `floor` is `nil` where no pack states one.
  package struct Chain: Sendable, Hashable {
    package var chain: String
    package var visits: Int64
    package var events: Int64
    package var floor: Int64?

    package init(chain: String, visits: Int64, events: Int64, floor: Int64?) {
      self.chain = chain
      self.visits = visits
      self.events = events
      self.floor = floor
    }
  }

  /// How far one sweep got.
  package struct Sweep: Sendable, Hashable {
    package var id: String
    package var target: Int64
    package var visited: Int64
    package var withNeed: Int64

    package init(id: String, target: Int64, visited: Int64, withNeed: Int64) {
      self.id = id
      self.target = target
      self.visited = visited
      self.withNeed = withNeed
    }
  }

  package var counts: [Count]
  package var firmsVisited: Int64
  package var eventSigned: Int64
  package var eventInPlace: Int64
  package var sequence: Int64
  package var chains: [Chain] = []
  package var sweeps: [Sweep] = []

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

/// Something that a device recorded while it was offline.
package struct FieldItem: Sendable {
  package enum Command: Sendable {
    case enterprise(RegisterEnterprise)
    case demand(SubmitDemand)
    case visit(OpenCase)
  }

  package var clientID: String
  /// What the device sent: the same item is the same bytes.
  package var content: [UInt8]
  package var command: Result<Command, DomainError>

  package init(clientID: String, content: [UInt8], command: Result<Command, DomainError>) {
    self.clientID = clientID
    self.content = content
    self.command = command
  }
}

/// What became of an item that came from a device: the name of the resource, or why there is none.
package enum SyncedItem: Sendable, Hashable {
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
  /// Each item by itself, in order: one that is refused leaves the others alone, one that is known is not stored again.
  func sync(
    _ items: [FieldItem], envelope: CommandEnvelope, encode: @escaping @Sendable ([SyncedItem]) throws -> [UInt8]
  ) async throws -> CommandReply<[SyncedItem]>
  func generate(
    _ command: GenerateReport, envelope: CommandEnvelope,
    encode: @escaping @Sendable (GeneratedReport) throws -> [UInt8]
  ) async throws -> CommandReply<GeneratedReport>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func generated(_ id: String) async throws -> GeneratedReport
  /// Steps after a position, oldest first.
  func steps(of id: String, after: Int64?, limit: Int) async throws -> [Listed<CaseStep>]
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func matter(_ id: String) async throws -> Case
  func matters(_ query: CaseQuery) async throws -> [Listed<Case>]
  func report(_ query: CaseReportQuery) async throws -> CaseReport
  /// Of the cases that the query finds, all targets.
  func targets(_ query: CaseQuery, asOf: BusinessDate) async throws -> [Listed<TargetProgress>]
}
