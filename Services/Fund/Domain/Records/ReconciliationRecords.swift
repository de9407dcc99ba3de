package import Kernel

/// A bank statement as imported.
package struct BankStatement: FundRecord {
  package static let kind = RecordKind.bankStatement
  package let id: String
  package let pool: String
  package let statementID: String
  package let currency: Currency
  package let opening: Int64?
  package let closing: Int64?
  package let lines: Int64
  package let matched: Int64
  package let importedOn: BusinessDate
  /// Entries that the bank had not booked; nil before they were counted.
  package let notBooked: Int64?
  package let stamp: RecordStamp

  package var owner: String { pool }
  package var exceptions: Int64 { lines - matched }
}

/// Where a line stands. Legal steps: exception → proposed → resolved, and proposed → proposed by another proposal; a line
/// resolved as an unidentified receipt → proposed → resolved once more, when the receipt is identified.
package enum StatementLineState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case matched = 1
  case exception = 2
  case proposed = 3
  case resolved = 4
}

package enum ResolutionKind: Int64, Sendable, Hashable, CaseIterable, Codable {
  case match = 1
  case unidentifiedReceipt = 2
  case bankCharge = 3
  case receiptReturned = 4
  case disregard = 5
  case receiptIdentified = 6
}

/// A line of a statement, minor units; positive came in.
package struct StatementLine: FundRecord {
  package static let kind = RecordKind.statementLine
  package let id: String
  package let pool: String
  package let statement: String
  package let currency: Currency
  package let bookedOn: BusinessDate
  package let amount: Int64
  package let reference: String
  package let counterparty: String
  package var state: StatementLineState
  package var transfer: Int64
  package var explanation: String
  package var resolution: ResolutionKind?
  package var maker: Officer?
  package var checker: Officer?
  /// Number of the transfer that kept the money as unidentified; nil unless it is identified or that is proposed.
  package var receipt: Int64?
  package var stamp: RecordStamp

  package var owner: String { statement }
  package var stateCode: Int64 { state.rawValue }
  package var name: String { "statementLines/\(id)" }
}

/// A movement of cash that a statement line belongs to; its id is the transfer's number, so that none is matched twice.
package struct CashMatch: FundRecord {
  package static let kind = RecordKind.cashMatch
  package let transfer: Int64
  package let pool: String
  package let line: String

  package var id: String { Self.id(of: transfer) }
  package var owner: String { pool }
  package static func id(of transfer: Int64) -> String { NumberedID.make(transfer) }
}

/// Where a pool's statements have come to: the next one goes on from there.
package struct StatementHead: FundRecord {
  package static let kind = RecordKind.statementHead
  package let pool: String
  /// Id of the latest statement by its days.
  package let statement: String
  package let closing: Int64?
  /// Latest booking date of its lines.
  package let lastDay: BusinessDate

  package var id: String { pool }
  package var owner: String { pool }
}
