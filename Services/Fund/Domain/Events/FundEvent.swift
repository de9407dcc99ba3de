package import Kernel

/// Something that happened in the fund, as followers learn of it.
package struct FundEvent: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    case poolCreated = "pool.created"
    case poolDayEnd = "pool.day_end"
    case facilityOpened = "facility.opened"
    case breakerTripped = "facility.breaker_tripped"
    case breakerReset = "facility.breaker_reset"
    case guaranteeReserved = "guarantee.reserved"
    case guaranteeCommitted = "guarantee.committed"
    case guaranteeVoided = "guarantee.voided"
    case guaranteeExpired = "guarantee.expired"
    case guaranteeReleased = "guarantee.released"
    case guaranteeClaimed = "guarantee.claimed"
    case claimRejected = "guarantee.claim_rejected"
    case guaranteeCompensated = "guarantee.compensated"
    case guaranteeRecovered = "guarantee.recovered"
    case guaranteeWrittenOff = "guarantee.written_off"
    case guaranteeImported = "guarantee.imported"
    case bridgeApplied = "bridge.applied"
    case renewalCommitted = "bridge.renewal_committed"
    case bridgeUseChecked = "bridge.use_checked"
    case bridgeApproved = "bridge.approved"
    case bridgeDeclined = "bridge.declined"
    case bridgeDisbursed = "bridge.disbursed"
    case bridgeRepaid = "bridge.repaid"
    case bridgeOverdue = "bridge.overdue"
    case bridgeQueued = "bridge.queued"
    case bridgeExtended = "bridge.extended"
    case bridgeRenewed = "bridge.renewed"
    case bridgeRenewalRefused = "bridge.renewal_refused"
    case programmeSuspended = "bridge.programme_suspended"
    case programmeResumed = "bridge.programme_resumed"
    case guaranteeChanged = "guarantee.changed"
    case ledgerReversed = "ledger.reversed"
    case decisionProposed = "decision.proposed"
    case decisionWithdrawn = "decision.withdrawn"
    case limitChanged = "ledger.limit_changed"
    case periodClosed = "ledger.period_closed"
    case partyPaid = "ledger.party_paid"
    case applicationSubmitted = "application.submitted"
    case applicationApproved = "application.approved"
    case applicationDeclined = "application.declined"
    case compensationOpened = "compensation.opened"
    case compensationCovered = "compensation.covered"
    case compensationClaimed = "compensation.claimed"
    case compensationPaid = "compensation.paid"
    case compensationRejected = "compensation.rejected"
    case compensationRecovered = "compensation.recovered"
    case subsidyOpened = "subsidy.opened"
    case subsidyApplied = "subsidy.applied"
    case subsidyAllocated = "subsidy.allocated"
    case subsidyPaid = "subsidy.paid"
    case subsidyRejected = "subsidy.rejected"
    case renewalListed = "renewal.listed"
    case renewalRemoved = "renewal.removed"
    case renewalApplied = "renewal.applied"
    case renewalDecided = "renewal.decided"
    case renewalDeferred = "renewal.deferred"
    case statementImported = "reconciliation.imported"
    case resolutionProposed = "reconciliation.proposed"
    case resolutionDone = "reconciliation.resolved"
  }

  package let kind: Kind
  /// Resource name of what it happened to.
  package let subject: String
  /// Id of the pool.
  package let pool: String
  package let businessDate: BusinessDate
  package let facts: Facts

  package init(_ kind: Kind, subject: String, pool: String, on businessDate: BusinessDate, _ facts: Facts) {
    self.kind = kind
    self.subject = subject
    self.pool = pool
    self.businessDate = businessDate
    self.facts = facts
  }

  package enum Facts: Sendable, Hashable, Codable {
    case none
    case guarantee(GuaranteeFacts)
    case bridgeLoan(BridgeFacts)
    case facility(FacilityFacts)
    case bookRow(BookRowFacts)
    case record(RecordFacts)
  }
}

/// A step of any other resource.
package struct RecordFacts: Sendable, Hashable, Codable {
  /// The state after the step, in lower-case words.
  package let state: String
  package let party: String
  package let currency: Currency?
  package let amount: Int64

  init(state: String, party: String, amount: Money?) {
    self.state = state
    self.party = party
    currency = amount?.currency
    self.amount = amount?.minorUnits ?? 0
  }
}

package struct GuaranteeFacts: Sendable, Hashable, Codable {
  package let facility: String
  package let state: GuaranteeState
  package let journey: String
  package let borrower: String
  package let lender: String
  package let currency: Currency
  package let principal: Int64
  package let guaranteed: Int64
  /// The step's own amount.
  package let amount: Int64

  init(_ guarantee: Guarantee, amount: Int64) {
    facility = guarantee.facility
    state = guarantee.state
    journey = guarantee.journey
    borrower = guarantee.borrower
    lender = guarantee.lender
    currency = guarantee.currency
    principal = guarantee.principal
    guaranteed = guarantee.guaranteedAmount
    self.amount = amount
  }
}

package struct BridgeFacts: Sendable, Hashable, Codable {
  package let programme: String
  package let state: BridgeLoanState
  package let journey: String
  package let borrower: String
  package let bank: String
  package let currency: Currency
  package let amount: Int64
  package let fee: Int64

  init(_ loan: BridgeLoan) {
    programme = loan.programme
    state = loan.state
    journey = loan.journey
    borrower = loan.borrower
    bank = loan.bank
    currency = loan.currency
    amount = loan.amount
    fee = loan.fee
  }
}

package struct FacilityFacts: Sendable, Hashable, Codable {
  package let bank: String
  package let breaker: BreakerState
  package let claimRatePPM: Int64?

  init(_ facility: Facility, claimRate: Rate? = nil) {
    bank = facility.bank
    breaker = facility.breaker
    claimRatePPM = claimRate?.ppm
  }
}

package struct BookRowFacts: Sendable, Hashable, Codable {
  package let facility: String
  package let currency: Currency
  package let loanNumber: String
  package let lender: String
  package let approvedOn: BusinessDate?
  package let grossApproval: Int64
  package let guaranteed: Int64
  package let disbursedOn: BusinessDate?
  package let disbursed: Int64
  package let termMonths: Int
  package let outcome: BookOutcome
  package let chargedOffOn: BusinessDate?
  package let chargedOff: Int64
  package let disposition: BookDisposition
  package let paid: Int64

  init(_ record: BookRecord, currency: Currency) {
    facility = record.facility
    self.currency = currency
    loanNumber = record.row.loanNumber
    lender = record.row.lender
    approvedOn = record.row.approvedOn
    grossApproval = record.row.grossApproval
    guaranteed = record.row.guaranteed
    disbursedOn = record.row.disbursedOn
    disbursed = record.row.disbursed
    termMonths = record.row.termMonths
    outcome = record.row.outcome
    chargedOffOn = record.row.chargedOffOn
    chargedOff = record.row.chargedOff
    disposition = record.disposition
    paid = record.paid
  }
}
