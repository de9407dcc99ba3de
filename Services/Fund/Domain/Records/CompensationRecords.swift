package import Kernel

/// Terms under which losses are compensated.
package struct CompensationScheme: FundRecord {
  package static let kind = RecordKind.compensationScheme
  package let id: String
  package let pool: String
  package let currency: Currency
  package let displayName: String
  package let product: String
  package let explicitRatio: Rate?
  package let paysProvincialReward: Bool
  package let firmCap: Int64?
  package let poolCap: Int64
  package let stopLoss: Rate?
  /// Days after its disbursement within which a loan is registered; nil where only the packs say.
  package let registrationDays: Int64?
  package let citations: [Citation]
  package var registered: Int64
  package var stamp: RecordStamp

  package var owner: String { pool }
  package var name: String { "compensationSchemes/\(id)" }
}

/// A scheme's figures of the loans registered in one calendar year, minor units.
package struct SchemeYear: FundRecord {
  package static let kind = RecordKind.schemeYear
  package let scheme: String
  package let year: Int
  package var registered: Int64
  /// Claimed and paid, not reduced by recoveries: what the stop-loss bounds.
  package var committed: Int64

  package var id: String { Self.id(scheme, year) }
  package var owner: String { scheme }
  static func id(_ scheme: String, _ year: Int) -> String { "\(scheme).\(year)" }
}

/// Where a registered loan stands. Legal steps: registered → claimed → compensated | registered (rejected).
package enum CoverState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case registered = 1
  case claimed = 2
  case compensated = 3
}

/// How a compensation was worked out, minor units.
package struct CompensationWork: Sendable, Hashable, Codable {
  package enum Bound: String, Sendable, Hashable, Codable {
    case ratio
    case bankShare = "bank_share"
    case firmCap = "firm_cap"
    case poolCap = "pool_cap"
    case stopLoss = "stop_loss"
  }

  /// What a guarantee bears of the same loan, and what says that it is the same.
  package struct Guaranteed: Sendable, Hashable, Codable {
    /// Resource name.
    package let guarantee: String
    package let evidence: String
    package let borne: Int64
  }

  package var principal: Int64
  package var guaranteed: Int64 = 0
  package var guarantees: [Guaranteed]?
  package var beyondCap: Int64 = 0
  package var eligible: Int64 = 0
  package var ratio: Rate = .zero
  package var compensation: Int64 = 0
  package var reward: Int64 = 0
  package var boundedBy = Bound.ratio

  package var payout: Int64 { compensation + reward }
  package var bank: Int64 { eligible - payout }
}

/// A loan registered under a scheme at its origination.
package struct Cover: FundRecord {
  package static let kind = RecordKind.cover
  package let id: String
  package let scheme: String
  package let pool: String
  package let currency: Currency
  package let bank: String
  package let borrower: String
  package let loanNumber: String
  /// Number of the loan contract, where it was given.
  package let contract: String?
  package let principal: Int64
  package let disbursedOn: BusinessDate
  package let maturesOn: BusinessDate
  /// Business date of the registration; nil for loans registered before it was kept.
  package let registeredOn: BusinessDate?
  /// Why the borrower is eligible, as the packs name it; nil where it was not given.
  package let eligibility: String?
  /// Whether the loan needs neither collateral nor guarantee; nil for loans registered before it was kept.
  package let isUnsecured: Bool?
  package var state: CoverState
  package var work: CompensationWork?
  package var maker: Officer?
  package var checker: Officer?
  package var evidence: [Evidence]
  package var claimedOn: BusinessDate?
  package var paidOn: BusinessDate?
  package var recovered: Int64
  package var returnedCompensation: Int64
  package var returnedReward: Int64
  package var citations: [Citation]
  package var transfers: [Int64]
  package var remark: String
  package var stamp: RecordStamp

  package var owner: String { scheme }
  package var party: String { borrower }
  package var stateCode: Int64 { state.rawValue }
  package var name: String { "covers/\(id)" }
  package var returned: Int64 { returnedCompensation + returnedReward }
  func money(_ minorUnits: Int64) -> Money { Money(minorUnits, currency) }

  /// A bank gives a number to one loan.
  static func id(bank: String, loanNumber: String) -> String { "\(bank)~\(loanNumber)" }
}
