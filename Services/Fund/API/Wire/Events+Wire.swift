import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_FundEvent {
  init(_ recorded: RecordedFundEvent) {
    self.init()
    let event = recorded.event
    header = .with {
      $0.sequence = recorded.sequence
      $0.commitTimeMicros = recorded.commitTime.microseconds
      $0.type = event.kind.rawValue
      $0.subject = event.subject
      $0.actor = recorded.actor
      $0.hash = .init(recorded.hash)
    }
    pool = event.pool.isEmpty ? "" : "pools/\(event.pool)"
    businessDate = .init(event.businessDate)
    switch event.facts {
    case .none: break
    case .guarantee(let facts): guarantee = .init(facts, subject: event.subject)
    case .bridgeLoan(let facts): bridgeLoan = .init(facts, subject: event.subject)
    case .facility(let facts): facility = .init(facts, subject: event.subject)
    case .bookRow(let facts): bookRow = .init(facts, subject: event.subject)
    case .record(let facts): record = .init(facts, subject: event.subject)
    }
  }
}

extension Huirong_Fund_V1_GuaranteeEvent {
  init(_ facts: GuaranteeFacts, subject: String) {
    self.init()
    guarantee = subject
    facility = "facilities/\(facts.facility)"
    state = .init(code: facts.state)
    journey = facts.journey
    borrower = facts.borrower
    lender = facts.lender
    principal = .init(facts.principal, facts.currency)
    guaranteedAmount = .init(facts.guaranteed, facts.currency)
    amount = .init(facts.amount, facts.currency)
  }
}

extension Huirong_Fund_V1_BridgeLoanEvent {
  init(_ facts: BridgeFacts, subject: String) {
    self.init()
    bridgeLoan = subject
    programme = "bridgeProgrammes/\(facts.programme)"
    state = .init(code: facts.state)
    journey = facts.journey
    borrower = facts.borrower
    bank = facts.bank
    amount = .init(facts.amount, facts.currency)
    fee = .init(facts.fee, facts.currency)
  }
}

extension Huirong_Fund_V1_FacilityEvent {
  init(_ facts: FacilityFacts, subject: String) {
    self.init()
    facility = subject
    breaker = .init(code: facts.breaker)
    bank = facts.bank
    if let ppm = facts.claimRatePPM { claimRate = .init(Rate(ppm: ppm)) }
  }
}

extension Huirong_Fund_V1_RecordEvent {
  init(_ facts: RecordFacts, subject: String) {
    self.init()
    name = subject
    state = facts.state
    party = facts.party
    if let currency = facts.currency { amount = .init(facts.amount, currency) }
  }
}

extension Huirong_Fund_V1_BookRowEvent {
  init(_ facts: BookRowFacts, subject: String) {
    self.init()
    facility = "facilities/\(facts.facility)"
    guarantee = subject.hasPrefix("guarantees/") ? subject : ""
    row = .with {
      $0.loanNumber = facts.loanNumber
      $0.lender = facts.lender
      if let date = facts.approvedOn { $0.approvedOn = .init(date) }
      $0.grossApprovalMinor = facts.grossApproval
      $0.guaranteedMinor = facts.guaranteed
      if let date = facts.disbursedOn { $0.disbursedOn = .init(date) }
      $0.disbursedMinor = facts.disbursed
      $0.termMonths = Int32(facts.termMonths)
      $0.outcome = .init(code: facts.outcome)
      if let date = facts.chargedOffOn { $0.chargedOffOn = .init(date) }
      $0.chargedOffMinor = facts.chargedOff
    }
    disposition = .init(code: facts.disposition)
    paidMinor = facts.paid
    currencyCode = facts.currency.code
  }
}
