import FundDomain
import Kernel
import Testing

@Suite struct ReconciliationScenario {
  /// A pool of ¥1 M, a fee of 9 780.82 for guarantee g, and two equal payouts.
  private func fund() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool(capital: Fixture.yuan(10_000_000)))
    try fund.run(try Fixture.facility(feePPM: 10_000, explicitFeeCap: 20_000, claimCap: 1_000_000))
    for id in ["g", "h", "i"] {
      try fund.run(Fixture.reserve(id, borrower: id, principal: Fixture.yuan(id == "g" ? 1_000_000 : 500_000)))
      try fund.run(Fixture.commit(id))
    }
    for id in ["h", "i"] {
      try fund.run(Fixture.claim(id, principal: Fixture.yuan(500_000)), by: Fixture.bank)
      try fund.run(ApproveClaim(guarantee: id, businessDate: Fixture.day("2020-08-05")), by: Fixture.checker)
    }
    return fund
  }

  private static let csv = """
    date,amount,reference,counterparty,line_id
    2020-02-01,"10,000,000.00",opening,,
    2020-02-12,9780.82,fee,"Bank ""A"", Zibo",1
    2020-08-06,-400000.00,guarantees/i,bank-a,2
    2020-08-06,-400000.00,guarantees/x,bank-a,3
    2020-08-07,-12.5,charge,bank,4
    2020-08-09,88.88,??,somebody,5
    2020-08-09,9209857.20,closing,,
    """

  private func load(
    _ fund: MemoryFund, _ content: String, _ format: StatementFormat = .csv, id: String = "s1"
  ) throws -> BankStatement {
    try fund.run(
      ImportStatement(
        pool: "pool", statementID: id, format: format, content: Array(content.utf8),
        businessDate: Fixture.day("2020-08-10")))
  }

  private func lines(_ fund: MemoryFund, _ statement: String = "pool.s1") throws -> [StatementLine] {
    try fund.records(StatementLine.self, RecordQuery(owner: statement))
  }

  @Test func `lines match by amount, day and reference, and the rest waits`() throws {
    let fund = try fund()
    let statement = try load(fund, Self.csv)
    #expect(statement.lines == 5 && statement.matched == 2 && statement.exceptions == 3)
    let lines = try lines(fund)
    #expect(lines.map(\.state) == [.matched, .matched, .exception, .exception, .exception])
    #expect(lines[0].counterparty == "Bank \"A\", Zibo")
    // The third line names something else: the one candidate left is no proof.
    #expect(lines[2].explanation.contains("another reference"))
    #expect(refusal { _ = try load(fund, Self.csv) }?.reason == .resourceExists)
    // The same movements match no second statement.
    #expect(try load(fund, Self.csv, id: "s2").matched == 0)
  }

  @Test func `nothing posts without two officers`() throws {
    let fund = try fund()
    _ = try load(fund, Self.csv)
    let before = fund.transfers.count
    func propose(_ line: Int, _ kind: ResolutionKind, transfer: Int64 = 0) throws {
      try fund.run(
        ProposeResolution(
          line: "pool.s1.000\(line)", resolution: kind, transfer: transfer, note: "as the bank says"))
    }
    func approve(_ line: Int, by caller: Caller = Fixture.checker) throws -> StatementLine {
      try fund.run(
        ApproveResolution(line: "pool.s1.000\(line)", businessDate: Fixture.day("2020-08-10")), by: caller)
    }
    #expect(refusal { _ = try approve(4) }?.reason == .stateConflict)
    #expect(refusal { try propose(4, .unidentifiedReceipt) }?.field == "resolution")
    try propose(4, .bankCharge)
    try propose(5, .unidentifiedReceipt)
    #expect(fund.transfers.count == before)
    #expect(refusal { _ = try approve(4, by: Fixture.officer) }?.reason == .sameOfficer)
    _ = try approve(4)
    let kept = try approve(5)
    #expect(fund.transfers.count == before + 2)
    #expect(fund.balances("pool.5301") == Balances(debitsPosted: 1250))
    #expect(fund.balances("pool.2001") == Balances(creditsPosted: 8888))
    #expect(refusal { _ = try approve(5) }?.reason == .stateConflict)
    // A posted line's movement belongs to it.
    #expect(refusal { try propose(3, .match, transfer: kept.transfer) }?.field == "transfer")
    let payout = try #require(
      fund.guarantees["h"]?.transfers.first { number in
        fund.transfers.contains { $0.number == number && $0.template == .claimPayout }
      })
    try propose(3, .match, transfer: payout)
    #expect(try approve(3).transfer == payout)
    #expect(fund.imbalance == 0)
  }

  @Test func `camt says the same as the table`() throws {
    func entry(_ amount: String, _ side: String, _ day: String, _ reference: String) -> String {
      """
      <Ntry><Amt Ccy="CNY">\(amount)</Amt><CdtDbtInd>\(side)</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>\(day)</Dt></BookgDt>
      <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
      <RmtInf><Ustrd>\(reference)</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
      """
    }
    func balance(_ code: String, _ amount: String) -> String {
      """
      <Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">\(amount)</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd></Bal>
      """
    }
    let camt = """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- statement -->
      <n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><n:BkToCstmrStmt><n:Stmt>
      \(balance("OPBD", "10000000"))
      \(entry("9780.82", "CRDT", "2020-02-12", "fee"))\(entry("400000.00", "DBIT", "2020-08-06", "guarantees/i"))
      \(entry("400000", "DBIT", "2020-08-06", "guarantees/x"))\(entry("12.5", "DBIT", "2020-08-07", "<![CDATA[charge]]>"))
      \(entry("88.88", "CRDT", "2020-08-09", "&lt;&#63;&gt;"))
      \(balance("CLBD", "9209857.20"))
      </n:Stmt></n:BkToCstmrStmt></n:Document>
      """
    let fund = try fund()
    let statement = try load(fund, camt, .camt053)
    #expect(statement.lines == 5 && statement.matched == 2 && statement.opening == 1_000_000_000)
    #expect(try lines(fund).map(\.amount) == [978_082, -40_000_000, -40_000_000, -1250, 8888])
    #expect(try lines(fund)[4].reference == "<?>")
  }

  private static let header = "date,amount,reference,counterparty,line_id\n"

  @Test func `a line that names a movement has it, even after a line that names none`() throws {
    let fund = try fund()
    // Both are 400 000 of one day: the first line could be either payout, the second says which it is.
    let statement = try load(
      fund, Self.header + "2020-08-06,-400000,transfer,bank-a,1\n2020-08-06,-400000,guarantees/h,bank-a,2\n")
    #expect(statement.matched == 2)
    let lines = try lines(fund)
    func reference(_ line: StatementLine) -> String? { fund.transfers.first { $0.number == line.transfer }?.reference }
    #expect(reference(lines[0]) == "guarantees/i" && reference(lines[1]) == "guarantees/h")
  }

  @Test func `a text that is too long is refused and never cut`() throws {
    let fund = try fund()
    func row(_ reference: Int, _ party: Int, _ id: Int) -> String {
      Self.header + "2020-08-06,1,"
        + [reference, party, id].map { String(repeating: "信", count: $0) }.joined(separator: ",") + "\n"
    }
    for (reference, party, id) in [(257, 128, 64), (256, 129, 64), (256, 128, 65)] {
      #expect(refusal { _ = try load(fund, row(reference, party, id)) }?.reason == .dataRefused)
    }
    #expect(try load(fund, row(256, 128, 64)).lines == 1)
    #expect(try lines(fund)[0].counterparty.count == 128)
  }

  private func camt(_ entries: String) -> String {
    "<Document><BkToCstmrStmt><Stmt>\(entries)</Stmt></BkToCstmrStmt></Document>"
  }

  private func entry(_ amount: String, _ status: String, _ details: String = "") -> String {
    """
    <Ntry><Amt Ccy="CNY">\(amount)</Amt><CdtDbtInd>DBIT</CdtDbtInd>\(status)<BookgDt><Dt>2020-08-06</Dt></BookgDt>
    <AcctSvcrRef>E-1</AcctSvcrRef>\(details)</Ntry>
    """
  }

  private func part(_ amount: String, _ reference: String) -> String {
    "<TxDtls><Refs><EndToEndId>\(reference)</EndToEndId></Refs>\(amount)</TxDtls>"
  }

  private func money(_ amount: String) -> String { "<Amt Ccy=\"CNY\">\(amount)</Amt>" }

  @Test func `only what is booked makes a line, and what is not is counted`() throws {
    let fund = try fund()
    let booked = "<Sts>BOOK</Sts>"
    let statement = try load(
      fund,
      camt(
        entry("400000", booked) + entry("400000", "<Sts><Cd>PDNG</Cd></Sts>") + entry("1", "<Sts>INFO</Sts>")),
      .camt053)
    #expect(statement.lines == 1 && statement.notBooked == 2)
    #expect(refusal { _ = try load(fund, camt(entry("1", "")), .camt053, id: "s2") }?.reason == .dataRefused)
    #expect(
      refusal { _ = try load(fund, camt(entry("1", "<Sts>MAYBE</Sts>")), .camt053, id: "s2") }?.reason == .dataRefused)
  }

  @Test func `an entry of several transactions makes a line each, and they make the entry`() throws {
    let fund = try fund()
    let booked = "<Sts>BOOK</Sts>"
    func details(_ parts: String...) -> String { "<NtryDtls>\(parts.joined())</NtryDtls>" }
    let split = "<AmtDtls><TxAmt>\(money("400000"))</TxAmt></AmtDtls>"
    let both = details(part(money("400000"), "guarantees/h"), part(split, "guarantees/i"))
    let statement = try load(fund, camt(entry("800000", booked, both)), .camt053)
    #expect(statement.lines == 2 && statement.matched == 2)
    #expect(try lines(fund).map(\.amount) == [-40_000_000, -40_000_000])
    for wrong in [
      details(part(money("400000"), "a"), part(money("399999.99"), "b")),
      details(part(money("400000"), "a"), part("", "b")),
    ] {
      #expect(
        refusal { _ = try load(fund, camt(entry("800000", booked, wrong)), .camt053, id: "s2") }?.reason
          == .dataRefused)
    }
  }

  @Test func `a statement opens with what the one before it closed with`() throws {
    let fund = try fund()
    func content(_ opening: String, _ day: String, _ closing: String) -> String {
      Self.header + "\(day),\(opening),opening,,\n\(day),1,x,y,1\n\(day),\(closing),closing,,\n"
    }
    _ = try load(fund, content("10", "2020-08-06", "11"))
    let error = refusal { _ = try load(fund, content("11.01", "2020-08-07", "12.01"), id: "s2") }
    #expect(error?.reason == .dataRefused && error?.metadata["statement"] == "bankStatements/pool.s1")
    _ = try load(fund, content("11", "2020-08-07", "12"), id: "s2")
    // One of an earlier day says nothing about the latest, and does not become it.
    _ = try load(fund, content("3", "2020-08-01", "4"), id: "s0")
    _ = try load(fund, content("12", "2020-08-07", "13"), id: "s3")
    #expect(refusal { _ = try load(fund, content("12", "2020-08-08", "13"), id: "s4") }?.reason == .dataRefused)
  }

  @Test func `a receipt that is identified leaves suspense for the transfer that took it in`() throws {
    let fund = try fund()
    _ = try load(fund, Self.header + "2020-08-20,1000,??,borrower,1\n")
    let line = "pool.s1.0001"
    func propose(_ kind: ResolutionKind, _ transfer: Int64 = 0, by caller: Caller = Fixture.officer) throws {
      try fund.run(ProposeResolution(line: line, resolution: kind, transfer: transfer, note: "see file"), by: caller)
    }
    func approve(by caller: Caller = Fixture.checker) throws -> StatementLine {
      try fund.run(ApproveResolution(line: line, businessDate: Fixture.day("2020-08-21")), by: caller)
    }
    try propose(.unidentifiedReceipt)
    let kept = try approve()
    let cash = fund.balances("pool.1001")
    // It is a recovery under guarantee h.
    try fund.runTogether(
      RecordRecovery(guarantee: "h", amount: Fixture.yuan(1000), businessDate: Fixture.day("2020-08-21")),
      as: .recovery, of: "guarantees/h", DecisionTerms(amount: Fixture.yuan(1000)), on: "2020-08-21")
    let recovery = Int64(fund.transfers.count)
    #expect(refusal { try propose(.match, recovery) }?.reason == .stateConflict)
    #expect(refusal { try propose(.receiptIdentified, kept.transfer) }?.reason == .stateConflict)
    #expect(refusal { try propose(.receiptIdentified, 1) }?.field == "transfer")
    try propose(.receiptIdentified, recovery)
    #expect(refusal { try propose(.disregard) }?.reason == .stateConflict)
    #expect(refusal { _ = try approve(by: Fixture.officer) }?.reason == .sameOfficer)
    let identified = try approve()
    #expect(identified.transfer == recovery && identified.receipt == kept.transfer && identified.state == .resolved)
    #expect(fund.balances("pool.2001") == Balances(debitsPosted: 100_000, creditsPosted: 100_000))
    let after = fund.balances("pool.1001")
    #expect(
      after?.posted(on: .debit) == cash?.posted(on: .debit),
      "the money came in once, whatever it was kept as in between")
    let through = Fixture.day("2020-12-31")
    #expect(
      try fund.unmatchedCash(pool: "pool", from: Fixture.day("2020-08-20"), through: through).isEmpty,
      "nothing of it waits for another line")
    #expect(refusal { try propose(.receiptIdentified, recovery) }?.reason == .stateConflict)
    #expect(fund.imbalance == 0)
  }

  @Test(arguments: [
    "", "date,amount\n", "date,amount,reference,counterparty,line_id\n2020-02-30,1,a,b,c\n",
    "date,amount,reference,counterparty,line_id\n2020-02-01,1.234,a,b,c\n",
    "date,amount,reference,counterparty,line_id\n2020-02-01,1e5,a,b,c\n",
    "date,amount,reference,counterparty,line_id\n2020-02-01,0,a,b,c\n",
    "date,amount,reference,counterparty,line_id\n2020-02-01,1,\"a,b,c\n",
    "date,amount,reference,counterparty,line_id\n2020-02-01,1,opening,,\n2020-02-01,2,x,,\n2020-02-01,4,closing,,\n",
  ]) func `a table that is not sound is refused whole`(content: String) throws {
    let fund = try fund()
    #expect(refusal { _ = try load(fund, content) }?.reason == .dataRefused)
    #expect(try lines(fund).isEmpty)
  }

  @Test(arguments: [
    "<Document/>", "<!DOCTYPE x [<!ENTITY y 'z'>]><Document/>", "<Document>", "<Document></Doc>", "text",
    "<Document><BkToCstmrStmt></BkToCstmrStmt></Document>", "<a b=c/>", "<Document>&unknown;</Document>",
    String(repeating: "<a>", count: 40),
  ]) func `a message that is not sound is refused whole`(content: String) throws {
    let fund = try fund()
    #expect(refusal { _ = try load(fund, content, .camt053) }?.reason == .dataRefused)
  }
}
