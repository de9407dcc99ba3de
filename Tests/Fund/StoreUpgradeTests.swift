import Foundation
import FundDomain
import FundStore
import Kernel
import Storage
import Testing

/// What a store of an earlier schema held is there, and means the same, after it was opened with today's.
@Suite struct StoreUpgradeTests {
  @Test func `a facility is read back with the day count of each fee`() async throws {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    let opened = try await fund.run(
      try Fixture.facility(
        reguaranteePPM: 3000, explicitFeeCap: 20_000, dayCount: .actual365, reguaranteeDayCount: .actual360))
    let read = try await fund.repository.facility("f").facility
    #expect(read == opened.facility)
    #expect(read.dayCount == .actual365 && read.reguaranteeDayCount == .actual360)
  }

  @Test func `facilities and bridge loans of the third schema go on under today's`() async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let third = try Store.open(configuration, migrations: Array(FundMigrations.all.prefix(3)))
    try await third.write { session in
      try session.execute(
        """
        INSERT INTO fund_pool (id, display_name, currency, region_code, seed_capital, create_time, update_time, revision)
        VALUES ('pool', 'p', 'CNY', 'XX', 100, 1, 1, 1)
        """)
      for (id, reguarantee) in [("with", 3000), ("without", 0)] {
        try session.execute(
          """
          INSERT INTO fund_facility (id, pool, currency, display_name, bank, product, relending_scope, bank_ppm,
            guarantor_ppm, reguarantor_ppm, national_ppm, city_ppm, fee_ppm, reguarantee_fee_ppm, claim_rate_cap_ppm,
            claim_rate_basis, released_share_ppm, limit_minor, affiliate_window_days, day_count, citations, breaker,
            create_time, update_time, revision)
          VALUES ('\(id)', 'pool', 'CNY', 'f', 'bank-a', 'guarantee', 0, 200000, 400000, 400000, 0, 0, 10000,
            \(reguarantee), 30000, 3, 1000000, 100, 90, 2, '[]', 1, 1, 1, 1)
          """)
        for account in [(1, "8001"), (2, "8002")] {
          try session.execute(
            """
            INSERT INTO fund_account (number, pool, code, display_name, class, normal_side, currency, limit_rule,
              debits_pending, debits_posted, credits_pending, credits_posted, last_transfer, closed, create_time)
            VALUES (\(account.0 + reguarantee), 'pool', '\(account.1).\(id)', 'a', 8, 1, 'CNY', 1, 0, 0, 0, 0, 0, 0, 1)
            """)
        }
      }
      try session.execute(
        """
        INSERT INTO fund_bridge_programme (id, pool, currency, display_name, product, suspended, create_time,
          update_time, revision) VALUES ('p', 'pool', 'CNY', 'p', 'bridge_loan', 0, 1, 1, 1)
        """)
      try session.execute(
        """
        INSERT INTO fund_bridge_loan (id, programme, pool, currency, journey, borrower, borrower_kind, bank,
          existing_loan, loan_account, amount, existing_loan_amount, own_funds, renewal_day, applied_day, state,
          maker_organisation, maker_subject, disbursed_day, due_day, fee, fee_lines, remark, citations, transfers,
          create_time, update_time, revision, details)
        VALUES ('b', 'p', 'pool', 'CNY', '', 'firm', 1, 'bank-a', 'L', 'A', 90, 100, 10, 20370, 20362, 4, 'fund', 'wang',
          20370, 20380, 0, '[]', '', '[]', x'', 1, 1, 1,
          '{"extensions":1,"ownFundsEvidence":[],"penalty":0,"purpose":"working_capital"}')
        """)
    }
    await third.close()

    let store = try Store.open(configuration, migrations: FundMigrations.all)
    let repository = SQLFundRepository(store, rules: try Fixture.noRules())
    // It was charged by the guarantee fee's count, and goes on to be.
    let with = try await repository.facility("with").facility
    #expect(with.dayCount == .actual360 && with.reguaranteeDayCount == .actual360)
    let without = try await repository.facility("without").facility
    #expect(without.dayCount == .actual360 && without.reguaranteeDayCount == nil)
    let details = try await repository.bridgeLoan("b").details
    #expect(details.extensions == 1 && details.purpose == "working_capital")
    #expect(details.renewal == nil && details.useCheck == nil && details.steppedOn == nil && details.hasPriority == nil)
    await store.close()
  }
}
