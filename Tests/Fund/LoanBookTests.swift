import FundDomain
import FundStore
import Kernel
import Testing

/// The 20 000 loans of `data/sba` through the ledger.
@Suite struct LoanBookTests {
  private func dollars(_ amount: Int64) -> Int64 { amount * 100 }

  @Test func `the control totals of the real book come out exactly`() async throws {
    let rows = try await BookFile.rows()
    try #require(rows.count == 20_000)
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool("sba", region: "US", capital: Money(dollars(500_000_000), .usd), on: "1960-01-01"))
    let shares = try LiabilityShares(
      bankPPM: 0, guarantorPPM: 1_000_000, reguarantorPPM: 0, nationalPPM: 0, cityPPM: 0)
    try await fund.run(
      try Fixture.facility(
        "sba", pool: "sba", bank: "*", product: "loan_book", shares: shares, feePPM: 0, claimCap: 1_000_000,
        limit: Money(dollars(3_000_000_000), .usd)))
    var dispositions: [BookDisposition: Int64] = [:]
    for start in stride(from: 0, to: rows.count, by: FundLimits.bookRows) {
      let batch = Array(rows[start..<min(start + FundLimits.bookRows, rows.count)])
      for result in try await fund.run(ImportGuaranteeBook(facility: "sba", rows: batch)) {
        dispositions[result.disposition, default: 0] += 1
      }
    }

    let summary = try await fund.repository.bookSummary(ofFacility: "sba")
    let totals = summary.totals
    #expect(totals.grossApproval == dollars(2_304_774_374))
    #expect(totals.guaranteed == dollars(1_630_745_013))
    #expect(totals.chargedOff == dollars(221_013_669))
    #expect(totals.disbursed == dollars(2_482_186_112))
    #expect(summary.lenders == 1287)
    #expect(totals.chargedOffRows == 4099 && totals.paidInFull == 15_817 && totals.outcomeMissing == 84)
    // None lost: every row is one of these.
    #expect(totals.rows == 20_000 && summary.refused == 0)
    #expect(dispositions[.posted] == totals.posted && dispositions[.parked] == totals.parked)
    #expect(totals.posted + totals.postedInPart + totals.parked == 20_000)
    #expect(summary.findings.first { $0.finding == .outcomeMissing }?.rows == 84)
    #expect(summary.findings.first { $0.finding == .chargeOffAboveGuarantee }?.rows == 2919)

    // The ledger agrees: what the fund paid left the cash account, and nothing is out of balance on any day.
    let cash = try await fund.repository.account("sba.1001")
    #expect(cash.balances.creditsPosted == totals.paid)
    let loss = try await fund.repository.account("sba.5001")
    #expect(loss.balances.debitsPosted == totals.paid)
    #expect(try await fund.repository.trialBalance(ofPool: "sba", on: nil).difference == 0)
    #expect(try await fund.daysOutOfBalance() == 0)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
    #expect(totals.paid == expectedPayout(rows))
    try await compareLenders(fund, rows)
  }

  /// The fund's part of every charge-off that could be replayed, computed from the file alone.
  private func expectedPayout(_ rows: [BookRow]) -> Int64 {
    rows.reduce(0) { sum, row in
      guard case .chargeOff = BookAssessment(row).plan else { return sum }
      let covered = Int128(min(row.chargedOff, row.grossApproval))
      let exact = covered * Int128(row.guaranteed)
      let (quotient, remainder) = exact.quotientAndRemainder(dividingBy: Int128(row.grossApproval))
      // Two parties: the larger remainder gets the odd cent, a tie goes to the bank, which is named first.
      return sum + Int64(quotient) + (remainder * 2 > Int128(row.grossApproval) ? 1 : 0)
    }
  }

  private func compareLenders(_ fund: StoreFund, _ rows: [BookRow]) async throws {
    var expected: [String: (guaranteed: Int64, chargedOff: Int64, rows: Int64)] = [:]
    for row in rows {
      expected[row.lender, default: (0, 0, 0)].guaranteed += row.guaranteed
      expected[row.lender, default: (0, 0, 0)].chargedOff += row.chargedOff
      expected[row.lender, default: (0, 0, 0)].rows += 1
    }
    var found = 0
    var after: String?
    repeat {
      let (currency, page) = try await fund.repository.lenderTotals(ofFacility: "sba", after: after, limit: 500)
      #expect(currency == .usd)
      for lender in page.items {
        found += 1
        #expect(lender.totals.guaranteed == expected[lender.lender]?.guaranteed, "\(lender.lender)")
        #expect(lender.totals.chargedOff == expected[lender.lender]?.chargedOff, "\(lender.lender)")
        #expect(lender.totals.rows == expected[lender.lender]?.rows, "\(lender.lender)")
      }
      after = page.next
    } while after != nil
    #expect(found == expected.count)
  }
}
