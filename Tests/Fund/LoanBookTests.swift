import FundDomain
import FundStore
import Kernel
import Storage
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
    try await fund.run(
      ProposeDecision(step: .bookImport, subject: "facilities/sba", on: "2020-01-02"), by: Fixture.checker)
    var dispositions: [BookDisposition: Int64] = [:]
    for start in stride(from: 0, to: rows.count, by: FundLimits.bookRows) {
      let batch = Array(rows[start..<min(start + FundLimits.bookRows, rows.count)])
      let results = try await fund.run(ImportGuaranteeBook(facility: "sba", rows: batch))
      // One answer a row, in the order of the rows; whoever is parked or refused is told why.
      #expect(results.map(\.loanNumber) == batch.map(\.loanNumber))
      #expect(
        results.allSatisfy {
          ($0.disposition != .parked && $0.disposition != .refused && $0.disposition != .postedInPart)
            || $0.findings != []
        })
      for result in results { dispositions[result.disposition, default: 0] += 1 }
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
    try await compareDays(fund)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
    #expect(totals.paid == expectedPayout(rows))
    try await compareLenders(fund, rows)
  }

  /// The fund's part of every charge-off that could be replayed, computed from the file alone.
  private func expectedPayout(_ rows: [BookRow]) -> Int64 { rows.reduce(0) { $0 + payout($1) } }

  private func payout(_ row: BookRow) -> Int64 {
    guard case .chargeOff = BookAssessment(row).plan else { return 0 }
    let covered = Int128(min(row.chargedOff, row.grossApproval))
    let exact = covered * Int128(row.guaranteed)
    let (quotient, remainder) = exact.quotientAndRemainder(dividingBy: Int128(row.grossApproval))
    // Two parties: the larger remainder gets the odd cent, a tie goes to the bank, which is named first.
    return Int64(quotient) + (remainder * 2 > Int128(row.grossApproval) ? 1 : 0)
  }

  /// Σ debits = Σ credits at the close of every business date on which anything was posted, not only of the last one.
  private func compareDays(_ fund: StoreFund) async throws {
    let days = try await fund.store.read { session in
      try session.query("SELECT day, SUM(debits), SUM(credits) FROM fund_day GROUP BY day ORDER BY day", []) { row in
        (try row.int64(0), try row.int64(1), try row.int64(2))
      }
    }
    #expect(days.count == 2891)
    var (debits, credits): (Int64, Int64) = (0, 0)
    var wrong: [Int64] = []
    for day in days {
      debits += day.1
      credits += day.2
      if debits != credits { wrong.append(day.0) }
    }
    #expect(wrong.isEmpty)
  }

  /// What the ledger paid for each bank's loans, and what it left with the bank, from the claims and not from the totals.
  private func lossShares(_ fund: StoreFund) async throws -> [String: (paid: Int64, writtenOff: Int64, claimed: Int64)]
  {
    let rows = try await fund.store.read { session in
      try session.query(
        """
        SELECT g.lender, SUM(c.principal + c.interest - c.borne_bank), SUM(c.borne_guarantor), SUM(c.principal)
        FROM fund_guarantee AS g JOIN fund_claim AS c ON c.guarantee = g.id WHERE g.pool = 'sba' GROUP BY g.lender
        """, []
      ) { row in (try row.text(0), try row.int64(1), try row.int64(2), try row.int64(3)) }
    }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, ($0.1, $0.2, $0.3)) })
  }

  private func compareLenders(_ fund: StoreFund, _ rows: [BookRow]) async throws {
    var expected: [String: (guaranteed: Int64, chargedOff: Int64, paid: Int64, rows: Int64)] = [:]
    for row in rows {
      expected[row.lender, default: (0, 0, 0, 0)].guaranteed += row.guaranteed
      expected[row.lender, default: (0, 0, 0, 0)].chargedOff += row.chargedOff
      expected[row.lender, default: (0, 0, 0, 0)].paid += payout(row)
      expected[row.lender, default: (0, 0, 0, 0)].rows += 1
    }
    let shares = try await lossShares(fund)
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
        // The loss share: what the file says, what the totals say and what the ledger paid are one figure.
        #expect(lender.totals.paid == expected[lender.lender]?.paid, "\(lender.lender)")
        #expect(lender.totals.paid == shares[lender.lender]?.paid ?? 0, "\(lender.lender)")
        #expect(shares[lender.lender].map { $0.paid == $0.writtenOff && $0.paid <= $0.claimed } ?? true)
      }
      after = page.next
    } while after != nil
    #expect(found == expected.count)
  }
}
