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
      <Ntry><Amt Ccy="CNY">\(amount)</Amt><CdtDbtInd>\(side)</CdtDbtInd><BookgDt><Dt>\(day)</Dt></BookgDt>
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
