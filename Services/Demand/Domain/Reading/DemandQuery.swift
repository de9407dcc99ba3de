package import Kernel

/// One page of demands; every condition that is not `nil` must hold.
package struct DemandQuery: Sendable, Hashable {
  package var state: DemandState?
  /// Digits before a GB/T 2260 code, of one of the lengths 2, 4, 6, 9 and 12.
  package var regionPrefix: String?
  package var enterprise: String?
  package var claimedInstitution: String?
  package var targetInstitution: String?
  package var pushMode: PushMode?
  /// Conditions that no index serves.
  package var sieve = DemandSieve()
  package var descending: Bool
  /// Position of the last demand of the page before.
  package var after: Int64?
  package var limit: Int

  package init(
    state: DemandState? = nil, regionPrefix: String? = nil, enterprise: String? = nil,
    claimedInstitution: String? = nil, targetInstitution: String? = nil, pushMode: PushMode? = nil,
    descending: Bool = false, after: Int64? = nil, limit: Int = 50
  ) {
    self.state = state
    self.regionPrefix = regionPrefix
    self.enterprise = enterprise
    self.claimedInstitution = claimedInstitution
    self.targetInstitution = targetInstitution
    self.pushMode = pushMode
    self.descending = descending
    self.after = after
    self.limit = limit
  }

  /// The query with the caller's scope added: what it may not see is not found rather than refused. An institution lists
  /// what it has claimed when it asks so, the open pushes or the broadcasts of its region when it asks for those, and
  /// otherwise what was pushed to it.
  /// - Throws: `OUT_OF_SCOPE` when a condition asks for what lies outside.
  package func scoped(to caller: Caller) throws(DomainError) -> DemandQuery {
    var query = self
    switch caller.role {
    case .enterprise:
      query.enterprise = try narrowed(enterprise, to: caller.organisation, "enterprise", caller)
    case .institution:
      if claimedInstitution != nil {
        query.claimedInstitution = try narrowed(
          claimedInstitution, to: caller.organisation, "claimed_institution", caller)
      } else if pushMode?.reachesRegion == true, state == .pushed, targetInstitution == nil {
        try query.confine(to: caller)
      } else {
        query.targetInstitution = try narrowed(targetInstitution, to: caller.organisation, "target_institution", caller)
      }
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service: try query.confine(to: caller)
    }
    return query
  }

  private mutating func confine(to caller: Caller) throws(DomainError) {
    if caller.regionPrefix.isEmpty { return }
    if let regionPrefix {
      try DemandScope.requireRegion(prefix: regionPrefix, field: "filter", by: caller)
    } else {
      regionPrefix = caller.regionPrefix
    }
  }

  private func narrowed(
    _ value: String?, to own: String, _ name: String, _ caller: Caller
  ) throws(DomainError) -> String {
    guard value == nil || value == own else {
      throw DomainError(
        .outOfScope, "\(caller.organisation) may list only \(name) = \"\(own)\"", field: "filter",
        metadata: ["organisation": caller.organisation])
    }
    return own
  }
}

/// One page of enterprises.
package struct EnterpriseQuery: Sendable, Hashable {
  package var regionPrefix: String?
  package var industryPrefix: String?
  package var sizeBand: String?
  package var grade: PlatformGrade?
  package var firstLoan: Bool?
  package var tag: String?
  package var descending: Bool
  package var after: Int64?
  package var limit: Int

  package init(
    regionPrefix: String? = nil, industryPrefix: String? = nil, sizeBand: String? = nil, grade: PlatformGrade? = nil,
    firstLoan: Bool? = nil, tag: String? = nil, descending: Bool = false, after: Int64? = nil, limit: Int = 50
  ) {
    self.regionPrefix = regionPrefix
    self.industryPrefix = industryPrefix
    self.sizeBand = sizeBand
    self.grade = grade
    self.firstLoan = firstLoan
    self.tag = tag
    self.descending = descending
    self.after = after
    self.limit = limit
  }

  /// - Throws: `OUT_OF_SCOPE`.
  package func scoped(to caller: Caller) throws(DomainError) -> EnterpriseQuery {
    var query = self
    if caller.regionPrefix.isEmpty { return query }
    if let regionPrefix {
      try DemandScope.requireRegion(prefix: regionPrefix, field: "filter", by: caller)
    } else {
      query.regionPrefix = caller.regionPrefix
    }
    return query
  }
}

/// Items of a list with their positions in its order.
package struct Listed<Item: Sendable>: Sendable {
  package var position: Int64
  package var item: Item

  package init(position: Int64, item: Item) {
    self.position = position
    self.item = item
  }
}
