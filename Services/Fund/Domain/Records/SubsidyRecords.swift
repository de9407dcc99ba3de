package import Kernel

package enum SubsidyKind: Int64, Sendable, Hashable, CaseIterable, Codable {
  case ipPledgeInterest = 1
  case loanInterest = 2
  case listing = 3
  case reform = 4
  case inclusiveIncrement = 5
}

package enum SubsidyAllocation: Int64, Sendable, Hashable, CaseIterable, Codable {
  case firstCome = 1
  case proRata = 2
}

/// A programme and its budget. The budget is the bound of the programme's account, so that the ledger itself refuses what
/// goes beyond it.
package struct SubsidyProgramme: FundRecord {
  package static let kind = RecordKind.subsidyProgramme
  package let id: String
  package let pool: String
  package let currency: Currency
  package let displayName: String
  package let subsidy: SubsidyKind
  package let allocation: SubsidyAllocation
  package let budget: Int64
  package let explicitRate: Rate?
  package let explicitCap: Int64?
  package let opensOn: BusinessDate
  package let closesOn: BusinessDate
  package var isAllocated: Bool
  /// Who shared a pro-rata budget out.
  package var allocator: Officer?
  package var stamp: RecordStamp

  package var owner: String { pool }
  package var name: String { "subsidyProgrammes/\(id)" }
}

/// Where an application stands. Legal steps: applied → paid | rejected.
package enum SubsidyState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case applied = 1
  case paid = 2
  case rejected = 3
}

package struct SubsidyApplication: FundRecord {
  package static let kind = RecordKind.subsidyApplication
  package let id: String
  package let programme: String
  package let pool: String
  package let currency: Currency
  package let beneficiary: String
  /// What the same beneficiary may get once, e.g. "patent" or "exchange.2"; empty for no such thing.
  package let topic: String
  package let stage: Int
  package let rate: Rate?
  package let uncapped: Int64
  package let amount: Int64
  package let maker: Officer
  package let evidence: [Evidence]
  package let appliedOn: BusinessDate
  package var granted: Int64
  package var state: SubsidyState
  package var checker: Officer?
  package var paidOn: BusinessDate?
  package var citations: [Citation]
  package var transfers: [Int64]
  package var remark: String
  package var stamp: RecordStamp

  package var owner: String { programme }
  package var party: String { beneficiary }
  package var stateCode: Int64 { state.rawValue }
  package var name: String { "subsidyApplications/\(id)" }
  func money(_ minorUnits: Int64) -> Money { Money(minorUnits, currency) }
}
