package import Kernel

/// An institution that has taken up a broadcast demand beside others.
package struct Taker: Hashable, Sendable {
  package var institution: String
  package var claimedAt: Instant
  /// Its standing offer.
  package var offer: Offer?

  package init(institution: String, claimedAt: Instant, offer: Offer? = nil) {
    self.institution = institution
    self.claimedAt = claimedAt
    self.offer = offer
  }
}

extension Handling {
  package func taker(_ institution: String) -> Taker? { takers.first { $0.institution == institution } }
}

extension Demand {
  /// What the institution has taken up in a broadcast that nobody has signed yet.
  /// - Throws: `STATE_CONFLICT` when it has not.
  func requireTaker(_ named: String, caller: Caller) throws(DomainError) -> Taker {
    let institution = try ActingInstitution.resolve(named, caller: caller)
    guard let taker = handling.taker(institution) else {
      throw DomainError(
        .stateConflict, "\(institution) has not taken up demands/\(id)",
        metadata: ["state": state.rawValue, "institution": institution])
    }
    return taker
  }

  mutating func takeUp(_ institution: String, at instant: Instant) {
    handling.takers.append(Taker(institution: institution, claimedAt: instant))
  }

  mutating func tender(_ offer: Offer) {
    guard let index = handling.takers.firstIndex(where: { $0.institution == offer.institution }) else { return }
    handling.takers[index].offer = offer
  }

  /// The taker that signs is the claimant from then on; the others are where they were before they took it up.
  /// - Returns: the institutions that were passed over.
  mutating func award(_ institution: String, _ contract: Contract) -> [String] {
    guard let taker = handling.taker(institution) else { return [] }
    claim = Claim(institution: institution, at: taker.claimedAt)
    offer = taker.offer
    self.contract = contract
    reached.formUnion([.claimed, .offered])
    handling.contactedAt = nil
    handling.decidedAt = taker.offer?.at
    defer { handling.takers = [] }
    return handling.takers.map(\.institution).filter { $0 != institution }
  }
}
