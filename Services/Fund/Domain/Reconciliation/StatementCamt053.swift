import Kernel

/// ISO 20022 camt.053 (BankToCustomerStatement): balances OPBD and CLBD, and one line a transaction: an entry (`Ntry`), or
/// each of its `TxDtls` when it has several. Only what is booked makes lines.
enum StatementCamt053 {
  static func parse(_ text: String) throws(DomainError) -> ParsedStatement {
    let root = try XMLElement.parse(text)
    guard root.name == "Document", let report = root.child("BkToCstmrStmt") else {
      throw ParsedStatement.refused("the document is no camt.053")
    }
    let statements = report.children.filter { $0.name == "Stmt" }
    guard statements.count == 1, let statement = statements.first else {
      throw ParsedStatement.refused("one Stmt is expected, not \(statements.count)")
    }
    var parsed = ParsedStatement()
    for balance in statement.children where balance.name == "Bal" {
      switch balance.text("Tp", "CdOrPrtry", "Cd") {
      case "OPBD": parsed.opening = try amount(of: balance, &parsed.currency)
      case "CLBD": parsed.closing = try amount(of: balance, &parsed.currency)
      default: break
      }
    }
    for entry in statement.children where entry.name == "Ntry" {
      if try isBooked(entry) {
        parsed.lines += try lines(entry, &parsed.currency)
      } else {
        parsed.notBooked += 1
      }
    }
    return parsed
  }

  /// `Sts`, a code of its own in earlier versions and inside `Cd` in later ones: BOOK, PDNG (pending), INFO or FUTR.
  private static func isBooked(_ entry: XMLElement) throws(DomainError) -> Bool {
    guard let status = entry.text("Sts", "Cd") ?? entry.text("Sts") else {
      throw ParsedStatement.refused("line \(entry.line): an entry does not say whether it is booked (Sts)")
    }
    switch status {
    case "BOOK": return true
    case "PDNG", "INFO", "FUTR": return false
    default: throw ParsedStatement.refused("line \(entry.line): \"\(status.prefix(32))\" is no status of an entry")
    }
  }

  private static func lines(
    _ entry: XMLElement, _ currency: inout Currency?
  ) throws(DomainError) -> [ParsedStatement.Line] {
    let date = try bookingDate(entry)
    let total = try amount(of: entry, &currency)
    if total == 0 { throw ParsedStatement.refused("line \(entry.line): an entry moves nothing") }
    let details = entry.children.filter { $0.name == "NtryDtls" }.flatMap(\.children).filter { $0.name == "TxDtls" }
    if details.count < 2 { return [try line(entry, details.first, date, total)] }
    var lines: [ParsedStatement.Line] = []
    var sum: Int128 = 0
    for part in details {
      let moved = try partAmount(part, of: entry, &currency)
      if moved == 0 { throw ParsedStatement.refused("line \(part.line): a transaction moves nothing") }
      sum += Int128(moved)
      lines.append(try line(entry, part, date, moved))
    }
    if sum != Int128(total) {
      throw ParsedStatement.refused("line \(entry.line): the transactions make \(sum), the entry is \(total)")
    }
    return lines
  }

  /// The amount of one of several transactions, in its own direction or in the entry's.
  private static func partAmount(
    _ part: XMLElement, of entry: XMLElement, _ currency: inout Currency?
  ) throws(DomainError) -> Int64 {
    let holder = part.child("Amt") == nil ? part.child("AmtDtls")?.child("TxAmt") : part
    guard let holder, holder.child("Amt") != nil else {
      throw ParsedStatement.refused("line \(part.line): one of several transactions has no amount")
    }
    return try amount(
      of: holder, &currency, direction: part.text("CdtDbtInd") ?? entry.text("CdtDbtInd"))
  }

  private static func bookingDate(_ entry: XMLElement) throws(DomainError) -> BusinessDate {
    guard let day = entry.text("BookgDt", "Dt") ?? entry.text("BookgDt", "DtTm").map({ String($0.prefix(10)) }) else {
      throw ParsedStatement.refused("line \(entry.line): an entry has no booking date")
    }
    do {
      return try BusinessDate(iso: day)
    } catch {
      throw ParsedStatement.refused("line \(entry.line): \"\(day.prefix(32))\" is no date")
    }
  }

  private static func line(
    _ entry: XMLElement, _ details: XMLElement?, _ date: BusinessDate, _ amount: Int64
  ) throws(DomainError) -> ParsedStatement.Line {
    let end = details?.text("Refs", "EndToEndId").flatMap { $0 == "NOTPROVIDED" ? nil : $0 }
    let remittance = details?.text("RmtInf", "Ustrd")
    let parties = details?.child("RltdPties")
    let counterparty =
      amount > 0
      ? parties?.text("Dbtr", "Nm") ?? parties?.text("Dbtr", "Pty", "Nm")
      : parties?.text("Cdtr", "Nm") ?? parties?.text("Cdtr", "Pty", "Nm")
    let reference = [end, remittance ?? entry.text("AddtlNtryInf")].compactMap { $0 }.joined(separator: " ")
    let bankID = details?.text("Refs", "AcctSvcrRef") ?? entry.text("AcctSvcrRef") ?? entry.text("NtryRef") ?? ""
    return ParsedStatement.Line(
      bookedOn: date, amount: amount,
      reference: try ParsedStatement.text(reference, "reference", ParsedStatement.referenceLength, line: entry.line),
      counterparty: try ParsedStatement.text(
        counterparty ?? "", "counterparty", ParsedStatement.counterpartyLength, line: entry.line),
      bankID: try ParsedStatement.text(bankID, "servicer reference", ParsedStatement.bankIDLength, line: entry.line))
  }

  /// `Amt` with its currency, negative for debits (`DBIT`).
  private static func amount(
    of element: XMLElement, _ currency: inout Currency?, direction: String? = nil
  ) throws(DomainError) -> Int64 {
    guard let amount = element.child("Amt") else {
      throw ParsedStatement.refused("line \(element.line): \(element.name) has no Amt")
    }
    let stated = try Currency(amount.attributes["Ccy"] ?? "", field: "content")
    if let known = currency, known != stated {
      throw ParsedStatement.refused("line \(amount.line): the statement is in \(known), an amount in \(stated)")
    }
    currency = stated
    let minorUnits = try ParsedStatement.minorUnits(amount.content, line: amount.line)
    switch direction ?? element.text("CdtDbtInd") {
    case "CRDT": return minorUnits
    case "DBIT": return -minorUnits
    default: throw ParsedStatement.refused("line \(element.line): \(element.name) is neither CRDT nor DBIT")
    }
  }
}
