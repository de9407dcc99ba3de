import Kernel

/// RFC 4180 with the header `date,amount,reference,counterparty,line_id`; a first row with the reference `opening` and a
/// last one with `closing` give the balances.
enum StatementCSV {
  private static let header = ["date", "amount", "reference", "counterparty", "line_id"]

  static func parse(_ text: String) throws(DomainError) -> ParsedStatement {
    var rows = try records(text)
    guard !rows.isEmpty, rows.removeFirst() == header else {
      throw ParsedStatement.refused("the first line must be \"\(header.joined(separator: ","))\"")
    }
    var statement = ParsedStatement()
    for (index, row) in rows.enumerated() {
      let number = index + 2
      guard row.count == header.count else {
        throw ParsedStatement.refused("line \(number) has \(row.count) fields, not \(header.count)")
      }
      let amount = try ParsedStatement.minorUnits(row[1], line: number)
      if index == 0 && row[2] == "opening" {
        statement.opening = amount
      } else if index == rows.count - 1 && row[2] == "closing" {
        statement.closing = amount
      } else {
        statement.lines.append(try line(row, amount, number))
      }
    }
    return statement
  }

  private static func line(_ row: [String], _ amount: Int64, _ number: Int) throws(DomainError) -> ParsedStatement.Line
  {
    if amount == 0 { throw ParsedStatement.refused("line \(number) moves nothing") }
    let date: BusinessDate
    do {
      date = try BusinessDate(iso: row[0])
    } catch {
      throw ParsedStatement.refused("line \(number): \"\(row[0].prefix(32))\" is no date")
    }
    return ParsedStatement.Line(
      bookedOn: date, amount: amount,
      reference: try ParsedStatement.text(row[2], "reference", ParsedStatement.referenceLength, line: number),
      counterparty: try ParsedStatement.text(
        row[3], "counterparty", ParsedStatement.counterpartyLength, line: number),
      bankID: try ParsedStatement.text(row[4], "line_id", ParsedStatement.bankIDLength, line: number))
  }

  private static func records(_ text: String) throws(DomainError) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuote = false
    func take() {
      row.append(String(decoding: field, as: UTF8.self))
      field.removeAll()
    }
    func endRow() {
      take()
      if row != [""] { rows.append(row) }
      row.removeAll()
    }
    for byte in text.utf8 {
      if isQuoted && byte != UInt8(ascii: "\"") {
        field.append(byte)
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        // A doubled quote inside quotes stands for one.
        if !isQuoted && wasQuote { field.append(byte) }
        isQuoted.toggle()
        wasQuote = !isQuoted
        continue
      case UInt8(ascii: ","): take()
      case UInt8(ascii: "\n"): endRow()
      case UInt8(ascii: "\r"): break
      default: field.append(byte)
      }
      wasQuote = false
    }
    if isQuoted { throw ParsedStatement.refused("the statement ends inside a quoted field") }
    if !field.isEmpty || !row.isEmpty { endRow() }
    return rows
  }
}
