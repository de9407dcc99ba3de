package import Kernel

/// Who may touch and who may see what: the domain's half of authorisation. The access table has settled the role; this
/// settles the firm, the region and the institution.
package enum DemandScope {
  /// The reply shows the firm's profile, so that the caller must be one who may view the firm.
  /// - Throws: `OUT_OF_SCOPE`.
  static func requireSubmission(
    of enterprise: Enterprise, region: RegionCode, by caller: Caller
  ) throws(DomainError) {
    try requireView(of: enterprise, by: caller)
    guard caller.role != .enterprise else { return }
    guard region.lies(in: caller.regionPrefix) else {
      throw outOfScope("region \(region) lies outside \(caller.regionPrefix)", caller)
    }
  }

  /// Before the state is looked at, so that a caller out of scope learns nothing of it.
  /// - Throws: `OUT_OF_SCOPE`.
  static func requireCommand(
    _ command: DemandCommandKind, on demand: Demand, by caller: Caller
  ) throws(DomainError) {
    switch caller.role {
    case .enterprise:
      guard caller.organisation == demand.enterprise else {
        throw outOfScope("demands/\(demand.id) is not a demand of \(caller.organisation)", caller)
      }
    case .institution:
      // Whoever was named a target may act wherever the demand lies; an open push holds for the institution's region.
      guard demand.target(of: caller.organisation) != nil || demand.region.lies(in: caller.regionPrefix) else {
        throw outOfScope("region \(demand.region) lies outside \(caller.regionPrefix)", caller)
      }
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      guard demand.region.lies(in: caller.regionPrefix) else {
        throw outOfScope("region \(demand.region) lies outside \(caller.regionPrefix)", caller)
      }
    }
  }

  /// Whether a caller may know of the demand at all.
  package static func sees(_ demand: Demand, _ caller: Caller) -> Bool {
    switch caller.role {
    case .enterprise: caller.organisation == demand.enterprise
    case .institution:
      demand.submittedBy == caller.organisation || demand.target(of: caller.organisation) != nil
        || (demand.pushMode?.reachesRegion == true && demand.region.lies(in: caller.regionPrefix))
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service: demand.region.lies(in: caller.regionPrefix)
    }
  }

  /// What the caller may see of it: contact data only for the firm, the ledger's roles and the claimant; an institution
  /// nothing of its competitors' targets, refusals and terms.
  /// - Throws: `OUT_OF_SCOPE`.
  package static func view(_ demand: Demand, for caller: Caller) throws(DomainError) -> Demand {
    guard sees(demand, caller) else {
      throw outOfScope("demands/\(demand.id) lies outside the scope of \(caller.organisation)", caller)
    }
    var view = demand
    if !seesContact(demand, caller) { view.contact = nil }
    view.handling.similar.removeAll { !sees($0, of: demand, caller) }
    view.assessment = demand.assessment.map { self.view($0, of: demand, for: caller) }
    if caller.role == .institution {
      if !seesContact(demand, caller) { view.handling.documents.removeAll { $0.actor != caller.organisation } }
      view.hideCompetitors(of: caller.organisation)
    }
    return view
  }

  /// Demands of firms that the caller may not view are left out; what an older store kept names no firm and is shown to those
  /// who may view every firm.
  private static func sees(_ similar: SimilarDemand, of demand: Demand, _ caller: Caller) -> Bool {
    switch caller.role {
    case .enterprise: similar.enterprise == caller.organisation
    // Other needs of the firm and of its affiliates are not an institution's business.
    case .institution: false
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      similar.region?.lies(in: caller.regionPrefix) ?? caller.regionPrefix.isEmpty
    }
  }

  /// A judgement without what the firm's other debts, or its affiliates' demands, would tell the caller.
  package static func view(_ assessment: Assessment, of demand: Demand, for caller: Caller) -> Assessment {
    var view = assessment
    switch caller.role {
    case .institution: view.rules = assessment.rules.map { $0.withoutOtherDebts() }
    case .enterprise: view.rules = assessment.rules.map { $0.countsAffiliates ? $0.withoutOtherDebts() : $0 }
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      guard !caller.regionPrefix.isEmpty else { return assessment }
      view.rules = assessment.rules.map { $0.countsAffiliates ? $0.withoutOtherDebts() : $0 }
    }
    return view
  }

  package static func seesContact(_ demand: Demand, _ caller: Caller) -> Bool {
    switch caller.role {
    case .enterprise, .gridWorker, .regulator, .operator, .service: true
    case .institution:
      demand.claim?.institution == caller.organisation || demand.submittedBy == caller.organisation
        || demand.handling.members.contains { $0.institution == caller.organisation && $0.state == .joined }
        || demand.handling.taker(caller.organisation) != nil
    case .adviser, .analyst: false
    }
  }

  /// - Throws: `OUT_OF_SCOPE`.
  package static func requireView(of enterprise: Enterprise, by caller: Caller) throws(DomainError) {
    let allowed =
      caller.role == .enterprise
      ? enterprise.id == caller.organisation : enterprise.region.lies(in: caller.regionPrefix)
    guard allowed else {
      throw outOfScope("enterprises/\(enterprise.id) lies outside the scope of \(caller.organisation)", caller)
    }
  }

  /// - Throws: `INVALID_REGION` for no prefix, `OUT_OF_SCOPE` for one outside the caller's.
  package static func requireRegion(
    prefix: String, field: String, by caller: Caller
  ) throws(DomainError) {
    guard RegionCode.isPrefix(prefix) else {
      throw DomainError(
        .invalidRegion, "\"\(prefix.prefix(24))\" is no GB/T 2260 prefix of 0, 2, 4, 6, 9 or 12 digits", field: field)
    }
    guard prefix.hasPrefix(caller.regionPrefix) else {
      throw outOfScope("region \"\(prefix)\" lies outside \(caller.regionPrefix)", caller)
    }
  }

  private static func outOfScope(_ message: String, _ caller: Caller) -> DomainError {
    DomainError(
      .outOfScope, message,
      metadata: ["organisation": caller.organisation, "role": caller.role.rawValue, "region": caller.regionPrefix])
  }
}

extension Demand {
  fileprivate mutating func hideCompetitors(of institution: String) {
    targets.removeAll { $0.kind == .institution && $0.organisation != institution }
    declines.removeAll { $0.institution != institution }
    handling.notes.removeAll { $0.actor != institution }
    handling.missed.removeAll { $0.institution != institution }
    handling.takers.removeAll { $0.institution != institution }
    guard let claim, claim.institution != institution else { return }
    // A member of the joint credit sees the lead's terms and its own, not the other members'.
    if handling.member(institution) != nil {
      handling.members.removeAll { $0.institution != institution }
      return
    }
    handling.members = []
    offer = nil
    contract = nil
    disbursements = []
    closeOut = nil
  }
}
