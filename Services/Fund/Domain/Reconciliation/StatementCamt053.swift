import Kernel

/// ISO 20022 camt.053 (BankToCustomerStatement): balances OPBD and CLBD, and one line an entry (`Ntry`).
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
    for entry in statement.children where entry.name == "Ntry" { parsed.lines += [try line(entry, &parsed.currency)] }
    return parsed
  }

  private static func line(_ entry: XMLElement, _ currency: inout Currency?) throws(DomainError) -> ParsedStatement.Line
  {
    guard let day = entry.text("BookgDt", "Dt") ?? entry.text("BookgDt", "DtTm").map({ String($0.prefix(10)) }) else {
      throw ParsedStatement.refused("line \(entry.line): an entry has no booking date")
    }
    let date: BusinessDate
    do {
      date = try BusinessDate(iso: day)
    } catch {
      throw ParsedStatement.refused("line \(entry.line): \"\(day.prefix(32))\" is no date")
    }
    let amount = try amount(of: entry, &currency)
    if amount == 0 { throw ParsedStatement.refused("line \(entry.line): an entry moves nothing") }
    let details = entry.child("NtryDtls")?.child("TxDtls")
    let end = details?.text("Refs", "EndToEndId").flatMap { $0 == "NOTPROVIDED" ? nil : $0 }
    let remittance = details?.text("RmtInf", "Ustrd")
    let parties = details?.child("RltdPties")
    let counterparty =
      amount > 0
      ? parties?.text("Dbtr", "Nm") ?? parties?.text("Dbtr", "Pty", "Nm")
      : parties?.text("Cdtr", "Nm") ?? parties?.text("Cdtr", "Pty", "Nm")
    let reference = [end, remittance ?? entry.text("AddtlNtryInf")].compactMap { $0 }.joined(separator: " ")
    return ParsedStatement.Line(
      bookedOn: date, amount: amount, reference: String(reference.prefix(256)),
      counterparty: String((counterparty ?? "").prefix(128)),
      bankID: String((entry.text("AcctSvcrRef") ?? entry.text("NtryRef") ?? "").prefix(64)))
  }

  /// `Amt` with its currency, negative for debits (`DBIT`).
  private static func amount(of element: XMLElement, _ currency: inout Currency?) throws(DomainError) -> Int64 {
    guard let amount = element.child("Amt") else {
      throw ParsedStatement.refused("line \(element.line): \(element.name) has no Amt")
    }
    let stated = try Currency(amount.attributes["Ccy"] ?? "", field: "content")
    if let known = currency, known != stated {
      throw ParsedStatement.refused("line \(amount.line): the statement is in \(known), an amount in \(stated)")
    }
    currency = stated
    let minorUnits = try ParsedStatement.minorUnits(amount.content, line: amount.line)
    switch element.text("CdtDbtInd") {
    case "CRDT": return minorUnits
    case "DBIT": return -minorUnits
    default: throw ParsedStatement.refused("line \(element.line): \(element.name) is neither CRDT nor DBIT")
    }
  }
}
