package import Protos

/// What the gateway does next for a journey: a pure function of the demand and of the fund's guarantees for it. The
/// reconciler takes these steps until there are none; docs/architecture.md shows the table.
package enum JourneyStep: Equatable, Sendable {
  /// Have the demand judged (可行性快速评判).
  case assess
  /// Match it with the catalog and push it to institutions and regulators.
  case matchAndPush
  /// Reserve the guarantee that a signed offer needs and that is not there.
  case reserve
  /// The loan is disbursed: put the reserved guarantee in force.
  case commit(guarantee: String)
  /// The guarantee serves nothing any more: give its capacity back.
  case void(guarantee: String, reason: VoidReason)
}

/// Why a reservation is given back.
package enum VoidReason: String, Equatable, Sendable {
  case declined = "the demand was declined"
  case withdrawn = "the demand was withdrawn"
  case expired = "the demand expired"
  case notOffered = "no offer stands that needs the guarantee"
  case otherInstitution = "the reservation was made for another institution's offer"
  case otherTerms = "the contract differs from what was reserved"
  case duplicate = "another reservation already covers the contract"
}

package enum JourneyPlan {
  package typealias Demand = Huirong_Demand_V1_Demand
  package typealias Guarantee = Huirong_Fund_V1_Guarantee

  /// The steps to take now, in order. Empty when the journey waits for a person or has ended.
  package static func steps(for demand: Demand, guarantees: [Guarantee]) -> [JourneyStep] {
    let reserved = guarantees.filter { $0.state == .reserved }
    switch demand.state {
    case .submitted: return [.assess]
    case .assessed: return void(reserved, .notOffered) + [.matchAndPush]
    case .hard, .pushed, .claimed: return void(reserved, .notOffered)
    case .offered: return duringOffer(demand, reserved)
    case .signed: return afterSignature(demand, guarantees, reserved)
    case .disbursed, .closed: return afterDisbursement(demand, guarantees, reserved)
    case .declined: return void(reserved, .declined)
    case .withdrawn: return void(reserved, .withdrawn)
    case .expired: return void(reserved, .expired)
    case .unspecified, .UNRECOGNIZED: return []
    }
  }

  /// What a person has to do for the journey to move; empty when nobody has to.
  package static func waitsFor(_ demand: Demand) -> String {
    switch demand.state {
    case .hard: "the firm: follow the improvement plan, then ask for a reassessment"
    case .pushed: "an institution: claim"
    case .claimed: "the institution: offer, or decline with a reason"
    case .offered: "the firm and the institution: sign"
    case .signed: "the institution: disburse"
    case .disbursed: "the institution or the grid worker: close out with evidence"
    case .submitted, .assessed: "the gateway"
    case .closed, .declined, .withdrawn, .expired, .unspecified, .UNRECOGNIZED: ""
    }
  }

  private static func void(_ guarantees: [Guarantee], _ reason: VoidReason) -> [JourneyStep] {
    guarantees.map { .void(guarantee: $0.name, reason: reason) }
  }

  /// A reservation made for this institution waits for the signature; any other is stale.
  private static func duringOffer(_ demand: Demand, _ reserved: [Guarantee]) -> [JourneyStep] {
    reserved.compactMap { guarantee in
      if !demand.offer.guaranteeNeeded { return .void(guarantee: guarantee.name, reason: .notOffered) }
      if guarantee.lender != demand.offer.institution {
        return .void(guarantee: guarantee.name, reason: .otherInstitution)
      }
      return nil
    }
  }

  private static func afterSignature(
    _ demand: Demand, _ guarantees: [Guarantee], _ reserved: [Guarantee]
  ) -> [JourneyStep] {
    let stale = reserved.filter { !covers($0, demand) }
    let fitting = reserved.filter { covers($0, demand) }
    let inForce = guarantees.contains { covers($0, demand) && $0.state == .inForce }
    var steps = void(stale, demand.offer.guaranteeNeeded ? .otherTerms : .notOffered)
    steps += void(Array(fitting.dropFirst(inForce ? 0 : 1)), .duplicate)
    if demand.offer.guaranteeNeeded, !inForce, fitting.isEmpty { steps.append(.reserve) }
    return steps
  }

  /// The first reservation that covers the contract comes into force, unless one already is; the rest goes back.
  private static func afterDisbursement(
    _ demand: Demand, _ guarantees: [Guarantee], _ reserved: [Guarantee]
  ) -> [JourneyStep] {
    let fitting = reserved.filter { covers($0, demand) }
    let settled = guarantees.contains { covers($0, demand) && afterReservation.contains($0.state) }
    let stale = void(reserved.filter { !covers($0, demand) }, .otherTerms)
    guard let first = fitting.first, !settled else { return stale + void(fitting, .duplicate) }
    return stale + void(Array(fitting.dropFirst()), .duplicate) + [.commit(guarantee: first.name)]
  }

  private static let afterReservation: Set<Huirong_Fund_V1_GuaranteeState> = [
    .inForce, .released, .claimSubmitted, .compensated, .writtenOff,
  ]

  /// Whether a guarantee is the one this contract needs.
  package static func covers(_ guarantee: Guarantee, _ demand: Demand) -> Bool {
    demand.offer.guaranteeNeeded && guarantee.lender == demand.claimedInstitution
      && guarantee.principal == demand.contract.amount
  }
}
