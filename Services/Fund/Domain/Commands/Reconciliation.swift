package import Kernel

/// Reads a statement and matches its lines. A statement is imported once.
package struct ImportStatement: FundCommand {
  package var pool: String
  package var statementID: String
  package var format: StatementFormat
  package var content: [UInt8]
  package var businessDate: BusinessDate

  package init(
    pool: String, statementID: String, format: StatementFormat, content: [UInt8], businessDate: BusinessDate
  ) {
    self.pool = pool
    self.statementID = statementID
    self.format = format
    self.content = content
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BankStatement {
    try Field.id(statementID, "statement_id", 40)
    let pool = try fund.pool(pool)
    let id = "\(pool.id).\(statementID)"
    try fund.requireNew(BankStatement.self, id, in: "bankStatements")
    let parsed = try ParsedStatement.parse(content, as: format)
    if let currency = parsed.currency, currency != pool.currency {
      throw DomainError(
        .currencyMismatch, "the statement is in \(currency), \(pool.name) in \(pool.currency)", field: "content")
    }
    try follow(parsed, id, pool, fund)
    var matcher = StatementMatcher(try candidates(parsed, pool, fund))
    let verdicts = matcher.verdicts(parsed.lines)
    var matched: Int64 = 0
    for (index, line) in parsed.lines.enumerated() {
      var record = record(of: line, id: "\(id).\(NumberedID.make(Int64(index) + 1).suffix(4))", id, pool, context)
      switch verdicts[index] {
      case .match(let transfer, let explanation):
        (record.state, record.transfer, record.explanation) = (.matched, transfer, explanation)
        fund.save(CashMatch(transfer: transfer, pool: pool.id, line: record.id))
        matched += 1
      case .exception(let explanation): record.explanation = explanation
      }
      fund.save(record)
    }
    let statement = BankStatement(
      id: id, pool: pool.id, statementID: statementID, currency: pool.currency, opening: parsed.opening,
      closing: parsed.closing, lines: Int64(parsed.lines.count), matched: matched, importedOn: businessDate,
      notBooked: parsed.notBooked,
      stamp: RecordStamp(context.now))
    fund.save(statement)
    fund.emit(.statementImported, "bankStatements/\(id)", pool: pool.id, state: "imported", on: businessDate)
    return statement
  }

  /// A statement opens with what the one before it closed with, or one is missing.
  /// - Throws: `DATA_REFUSED`.
  private func follow(_ parsed: ParsedStatement, _ id: String, _ pool: Pool, _ fund: FundTransaction) throws {
    guard let first = parsed.lines.map(\.bookedOn).min(), let last = parsed.lines.map(\.bookedOn).max() else { return }
    let head = try fund.recordIfAny(StatementHead.self, pool.id)
    if let head, let opening = parsed.opening, let closing = head.closing, first >= head.lastDay, opening != closing {
      throw DomainError(
        .dataRefused,
        "the statement opens with \(opening), bankStatements/\(head.statement) closed with \(closing): one between is missing",
        field: "content", metadata: ["statement": "bankStatements/\(head.statement)"])
    }
    if let head, last < head.lastDay { return }
    fund.save(StatementHead(pool: pool.id, statement: id, closing: parsed.closing, lastDay: last))
  }

  private func candidates(
    _ parsed: ParsedStatement, _ pool: Pool, _ fund: FundTransaction
  ) throws -> [CashMovement] {
    guard let first = parsed.lines.map(\.bookedOn).min(), let last = parsed.lines.map(\.bookedOn).max() else {
      return []
    }
    return try fund.cashMovements(
      pool: pool.id, from: first.adding(days: -StatementMatcher.window),
      through: last.adding(days: StatementMatcher.window))
  }

  private func record(
    of line: ParsedStatement.Line, id: String, _ statement: String, _ pool: Pool, _ context: DecisionContext
  ) -> StatementLine {
    StatementLine(
      id: id, pool: pool.id, statement: statement, currency: pool.currency, bookedOn: line.bookedOn,
      amount: line.amount, reference: line.reference, counterparty: line.counterparty, state: .exception, transfer: 0,
      explanation: "", resolution: nil, maker: nil, checker: nil, receipt: nil, stamp: RecordStamp(context.now))
  }
}

/// Proposes what to do with an exception, the maker's step. Another proposal takes the place of an earlier one.
package struct ProposeResolution: FundCommand {
  package var line: String
  package var resolution: ResolutionKind
  /// For a match; 0 otherwise.
  package var transfer: Int64
  package var note: String

  package init(line: String, resolution: ResolutionKind, transfer: Int64, note: String) {
    self.line = line
    self.resolution = resolution
    self.transfer = transfer
    self.note = note
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> StatementLine {
    try Field.text(note, "note", 1...FundLimits.reasonLength)
    var line = try fund.record(StatementLine.self, line, in: "statementLines")
    try requireOpen(line)
    if resolution == .receiptIdentified { line.receipt = line.receipt ?? line.transfer }
    if resolution == .match || resolution == .receiptIdentified {
      try fund.requireMatchable(transfer, to: line)
    } else if transfer != 0 {
      throw DomainError.invalid("transfer", "only a match names a transfer")
    }
    let comesIn = resolution == .unidentifiedReceipt
    let goesOut = resolution == .bankCharge || resolution == .receiptReturned
    if comesIn && line.amount < 0 || goesOut && line.amount > 0 {
      throw DomainError.invalid("resolution", "\(resolution) does not fit an amount of \(line.amount)")
    }
    line.resolution = resolution
    line.checker = nil
    line.transfer = transfer
    line.explanation = note
    line.maker = context.officer
    line.state = .proposed
    line.stamp.touch(context.now)
    fund.save(line)
    fund.emit(
      .resolutionProposed, line.name, pool: line.pool, state: "proposed", amount: Money(line.amount, line.currency),
      on: line.bookedOn)
    return line
  }
}

extension ProposeResolution {
  /// Exceptions are open; so is a receipt that was kept as unidentified, for being identified and for nothing else.
  private func requireOpen(_ line: StatementLine) throws(DomainError) {
    let isKept = line.state == .resolved && line.resolution == .unidentifiedReceipt
    let isBeingIdentified = line.state == .proposed && line.receipt != nil
    let isOpen = line.state == .exception || line.state == .proposed
    if resolution == .receiptIdentified ? isKept || isBeingIdentified : isOpen && !isBeingIdentified { return }
    throw DomainError(
      .stateConflict, "\(line.name) is \(line.state) and takes no \(resolution)",
      metadata: ["state": "\(line.state)", "resolution": "\(resolution)"])
  }
}

/// Carries a proposal out, the checker's step.
package struct ApproveResolution: FundCommand {
  package var line: String
  package var businessDate: BusinessDate

  package init(line: String, businessDate: BusinessDate) {
    self.line = line
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> StatementLine {
    var line = try fund.record(StatementLine.self, line, in: "statementLines")
    guard line.state == .proposed, let maker = line.maker, let resolution = line.resolution else {
      throw DomainError(.stateConflict, "\(line.name) is \(line.state)", metadata: ["state": "\(line.state)"])
    }
    try fund.control(
      .resolution,
      ControlledCase(
        subject: line.name, pool: line.pool, hands: [maker],
        terms: DecisionTerms(amount: Money(line.amount, line.currency)), date: businessDate), context)
    switch resolution {
    case .match: try fund.requireMatchable(line.transfer, to: line)
    case .unidentifiedReceipt:
      try post(
        &line, .unidentifiedReceipt, debit: ChartOfAccounts.cash, credit: ChartOfAccounts.suspense, fund, context)
    case .bankCharge:
      try post(&line, .bankCharge, debit: ChartOfAccounts.bankCharge, credit: ChartOfAccounts.cash, fund, context)
    case .receiptReturned:
      try post(&line, .receiptReturn, debit: ChartOfAccounts.suspense, credit: ChartOfAccounts.cash, fund, context)
    case .disregard: break
    case .receiptIdentified: try identify(line, fund)
    }
    if line.transfer != 0 { fund.save(CashMatch(transfer: line.transfer, pool: line.pool, line: line.id)) }
    line.state = .resolved
    line.checker = context.officer
    line.stamp.touch(context.now)
    fund.save(line)
    fund.emit(
      .resolutionDone, line.name, pool: line.pool, state: "resolved", amount: Money(line.amount, line.currency),
      on: businessDate)
    return line
  }

  /// What was kept as unidentified goes out of cash and suspense again: the product's own transfer took the same money in.
  private func identify(_ line: StatementLine, _ fund: FundTransaction) throws {
    try fund.requireMatchable(line.transfer, to: line)
    let left = try fund.ledger.post(
      Postings(pool: line.pool, reference: line.name, on: businessDate)
        .single(.receiptIdentified, debit: ChartOfAccounts.suspense, credit: ChartOfAccounts.cash, line.amount))
    // No statement shows it, as none showed the money twice.
    fund.save(CashMatch(transfer: left.number, pool: line.pool, line: line.id))
  }

  private func post(
    _ line: inout StatementLine, _ template: PostingTemplate, debit: String, credit: String, _ fund: FundTransaction,
    _ context: DecisionContext
  ) throws {
    for code in [debit, credit] {
      try fund.ledger.openOnDemand(code, pool: line.pool, currency: line.currency, at: context.now)
    }
    let transfer = try fund.ledger.post(
      Postings(pool: line.pool, reference: line.name, on: businessDate)
        .single(template, debit: debit, credit: credit, abs(line.amount)))
    line.transfer = transfer.number
  }
}

extension FundTransaction {
  /// - Throws: unless the transfer moved the pool's cash by the line's amount and belongs to no line yet.
  func requireMatchable(_ number: Int64, to line: StatementLine) throws {
    guard let transfer = try ledger.transfer(number: number), transfer.pool == line.pool, transfer.phase.posts,
      let cash = try ledger.account(id: AccountID.make(pool: line.pool, code: ChartOfAccounts.cash)),
      transfer.legs.contains(where: { $0.account == cash.number && $0.amount == line.amount })
    else {
      throw DomainError.invalid("transfer", "transfer \(number) did not move the pool's cash by \(line.amount)")
    }
    if let match = try recordIfAny(CashMatch.self, NumberedID.make(number)) {
      throw DomainError(
        .stateConflict, "transfer \(number) belongs to statementLines/\(match.line)", field: "transfer",
        metadata: ["line": "statementLines/\(match.line)"])
    }
  }
}
