package import Kernel

/// Where a guarantee stands.
package enum GuaranteeState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case reserved = 1
  case inForce = 2
  case voided = 3
  case expired = 4
  case released = 5
  case claimSubmitted = 6
  case compensated = 7
  case writtenOff = 8

  /// The legal steps, all of them. A command that asks for another answers STATE_CONFLICT.
  ///
  /// | from            | to                                   |
  /// |-----------------|--------------------------------------|
  /// | reserved        | inForce, voided, expired             |
  /// | inForce         | released, claimSubmitted             |
  /// | claimSubmitted  | compensated, inForce (rejected)      |
  /// | compensated     | compensated (recovery), writtenOff   |
  /// | writtenOff      | writtenOff (late recovery)           |
  package var next: Set<GuaranteeState> {
    switch self {
    case .reserved: [.inForce, .voided, .expired]
    case .inForce: [.released, .claimSubmitted]
    case .claimSubmitted: [.compensated, .inForce]
    case .compensated: [.compensated, .writtenOff]
    case .writtenOff: [.writtenOff]
    case .voided, .expired, .released: []
    }
  }

  /// Whether the guarantee uses up the facility's limit.
  package var bearsLiability: Bool { self == .reserved || self == .inForce || self == .claimSubmitted }
}

/// A person acting for an organisation; maker and checker are compared by both.
package struct Officer: Sendable, Hashable, Codable, CustomStringConvertible {
  package let organisation: String
  package let subject: String

  package init(organisation: String, subject: String) {
    self.organisation = organisation
    self.subject = subject
  }

  package init(_ caller: Caller) { self.init(organisation: caller.organisation, subject: caller.subject) }

  package var description: String { "\(organisation)/\(subject)" }
}

/// A reference to evidence kept outside the suite.
package struct Evidence: Sendable, Hashable, Codable {
  package var kind: String
  package var reference: String
  package var sha256: [UInt8]

  package init(kind: String, reference: String, sha256: [UInt8]) {
    self.kind = kind
    self.reference = reference
    self.sha256 = sha256
  }
}

/// The claim (代偿) under a guarantee, minor units of the guarantee's currency.
package struct Claim: Sendable, Hashable, Codable {
  package var principal: Int64
  package var interest: Int64
  package var borne: LiabilitySplit
  package var maker: Officer
  package var checker: Officer?
  package var submittedOn: BusinessDate
  package var paidOn: BusinessDate?
  package var evidence: [Evidence]
  package var recovered: Int64
  package var returned: LiabilitySplit

  package init(
    principal: Int64, interest: Int64, borne: LiabilitySplit, maker: Officer, checker: Officer? = nil,
    submittedOn: BusinessDate, paidOn: BusinessDate? = nil, evidence: [Evidence], recovered: Int64 = 0,
    returned: LiabilitySplit = .zero
  ) {
    self.principal = principal
    self.interest = interest
    self.borne = borne
    self.maker = maker
    self.checker = checker
    self.submittedOn = submittedOn
    self.paidOn = paidOn
    self.evidence = evidence
    self.recovered = recovered
    self.returned = returned
  }

  package var total: Int64 { principal + interest }
}

/// A guarantee for one loan.
package struct Guarantee: Sendable, Hashable {
  package let id: String
  package let facility: String
  package let pool: String
  package let currency: Currency
  package let journey: String
  package let borrower: String
  package let lender: String
  package let reservedOn: BusinessDate
  package let createTime: Instant
  package var state: GuaranteeState
  package var principal: Int64
  /// Liability of the non-bank parties.
  package var guaranteedAmount: Int64
  package var fee: Int64 = 0
  package var reguaranteeFee: Int64 = 0
  package var feeRate: Rate
  package var householdTotal: Int64
  package var expiresOn: BusinessDate
  package var inForceFrom: BusinessDate?
  package var maturesOn: BusinessDate
  /// Scale of the borrower, where it was given.
  package var borrowerSize: BorrowerSize?
  /// Whether the loan serves agriculture, the countryside or farmers (三农).
  package var isAgricultural = false
  /// What the loan is for; empty where it was not given.
  package var purpose = ""
  package var endedOn: BusinessDate?
  package var remark = ""
  package var claim: Claim?
  package var citations: [Citation]
  /// Numbers of the ledger transfers it caused; the first is the reservation.
  package var transfers: [Int64]
  package var updateTime: Instant
  package var revision: Int64 = 1

  package init(
    id: String, facility: String, pool: String, currency: Currency, journey: String, borrower: String, lender: String,
    reservedOn: BusinessDate, createTime: Instant, state: GuaranteeState, principal: Int64, guaranteedAmount: Int64,
    feeRate: Rate, householdTotal: Int64, expiresOn: BusinessDate, maturesOn: BusinessDate, citations: [Citation],
    transfers: [Int64]
  ) {
    self.id = id
    self.facility = facility
    self.pool = pool
    self.currency = currency
    self.journey = journey
    self.borrower = borrower
    self.lender = lender
    self.reservedOn = reservedOn
    self.createTime = createTime
    self.state = state
    self.principal = principal
    self.guaranteedAmount = guaranteedAmount
    self.feeRate = feeRate
    self.householdTotal = householdTotal
    self.expiresOn = expiresOn
    self.maturesOn = maturesOn
    self.citations = citations
    self.transfers = transfers
    updateTime = createTime
  }

  package var name: String { "guarantees/\(id)" }

  /// The bank's own part of the principal.
  package var bankPart: Int64 { principal - guaranteedAmount }

  func money(_ minorUnits: Int64) -> Money { Money(minorUnits, currency) }

  /// - Throws: `STATE_CONFLICT` naming both states.
  mutating func step(to next: GuaranteeState, at now: Instant) throws(DomainError) {
    guard state.next.contains(next) else {
      throw DomainError(
        .stateConflict, "\(name) is \(state) and cannot become \(next)",
        metadata: ["resource": name, "state": "\(state)", "wanted": "\(next)"])
    }
    state = next
    updateTime = now
    revision += 1
  }

  /// - Throws: `INVALID_ARGUMENT` when a step is dated before the one it follows.
  func requireOrder(_ date: BusinessDate, after earlier: BusinessDate?, field: String = "business_date")
    throws(DomainError)
  {
    if let earlier, date < earlier {
      throw .invalid(field, "\(date) lies before \(earlier), the day of the step it follows")
    }
  }
}
