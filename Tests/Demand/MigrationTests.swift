import DemandDomain
import DemandStore
import Foundation
import Kernel
import Storage
import Testing

@Suite struct MigrationTests {
  @Test func `rows are checked without temporary tables, and as strictly as before`() async throws {
    try await TestStore.with { test in
      let tables = try await test.store.read { session in
        try session.query(
          "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name IN ('enterprises', 'demands', 'demand_targets')"
        ) { try $0.text(0) }
      }
      #expect(tables.count == 3)
      // SQLite builds a temporary table for a list of more than two values, each time a row is written.
      for table in tables { #expect(table.matches(of: /IN \([^()]*,[^()]*,/).isEmpty, "\(table)") }
      try await test.pushed()
      for change in [
        "UPDATE demands SET state = 'lost'", "UPDATE demands SET channel = 'fax'",
        "UPDATE demands SET level = 'village'",
        "UPDATE demands SET region_code = '3703'", "UPDATE demands SET state = 'claimed'",
        "UPDATE enterprises SET platform_grade = 'F'", "UPDATE demand_targets SET kind = 'bank'",
      ] {
        let error = await storageError { try await test.store.write { try $0.execute(change) } }
        #expect(error?.kind == .checkViolation, "\(change): \(error as Any)")
      }
    }
  }

  @Test func `cases of an older store keep their steps, their deadlines and the day they are about`() async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let before = DemandMigrations.all.prefix { $0.name != "0013-case-steps" }
    let old = try Store.open(configuration, migrations: Array(before))
    let step = """
      [{"action":"accept","actor":"bank-a","from":"issued","role":"institution","time":1735876800000000,"to":"accepted"}]
      """
    let rows = [
      ("1", "work_order", "accepted", #"{"due_on":"2025-01-10","text":"x"}"#, step, "20098"),
      ("2", "visit", "open", #"{"channel":"grid","result":"need","visited_on":"2024-12-31"}"#, "[]", "NULL"),
    ]
    for (number, kind, state, fields, steps, due) in rows {
      _ = try await old.write { session in
        try session.execute(
          """
          INSERT INTO cases (id, kind, state, is_open, region_code, region_reach, title, topic, fields, steps, due_day,
            opened_by, opened_day, created_micros, updated_micros, revision)
          VALUES (?, ?, ?, 1, '370302', '370302', 't', '', ?, ?, \(due), 'x', 20090, 1735790400000000, 1735876800000000, ?)
          """,
          [
            .text(Fixture.id(number == "1" ? 1 : 2)), .text(kind), .text(state), .text(fields), .text(steps),
            .integer(number == "1" ? 2 : 1),
          ])
      }
    }
    await old.close()

    let store = try Store.open(configuration, migrations: DemandMigrations.all)
    let demands = DemandStore(store, policy: try Fixture.policy())
    let order = try await demands.matter(Fixture.id(1))
    #expect(order.steps.map(\.action) == ["accept"] && order.steps.first?.role == .institution)
    #expect(order.stepCount == 1 && order.openedWith == nil)
    #expect(order.deadlines == [CaseDeadline(startedOn: Fixture.today, dueOn: Fixture.date("2025-01-10"))])
    let visit = try await demands.matter(Fixture.id(2))
    #expect(visit.happenedOn == Fixture.date("2024-12-31") && visit.openedWith?["result"] == "need")
    await store.close()
  }

  private func storageError(_ body: () async throws -> some Sendable) async -> StorageError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? StorageError
    }
  }

  @Test func `a store of the first release opens with its demands' level, month, words and sums`() async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let old = try Store.open(configuration, migrations: Array(DemandMigrations.all.prefix(3)))
    // Submitted at ten past midnight of 2023-01-01 in Shanghai.
    _ = try await old.write { session in
      try session.execute(
        """
        INSERT INTO enterprises (id, display_name, region_code, region_city, region_county, industry_code, first_loan,
          created_micros, updated_micros, revision)
        VALUES (?, '企业', '370302', '3703', '370302', 'C34', 0, 0, 0, 1)
        """, [.text(Fixture.uscc)])
      try session.execute(
        """
        INSERT INTO demands (id, enterprise, state, reached, currency, amount_minor, tenor_months, purpose, security_mode,
          instrument, region_code, region_province, region_city, region_county, channel, profile_name, profile_region,
          profile_industry, profile_first_loan, profile_tags, profile_consents, claimed_by, claimed_micros, offer_minor,
          offer_rate_ppm, offer_tenor_months, offer_guarantee, offer_product, offer_micros, contract_number, contract_minor,
          contract_day, contract_revolving, disbursed_minor, submitted_by, policy_digest, created_micros, updated_micros,
          revision)
        VALUES (?, ?, 'disbursed', 255, 'CNY', 1000, 12, '首贷购买 CNC', 'credit', 'loan', '370302', '37', '3703', '370302',
          'grid', '企业', '370302', 'C34', 0, '[]', '[]', 'bank-a', 1, 1100, 1, 12, 0, '', 1, 'HT', 900, 20000, 0, 500, 'x',
          'd', ?, 1, 7)
        """, [.text(Fixture.id(1)), .text(Fixture.uscc), .integer(1_672_503_000_000_000)])
    }
    await old.close()

    let store = try Store.open(configuration, migrations: DemandMigrations.all)
    let demands = DemandStore(store, policy: try Fixture.policy())
    let demand = try await demands.demand(Fixture.id(1))
    #expect(demand.handling == Handling(region: try RegionCode("370302")) && demand.handling.level == .county)
    for words in ["首贷", "cnc"] {
      let search = try DemandSearch(words, query: try DemandQuery(limit: 10).scoped(to: Fixture.operators))
      #expect(try await demands.search(search, for: Fixture.operators).count == 1, "\(words)")
    }
    let figures = try await demands.figures(try FigureQuery(prefix: "", dimension: .period, from: nil, to: nil))
    #expect(figures.rows.map(\.key) == ["2023-01"])
    #expect(figures.total.amounts[.cny] == AmountTally(wanted: 1000, granted: 1100, signed: 900, disbursed: 500))
    await store.close()
  }
}
