import FundDomain
import Kernel
import Testing

@Suite struct BatchGuaranteeScenario {
  private func fund(basis: ClaimRateBasis = .committed) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("batch-guarantee", "suite-conventions"))
    try fund.run(Fixture.pool(region: "3703"))
    try fund.run(
      try Fixture.facility(
        product: "batch_guarantee", feePPM: 10_000, reguaranteePPM: 3000, explicitFeeCap: 10_000, claimCap: nil,
        basis: basis, limit: Fixture.yuan(90_000_000)))
    return fund
  }

  private func loan(
    _ number: String, borrower: String? = nil, _ principal: Money = Fixture.yuan(1_000_000),
    from: String = "2024-01-01", to: String = "2025-01-01"
  ) -> BatchLoan {
    BatchLoan(
      loanNumber: number, borrower: borrower ?? "firm-\(number)", affiliates: [], size: .small, isAgricultural: false,
      principal: principal.minorUnits, disbursedOn: Fixture.day(from), maturesOn: Fixture.day(to), lender: "")
  }

  private func batch(_ loans: [BatchLoan], on day: String = "2024-01-02") -> BatchGuarantee {
    BatchGuarantee(facility: "f", loans: loans, businessDate: Fixture.day(day))
  }

  @Test func `each loan has its own result and a file sent again changes nothing`() throws {
    let fund = try fund()
    let loans = [
      loan("1"), loan("2", to: "2023-12-31"), loan("3", from: "2024-01-03"), loan("no good"), loan("1"),
      loan("4", Fixture.yuan(200_000_000)), loan("5"),
    ]
    let results = try fund.run(batch(loans), by: Fixture.bank)
    #expect(results.map { $0.refusal == nil } == [true, false, false, false, true, false, true])
    #expect(results.map(\.existed) == [false, false, false, false, true, false, false])
    #expect(results[5].refusal == .limitExceeded)
    // 366 days of a leap year ÷ 365: 10 027.40; the re-guarantor bears 200 000: 601.64.
    #expect(results[0].fee == 1_002_740 && results[0].reguaranteeFee == 60_164)
    let transfers = fund.transfers.count
    #expect(
      try fund.run(batch(loans), by: Fixture.bank).map(\.existed) == [true, false, false, false, true, false, true])
    #expect(fund.transfers.count == transfers)
    #expect(fund.imbalance == 0)
  }

  @Test func `a batch takes no loan that is over, and none older than a month`() throws {
    let fund = try fund()
    let results = try fund.run(
      batch(
        [
          loan("a", from: "2024-01-31"), loan("b", from: "2024-01-30"), loan("c", from: "2024-02-20", to: "2024-03-02"),
          loan("d", from: "2024-02-20", to: "2024-03-03"),
        ], on: "2024-03-02"), by: Fixture.bank)
    // 31 days after 31 January are 2 March.
    #expect(results.map(\.refusal) == [nil, .policyConditionFailed, .invalidArgument, nil])
    #expect(results[1].explanation.contains("suite-conventions.guarantee.registration"))
    let silent = MemoryFund(try Fixture.rules("batch-guarantee"))
    try silent.run(Fixture.pool(region: "3703"))
    try silent.run(
      try Fixture.facility(product: "batch_guarantee", reguaranteePPM: 3000, explicitFeeCap: 10_000, claimCap: nil))
    #expect(refusal { try silent.run(batch([loan("a")]), by: Fixture.bank) }?.reason == .policyNotStated)
  }

  @Test func `the document fixes the bank's part and both fees`() throws {
    let fund = try fund()
    func open(_ shares: LiabilityShares?, fee: Int64 = 10_000, reguarantee: Int64 = 3000) -> DomainError? {
      refusal {
        try fund.run(
          try Fixture.facility(
            "other", product: "batch_guarantee", shares: shares, feePPM: fee, reguaranteePPM: reguarantee,
            explicitFeeCap: 20_000, claimCap: nil))
      }
    }
    let lean = try LiabilityShares(
      bankPPM: 199_999, guarantorPPM: 400_001, reguarantorPPM: 200_000, nationalPPM: 100_000, cityPPM: 100_000)
    #expect(open(lean)?.field == "shares.bank_ppm" && open(lean)?.reason == .policyConditionFailed)
    #expect(open(nil, fee: 9_999)?.field == "fee_rate")
    #expect(open(nil, reguarantee: 3001)?.field == "reguarantee_fee_rate")
    #expect(open(nil) == nil)
  }

  @Test func `Sichuan fixes the re-guarantor's part, bounds the guarantor's and charges by the firm's total`() throws {
    let fund = MemoryFund(try Fixture.rules("batch-guarantee-sichuan", "batch-guarantee", "suite-conventions"))
    try fund.run(Fixture.pool(region: "5101"))
    func open(_ id: String, _ guarantor: Int64, _ reguarantor: Int64, _ city: Int64, fee: Int64) -> DomainError? {
      refusal {
        try fund.run(
          try Fixture.facility(
            id, product: "batch_guarantee",
            shares: try LiabilityShares(
              bankPPM: 200_000, guarantorPPM: guarantor, reguarantorPPM: reguarantor, nationalPPM: 0, cityPPM: city),
            reguaranteePPM: fee, explicitFeeCap: 20_000, claimCap: nil))
      }
    }
    #expect(open("x", 600_000, 199_999, 1, fee: 600)?.field == "shares.reguarantor_ppm")
    // A guarantor's part above 60 % leaves too little for the re-guarantor, and the re-guarantor's is looked at first.
    #expect(open("x", 600_001, 199_999, 0, fee: 600)?.field == "shares.reguarantor_ppm")
    #expect(open("small", 600_000, 200_000, 0, fee: 600) == nil)
    #expect(open("large", 600_000, 200_000, 0, fee: 1000) == nil)
    func take(_ facility: String, _ principal: Money) throws -> BatchLoanResult {
      try fund.run(
        BatchGuarantee(
          facility: facility, loans: [loan("n\(principal.minorUnits)", principal)],
          businessDate: Fixture.day("2024-01-02")), by: Fixture.bank)[0]
    }
    #expect(try take("small", Fixture.yuan(5_000_000)).refusal == nil)
    let above = try take("small", Fixture.yuan(5_000_000, 1))
    #expect(above.refusal == .policyConditionFailed && above.explanation.contains("re_guarantee_fee.large"))
    #expect(try take("large", Fixture.yuan(5_000_000, 1)).refusal == nil)
    #expect(try take("large", Fixture.yuan(4_000_000)).refusal == .policyConditionFailed)
  }

  @Test func `a loan number that is taken by another loan is refused`() throws {
    let fund = try fund()
    try fund.run(batch([loan("1")]), by: Fixture.bank)
    let again = try fund.run(batch([loan("1", borrower: "somebody")]), by: Fixture.bank)
    #expect(again[0].refusal == .resourceExists)
  }

  @Test func `another bank hands in nothing`() throws {
    let fund = try fund()
    let other = Caller(organisation: "bank-b", role: .institution, regionPrefix: "37", subject: "sun")
    #expect(try fund.run(batch([loan("1")]), by: other)[0].refusal == .outOfScope)
  }

  @Test func `the claim that crosses trips the breaker while another is pending`() throws {
    let fund = try fund()
    let loans = (1...50).map { loan("\($0)", from: "2024-01-01", to: "2024-12-01") }
    #expect(try fund.run(batch(loans), by: Fixture.bank).allSatisfy { $0.refusal == nil })
    func claim(_ number: Int, _ amount: Money) throws {
      try fund.run(
        Fixture.claim("f~\(number)", principal: amount, on: "2024-06-01"), by: Fixture.bank)
    }
    // 50 M are in force; 3 % are 1.5 M exactly, and the bound is inclusive: at 3 % business goes on.
    try claim(1, Fixture.yuan(1_000_000))
    try claim(2, Fixture.yuan(500_000))
    #expect(fund.facilities["f"]?.breaker == .closed)
    try claim(3, Fixture.yuan(0, 1))
    #expect(fund.facilities["f"]?.breaker == .tripped)
    let refused = try fund.run(batch([loan("51", from: "2024-06-01")], on: "2024-06-02"), by: Fixture.bank)
    #expect(refused[0].refusal == .breakerTripped)
    // What is owed is paid all the same.
    try fund.run(ApproveClaim(guarantee: "f~1", businessDate: Fixture.day("2024-06-03")), by: Fixture.checker)
    try fund.runTogether(
      ResetBreaker(facility: "f", reason: "agreed", businessDate: Fixture.day("2024-06-04")), as: .breakerReset,
      of: "facilities/f", on: "2024-06-04")
    #expect(
      try fund.run(batch([loan("51", from: "2024-06-05")], on: "2024-06-05"), by: Fixture.bank)[0].refusal == nil)
    // The claims that were there are accepted with the reset; the next one stops new business again.
    #expect(
      try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2024-06-05"))).trippedFacilities.isEmpty)
    // 51 M are in force by now, and 1 530 000.01 are claimed.
    try claim(4, Fixture.yuan(30_000))
    #expect(fund.facilities["f"]?.breaker == .tripped)
  }

  @Test func `a payout splits by the largest remainder and the parts make the whole`() throws {
    let fund = try fund()
    try fund.run(batch([loan("1")]), by: Fixture.bank)
    try fund.run(Fixture.claim("f~1", principal: Fixture.yuan(0, 7), on: "2024-06-01"), by: Fixture.bank)
    // 7 分 by 20 : 40 : 20 : 10 : 10 are 1.4, 2.8, 1.4, 0.7 and 0.7.
    let borne = fund.guarantees["f~1"]?.claim?.borne
    #expect(borne?.parts == [1, 3, 1, 1, 1])
  }
}
