package import Kernel

/// A change of what limits an account.
package struct AccountLimitChange: FundRecord {
  package static let kind = RecordKind.accountLimitChange
  package let id: String
  package let pool: String
  /// `{pool}.{code}`
  package let account: String
  package let afterTransfer: Int64
  package let rule: Int64
  package let bound: Int64?
  package let reason: String
  package let officer: Officer
  package let businessDate: BusinessDate
  package let stamp: RecordStamp

  package var owner: String { account }
  package var limit: AccountLimit { AccountLimit(rawValue: rule) ?? .none }
}

/// Why a transfer is reversed.
package enum ReversalReason: Int64, Sendable, Hashable, CaseIterable, Codable {
  case wrongAccount = 1
  case wrongAmount, duplicate, notEffected, returned
}

/// Where a reversal stands. Legal step: proposed → posted.
package enum ReversalState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case proposed = 1
  case posted = 2
}

/// The reversal of a transfer; its id is the transfer's number, so that nothing is reversed twice.
package struct Reversal: FundRecord {
  package static let kind = RecordKind.reversal
  package let id: String
  package let pool: String
  package let transfer: Int64
  package let reason: ReversalReason
  package let note: String
  package let maker: Officer
  package var state: ReversalState
  package var checker: Officer?
  package var reversingTransfer: Int64
  package var businessDate: BusinessDate
  package var stamp: RecordStamp

  package var stateCode: Int64 { state.rawValue }
  package var name: String { "reversals/\(transfer)" }
}

/// The close of a pool's books through a day.
package struct PeriodClose: FundRecord {
  package static let kind = RecordKind.periodClose
  package let id: String
  package let pool: String
  package let through: BusinessDate
  package let debits: Int64
  package let credits: Int64
  package let lastTransfer: Int64
  package let officer: Officer
  package let stamp: RecordStamp

  package var owner: String { pool }
}
