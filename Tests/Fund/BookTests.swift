import FundDomain
import FundStore
import Kernel
import Testing

@Suite struct BookTests {
  private func book(capital: Money = Fixture.yuan(1_000_000)) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool(capital: capital, on: "1960-01-01"))
    let shares = try LiabilityShares(
      bankPPM: 0, guarantorPPM: 1_000_000, reguarantorPPM: 0, nationalPPM: 0, cityPPM: 0)
    try fund.run(try Fixture.facility(bank: "*", shares: shares, feePPM: 0, claimCap: 1_000_000))
    try fund.run(ProposeDecision(step: .bookImport, subject: "facilities/f", on: "2020-01-02"), by: Fixture.checker)
    return fund
  }

  private func row(
    _ number: String, lender: String = "First Bank", gross: Int64 = 100_000_00, guaranteed: Int64 = 80_000_00,
    approved: String? = "1997-02-28", disbursed: String? = "1997-05-31", amount: Int64 = 100_000_00,
    _ outcome: BookOutcome = .paidInFull, chargedOff: Int64 = 0, on end: String? = nil
  ) -> BookRow {
    BookRow(
      loanNumber: number, lender: lender, approvedOn: approved.map(Fixture.day), grossApproval: gross,
      guaranteed: guaranteed, disbursedOn: disbursed.map(Fixture.day), disbursed: amount, termMonths: 60,
      outcome: outcome, chargedOffOn: end.map(Fixture.day), chargedOff: chargedOff)
  }

  @Test func `a clean row runs to its end`() throws {
    let fund = try book()
    let results = try fund.run(
      ImportGuaranteeBook(
        facility: "f", rows: [row("1"), row("2", .chargedOff, chargedOff: 30_000_00, on: "2001-01-31")]))
    #expect(results.map(\.disposition) == [.posted, .posted])
    #expect(results.map(\.paid) == [0, 24_000_00])
    #expect(fund.guarantees["f.1"]?.state == .released)
    #expect(fund.guarantees["f.1"]?.endedOn == Fixture.day("2002-05-31"))
    #expect(fund.guarantees["f.2"]?.state == .writtenOff)
    #expect(fund.balances("pool.1001") == Balances(debitsPosted: 1_000_000_00, creditsPosted: 24_000_00))
    #expect(fund.balances("pool.5001") == Balances(debitsPosted: 24_000_00))
    #expect(fund.balances("pool.8002.f")?.posted(on: .credit) == 0)
    #expect(fund.imbalance == 0)
  }

  @Test func `the fund bears its share of a charge-off above the guarantee and no more`() throws {
    let fund = try book()
    let results = try fund.run(
      ImportGuaranteeBook(
        facility: "f",
        rows: [
          row("1", .chargedOff, chargedOff: 90_000_00, on: "2001-01-31"),
          row("2", .chargedOff, chargedOff: 120_000_00, on: "2001-01-31"),
        ]))
    #expect(results.map(\.disposition) == [.postedInPart, .postedInPart])
    #expect(results.map(\.paid) == [72_000_00, 80_000_00])
    #expect(results[0].findings.list == [.chargeOffAboveGuarantee])
    #expect(
      results[1].findings.list == [.chargeOffAboveGuarantee, .chargeOffAboveApproval, .chargeOffAboveDisbursement])
    let totals = fund.lenders[LenderKey(facility: "f", lender: "First Bank")]
    #expect(totals?.chargedOff == 210_000_00 && totals?.paid == 152_000_00)
  }

  @Test func `dirty rows are parked and counted, or refused and kept`() throws {
    let fund = try book()
    let rows = [
      row("1", .missing), row("2", lender: ""), row("3", disbursed: nil), row("4", amount: 0),
      row("5", disbursed: "1997-02-27"), row("6", .chargedOff, on: "2001-01-31"),
      row("7", .chargedOff, chargedOff: 5), row("8", chargedOff: 5),
      row("9", guaranteed: 100_001_00), row("10", approved: nil), row("x y"), row("11", gross: -1),
    ]
    let results = try fund.run(ImportGuaranteeBook(facility: "f", rows: rows))
    #expect(results.prefix(8).allSatisfy { $0.disposition == .parked })
    #expect(results.suffix(4).allSatisfy { $0.disposition == .refused })
    #expect(
      results.map(\.findings.list) == [
        [.outcomeMissing], [.lenderMissing], [.disbursementDateMissing], [.nothingDisbursed], [.datesOutOfOrder],
        [.chargeOffAmountMissing], [.chargeOffDateMissing], [.chargeOffContradictsOutcome],
        [.guaranteeAboveApproval], [.valueInvalid], [.valueInvalid], [.valueInvalid],
      ])
    #expect(fund.records.count == 8 && fund.refusedRows.count == 4)
    // Rows whose end is open keep their liability in force; rows that cannot be posted leave the ledger alone.
    #expect(fund.guarantees.keys.sorted() == ["f.1", "f.6", "f.7", "f.8"])
    #expect(fund.balances("pool.8002.f") == Balances(creditsPosted: 4 * 80_000_00))
    var totals = BookTotals()
    for lender in fund.lenders.values { try totals.add(lender) }
    #expect(totals.rows == 8 && totals.parked == 8 && totals.grossApproval == 800_000_00)
  }

  @Test func `a row sent twice is registered once, with other content it is refused`() throws {
    let fund = try book()
    let results = try fund.run(
      ImportGuaranteeBook(facility: "f", rows: [row("1"), row("1"), row("1", gross: 100_001_00)]))
    #expect(results.map(\.disposition) == [.posted, .exists, .refused])
    #expect(results[2].findings.list == [.loanNumberTaken])
    let again = try fund.run(ImportGuaranteeBook(facility: "f", rows: [row("1")]))
    #expect(again.map(\.disposition) == [.exists])
    #expect(fund.records.count == 1)
  }

  @Test func `a row that the pool cannot pay is parked, nothing of it posted`() throws {
    let fund = try book(capital: Fixture.yuan(10))
    let before = fund.transfers.count
    let results = try fund.run(
      ImportGuaranteeBook(facility: "f", rows: [row("1", .chargedOff, chargedOff: 30_000_00, on: "2001-01-31")]))
    #expect(results[0].disposition == .parked && results[0].findings.list == [.postingRefused])
    #expect(fund.transfers.count == before && fund.guarantees.isEmpty)
    #expect(fund.balances("pool.8002.f") == .zero)
  }

  @Test func `only a facility of many lenders keeps a book`() throws {
    let fund = try Fixture.fund()
    #expect(refusal { try fund.run(ImportGuaranteeBook(facility: "f", rows: [row("1")])) }?.reason == .stateConflict)
    #expect(refusal { try fund.run(ImportGuaranteeBook(facility: "f", rows: [])) }?.reason == .batchTooLarge)
  }

  @Test func `an imported row's event reads the same however it was written`() throws {
    let fund = try book()
    try fund.run(
      ImportGuaranteeBook(
        facility: "f",
        rows: [
          row("1", lender: "O\"Neil \\ Söhne/惠融\u{1}\t\u{7F}"), row("2", disbursed: nil),
          row("3", .chargedOff, chargedOff: 90_000_00, on: "2001-01-31"),
        ]))
    let imported = fund.events.filter { $0.kind == .guaranteeImported }
    #expect(imported.count == 3)
    for event in imported { #expect(try EventCoding.encode(event) == EventCoding.encodeAny(event)) }
  }
}
