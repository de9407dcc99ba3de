package import Kernel

/// 联合授信: the claimant, who leads, asks another institution to share the demand (泰金监字〔2023〕2号; one lead).
package struct InviteInstitution: Sendable, Hashable {
  package var demand: String
  /// Empty: the caller.
  package var institution: String
  package var member: String
  package var share: Money
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, naming the field.
  package init(
    demand: String, institution: String, member: String, share: Money, reason: String
  ) throws(DomainError) {
    self.member = try ActingInstitution.organisation(member, field: "member")
    try Amounts.requirePositive(share, field: "share")
    self.demand = demand
    self.institution = institution
    self.share = share
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `ALREADY_CLAIMED` for anybody but the claimant, `CURRENCY_MISMATCH`, `RESOURCE_EXISTS` for a member,
  ///   `INVALID_ARGUMENT` for the claimant itself or an institution that has declined, `LIMIT_EXCEEDED`.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    let lead = try ActingInstitution.requireClaimant(institution, of: demand, caller: caller)
    try Amounts.requirePositive(share, in: demand, field: "share")
    guard member != lead else { throw DomainError.invalid("member", "\(lead) leads and cannot be its own member") }
    guard demand.handling.member(member) == nil else {
      throw DomainError(
        .resourceExists, "\(member) is in the joint credit already", field: "member",
        metadata: ["resource": "demands/\(demand.id)"])
    }
    if demand.target(of: member)?.state == .declined {
      throw DomainError.invalid("member", "\(member) has declined this demand")
    }
    guard demand.handling.members.count < Handling.maximumMembers else {
      throw DomainError(.limitExceeded, "a joint credit has at most \(Handling.maximumMembers) members")
    }
    return [.invited(JointMember(institution: member, share: share, state: .invited))]
  }
}

/// An invited institution joins.
package struct JoinDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `OUT_OF_SCOPE` for an institution that was not invited, `STATE_CONFLICT` when it has joined before.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    let institution = try ActingInstitution.resolve(institution, caller: caller)
    guard let index = demand.handling.member(institution) else {
      throw DomainError(
        .outOfScope, "\(institution) was not asked to share demands/\(demand.id)",
        metadata: ["institution": institution])
    }
    guard demand.handling.members[index].state == .invited else {
      throw DomainError(
        .stateConflict, "\(institution) has joined demands/\(demand.id) before",
        metadata: ["institution": institution, "state": demand.handling.members[index].state.rawValue])
    }
    return [.joined(institution: institution)]
  }
}

/// Who acts on a claimed demand: the claimant, or a member that has joined.
enum Party: Sendable, Hashable {
  case lead(String)
  case member(JointMember)

  /// - Throws: `ALREADY_CLAIMED` naming the claimant for anybody else, `STATE_CONFLICT` for one that was asked and has not
  ///   joined, or when nobody has claimed the demand.
  static func of(_ named: String, in demand: Demand, caller: Caller) throws(DomainError) -> Party {
    let institution = try ActingInstitution.resolve(named, caller: caller)
    guard let claim = demand.claim else { throw DomainError(.stateConflict, "demands/\(demand.id) is not claimed") }
    if claim.institution == institution { return .lead(institution) }
    guard let index = demand.handling.member(institution) else { throw DomainError.alreadyClaimed(demand, by: claim) }
    let member = demand.handling.members[index]
    guard member.state == .joined else {
      throw DomainError(
        .stateConflict, "\(institution) was asked to share demands/\(demand.id) and has not joined",
        metadata: ["institution": institution, "state": member.state.rawValue])
    }
    return .member(member)
  }
}
