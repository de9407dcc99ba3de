package import Kernel
import Policy

/// Puts a demand before institutions and, at the same moment, the regulators of its region (淄金稳办发〔2023〕11号 二(二)1).
package struct PushDemand: Sendable, Hashable {
  /// An institution that the catalog matched.
  package struct Candidate: Sendable, Hashable {
    package var institution: String
    package var product: String
    package var score: Rate
    package var reason: PushReason

    package init(institution: String, product: String, score: Rate, reason: PushReason = .match) {
      self.reason = reason
      self.institution = institution
      self.product = product
      self.score = score
    }
  }

  /// Most institutions of one push, and most targets of one demand: each event carries them all.
  package static let maximumCandidates = 200

  package var demand: String
  package var mode: PushMode
  package var candidates: [Candidate]
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `BATCH_TOO_LARGE`, naming the field.
  package init(demand: String, mode: PushMode, candidates: [Candidate], reason: String) throws(DomainError) {
    guard candidates.count <= Self.maximumCandidates else {
      throw DomainError(
        .batchTooLarge, "\(candidates.count) candidates; at most \(Self.maximumCandidates)", field: "candidates")
    }
    var seen: Set<String> = []
    for (index, candidate) in candidates.enumerated() {
      let field = "candidates[\(index)]"
      _ = try ActingInstitution.organisation(candidate.institution, field: "\(field).institution")
      try Amounts.requireProduct(candidate.product, field: "\(field).product")
      guard candidate.score.ppm >= 0 else { throw DomainError.invalid("\(field).score", "a score is not negative") }
      guard seen.insert(candidate.institution).inserted else {
        throw DomainError.invalid("\(field).institution", "\(candidate.institution) stands twice among the candidates")
      }
    }
    self.demand = demand
    self.mode = mode
    self.candidates = candidates
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `REQUIRED_FIELD_MISSING` for a directed push to nobody, `INVALID_ARGUMENT` for an institution that has
  ///   it already or has declined it, `LIMIT_EXCEEDED`, `POLICY_CONDITION_FAILED` after the demand's last day.
  func decide(
    _ demand: Demand, situation: DemandSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> [DemandEvent] {
    try HandlingLevels.require(demand, by: caller)
    try demand.requireInTime(on: now.shanghaiDate())
    // One that was judged again after everybody had declined has been before institutions, too.
    let secondLook = demand.state == .declined || (demand.state == .assessed && !demand.institutionTargets.isEmpty)
    if secondLook, reason.isEmpty {
      throw DomainError(.requiredFieldMissing, "a second look says why others should look", field: "reason")
    }
    let candidates = candidates + standing(situation, demand)
    if let taker = demand.handling.takers.first, mode != .broadcast {
      throw DomainError(
        .stateConflict, "demands/\(demand.id) is a broadcast that \(taker.institution) has taken up",
        metadata: ["state": demand.state.rawValue, "institution": taker.institution])
    }
    if candidates.isEmpty, mode == .directed || demand.pushMode == mode {
      throw DomainError(
        .requiredFieldMissing, "this push would reach no institution: name at least one", field: "candidates")
    }
    for (index, candidate) in candidates.enumerated() {
      if let target = demand.target(of: candidate.institution) {
        throw DomainError.invalid(
          "candidates[\(index)].institution",
          target.state == .declined
            ? "\(candidate.institution) has declined this demand" : "\(candidate.institution) already has this demand")
      }
    }
    guard demand.targets.count + candidates.count <= Self.maximumCandidates else {
      throw DomainError(
        .limitExceeded, "a demand has at most \(Self.maximumCandidates) targets", field: "candidates")
    }
    let regulators = demand.targets.isEmpty ? regulators(of: demand.region, now: now) : []
    let institutions = candidates.map {
      PushTarget(
        kind: .institution, organisation: $0.institution, product: $0.product, score: $0.score, state: .pushed,
        pushedAt: now, reason: $0.reason)
    }
    let citations = try PushRule.citations(policy, region: demand.region, on: now.shanghaiDate())
    return [
      .pushed(.init(mode: mode, targets: institutions + regulators, citations: citations, secondLook: secondLook))
    ]
  }

  /// Banks that receive every demand of their chain or of their month, unless they have this one.
  private func standing(_ situation: DemandSituation, _ demand: Demand) -> [Candidate] {
    var added: [Candidate] = []
    for (banks, reason) in [(situation.chainLeads, PushReason.chainLead), (situation.dutyBanks, .dutyBank)] {
      for bank in banks
      where demand.target(of: bank) == nil && !(candidates + added).contains(where: { $0.institution == bank }) {
        added.append(Candidate(institution: bank, product: "", score: .zero, reason: reason))
      }
    }
    return added
  }

  private func regulators(of region: RegionCode, now: Instant) -> [PushTarget] {
    let scopes: [(TargetKind, String?)] = [
      (.cityRegulator, region.cityRegulatorScope), (.countyRegulator, region.countyRegulatorScope),
    ]
    return scopes.compactMap { kind, scope in
      scope.map {
        PushTarget(
          kind: kind, organisation: PushTarget.regulatorPrefix + $0, product: "", score: .zero, state: .pushed,
          pushedAt: now, reason: .regulator)
      }
    }
  }
}
