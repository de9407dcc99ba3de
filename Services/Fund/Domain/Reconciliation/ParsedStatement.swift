package import Kernel

/// Format of a statement.
package enum StatementFormat: Int64, Sendable, Hashable, CaseIterable {
  case csv = 1
  case camt053 = 2
}

/// A statement as read, before it is matched. Amounts in minor units; positive came in.
package struct ParsedStatement: Sendable, Hashable {
  package struct Line: Sendable, Hashable {
    package var bookedOn: BusinessDate
    package var amount: Int64
    package var reference: String
    package var counterparty: String
    package var bankID: String
  }

  package static let maximumBytes = 1 << 20
  package static let maximumLines = 5000

  package var currency: Currency?
  package var opening: Int64?
  package var closing: Int64?
  package var lines: [Line] = []
  /// Entries that the bank shows and has not booked: they make no lines.
  package var notBooked: Int64 = 0

  static let referenceLength = 256
  static let counterpartyLength = 128
  static let bankIDLength = 64

  /// - Throws: `DATA_REFUSED` naming the line; `BATCH_TOO_LARGE`.
  package static func parse(_ content: [UInt8], as format: StatementFormat) throws(DomainError) -> ParsedStatement {
    guard content.count <= maximumBytes else {
      throw DomainError(.batchTooLarge, "a statement has at most \(maximumBytes) bytes", field: "content")
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw refused("the statement is no UTF-8") }
    let statement =
      switch format {
      case .csv: try StatementCSV.parse(text)
      case .camt053: try StatementCamt053.parse(text)
      }
    if statement.lines.count > maximumLines {
      throw DomainError(.batchTooLarge, "a statement has at most \(maximumLines) lines", field: "content")
    }
    try statement.requireBalance()
    return statement
  }

  /// Opening balance and lines make the closing balance, or a line is missing.
  private func requireBalance() throws(DomainError) {
    guard let opening, let closing else { return }
    let sum = lines.reduce(Int128(opening)) { $0 + Int128($1.amount) }
    if sum != Int128(closing) {
      throw Self.refused("the lines make a closing balance of \(sum), not of \(closing)")
    }
  }

  /// A text whole or not at all: a name that is cut could match another.
  static func text(_ text: String, _ name: String, _ longest: Int, line: Int) throws(DomainError) -> String {
    if text.count > longest {
      throw refused("line \(line): the \(name) has \(text.count) characters, at most \(longest) are kept")
    }
    return text
  }

  static func refused(_ message: String) -> DomainError { DomainError(.dataRefused, message, field: "content") }

  /// `1234.5`, `-1,234.50` or `100` as minor units; at most two decimals, exactly.
  static func minorUnits(_ text: String, line: Int) throws(DomainError) -> Int64 {
    var isNegative = false
    var digits: Int64 = 0
    var decimals = -1
    var seen = false
    for (index, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where index == 0: isNegative = true
      case UInt8(ascii: "+") where index == 0: break
      case UInt8(ascii: ",") where decimals < 0 && seen: break
      case UInt8(ascii: ".") where decimals < 0 && seen: decimals = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        seen = true
        if decimals >= 0 { decimals += 1 }
        let (shifted, overflow) = digits.multipliedReportingOverflow(by: 10)
        guard !overflow, decimals <= 2, shifted < FundLimits.amountMinorUnits else {
          throw refused("line \(line): \"\(text.prefix(32))\" is no amount with at most two decimals")
        }
        digits = shifted + Int64(byte - UInt8(ascii: "0"))
      default: throw refused("line \(line): \"\(text.prefix(32))\" is no amount")
      }
    }
    guard seen, decimals != 0 else { throw refused("line \(line): \"\(text.prefix(32))\" is no amount") }
    for _ in max(0, decimals)..<2 { digits *= 10 }
    return isNegative ? -digits : digits
  }
}
