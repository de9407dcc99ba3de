package import Kernel
import Policy

/// A new demand.
package struct SubmitDemand: Sendable, Hashable {
  /// Identifier for the new demand, made by the edge.
  package var id: String
  package var enterprise: String
  package var amount: Money
  package var tenorMonths: Int64
  package var purpose: String
  package var securityMode: SecurityMode
  package var instrument: Instrument
  /// `nil`: the firm's seat.
  package var region: RegionCode?
  package var channel: Channel
  package var wantedDate: BusinessDate?
  package var validUntil: BusinessDate?
  package var contact: Contact?
  package var urgency: Urgency
  /// Only together with a mortgage or a pledge.
  package var collateral: CollateralKind?
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `REQUIRED_FIELD_MISSING`, naming the field.
  package init(
    id: String, enterprise: String, amount: Money, tenorMonths: Int64, purpose: String, securityMode: SecurityMode,
    instrument: Instrument, region: RegionCode?, channel: Channel, wantedDate: BusinessDate?,
    validUntil: BusinessDate?, contact: Contact?, urgency: Urgency = .normal, collateral: CollateralKind? = nil,
    reason: String
  ) throws(DomainError) {
    try Amounts.requirePositive(amount, field: "demand.amount")
    try Amounts.requireTenor(tenorMonths, field: "demand.tenor_months")
    self.id = id
    self.enterprise = enterprise
    self.amount = amount
    self.tenorMonths = tenorMonths
    self.purpose = try Texts.required(purpose, "demand.purpose", maximum: Texts.maximumPurpose)
    self.securityMode = securityMode
    self.instrument = instrument
    self.region = region
    self.channel = channel
    self.wantedDate = wantedDate
    self.validUntil = validUntil
    self.contact = contact
    if collateral != nil, securityMode != .mortgage, securityMode != .pledge {
      throw DomainError.invalid(
        "demand.collateral_kind", "collateral goes with a mortgage or a pledge, not with \(securityMode.rawValue)")
    }
    self.urgency = urgency
    self.collateral = collateral
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `RESOURCE_NOT_FOUND` for an unknown firm, `OUT_OF_SCOPE`, `STATE_CONFLICT` for one that was merged,
  ///   `INVALID_DATE` for a day that is past.
  func decide(
    _ enterprise: Enterprise?, earlier: [EarlierDemand], policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> [DemandEvent] {
    guard let enterprise else {
      var error = DomainError.notFound("enterprises/\(self.enterprise)")
      error.field = "demand.enterprise"
      throw error
    }
    let region = region ?? enterprise.region
    try DemandScope.requireSubmission(of: enterprise, region: region, by: caller)
    if enterprise.mergedInto != nil { throw .merged(enterprise) }
    let today = try now.shanghaiDate()
    for (date, field) in [(wantedDate, "demand.wanted_date"), (validUntil, "demand.valid_until")] {
      guard let date, date < today else { continue }
      throw DomainError(.invalidDate, "\(date) lies before today, \(today)", field: field)
    }
    var demand = Demand(
      id: id, enterprise: enterprise.id, state: .submitted, amount: amount, tenorMonths: tenorMonths,
      purpose: purpose, securityMode: securityMode, instrument: instrument, region: region, channel: channel,
      wantedDate: wantedDate, validUntil: validUntil, contact: contact,
      profile: enterprise.profile(on: today), submittedBy: caller.organisation,
      policyDigest: policy.digest, createdAt: now, updatedAt: now, revision: 0)
    demand.handling.urgency = urgency
    demand.handling.collateral = collateral
    demand.handling.chain = enterprise.ties.chain
    demand.handling.similar = try SimilarDemands.find(for: self, among: earlier, policy: policy, on: today)
    return [.submitted(demand)]
  }
}

extension Contact {
  /// Longest name and number that a form has room for.
  package static let maximumPerson = 100
  package static let maximumPhone = 32

  /// - Throws: `INVALID_ARGUMENT`, naming the field below `field`.
  package init(checking person: String, phone: String, field: String) throws(DomainError) {
    let allowed = Set("0123456789 +-()".utf8)
    guard phone.utf8.count <= Self.maximumPhone, phone.utf8.allSatisfy(allowed.contains) else {
      throw DomainError.invalid("\(field).phone", "a phone number has at most 32 of 0–9, space, +, -, ( and )")
    }
    self.init(
      person: try Texts.optional(person, "\(field).person", maximum: Self.maximumPerson), phone: phone)
  }
}
