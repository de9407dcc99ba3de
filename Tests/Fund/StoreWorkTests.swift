import Crypto
import Foundation
import FundDomain
import FundStore
import Kernel
import Storage
import Testing

/// What the store adds to the ledger's further work: statements, proofs, records, older stores.
@Suite struct StoreWorkTests {
  private func fund() async throws -> StoreFund {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for (code, limit) in [("9a", AccountLimit.none), ("9c", .debitsMustNotExceedCredits)] {
      try await fund.run(
        CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .credit, limit: limit))
    }
    return fund
  }

  private func draft(_ id: Int, _ amount: Int64, on day: String) -> TransferDraft {
    TransferDraft(
      id: Fixture.ulid(id), .single(.clearing, [LegDraft("pool.9a", amount), LegDraft("pool.9c", -amount)]),
      on: Fixture.day(day), reference: "r/\(id)")
  }

  @Test func `a statement runs by value date and its balances follow`() async throws {
    let fund = try await fund()
    try await fund.run(
      CreateTransfers([
        draft(1, 100, on: "2024-05-03"), draft(2, 10, on: "2024-05-01"), draft(3, 5, on: "2024-05-02"),
      ]))
    try await fund.run(CreateTransfers([draft(4, -20, on: "2024-05-03"), draft(5, 7, on: "2024-05-04")]))
    let statement = try await fund.repository.statement(
      of: "pool.9c", from: Fixture.day("2024-05-02"), to: Fixture.day("2024-05-03"))
    #expect(statement.opening == 10 && statement.closing == 95)
    #expect(statement.entries.map(\.transfer) == [4, 2, 5])
    #expect(statement.entries.map(\.amount) == [-5, -100, 20])
    #expect(statement.entries.map(\.balance) == [15, 115, 95])
    let empty = try await fund.repository.statement(
      of: "pool.9c", from: Fixture.day("2024-06-01"), to: Fixture.day("2024-06-02"))
    #expect(empty.opening == 102 && empty.entries.isEmpty && empty.closing == 102)
    let reversed = await refusalLater {
      _ = try await fund.repository.statement(
        of: "pool.9c", from: Fixture.day("2024-06-02"), to: Fixture.day("2024-06-01"))
    }
    #expect(reversed?.field == "to")
  }

  /// RFC 6962, 2.1.1: recomputes the root from the leaf and its path, sharing no code with the tree.
  private func root(_ proof: InclusionProof) -> [UInt8] {
    var (index, last) = (proof.number - 1, proof.treeSize - 1)
    var hash = Array(SHA256.hash(data: [0] + proof.hash))
    var path = proof.path[...]
    while last > 0 {
      if index % 2 == 1 {
        guard let sibling = path.popFirst() else { return [] }
        hash = Array(SHA256.hash(data: [1] + sibling + hash))
      } else if index < last {
        guard let sibling = path.popFirst() else { return [] }
        hash = Array(SHA256.hash(data: [1] + hash + sibling))
      }
      (index, last) = (index / 2, last / 2)
    }
    return path.isEmpty ? hash : []
  }

  @Test func `every transfer proves itself against the root of every tree`() async throws {
    let fund = try await fund()
    for batch in 0..<3 {
      try await fund.run(
        CreateTransfers((0..<800).map { draft(batch * 800 + $0 + 1, 1, on: "2024-05-01") }))
    }
    // 2 401 transfers: two full blocks and a part of a third.
    for size in [1, 2, 3, 7, 1023, 1024, 1025, 2047, 2048, 2049, 2401] as [Int64] {
      var roots: Set<[UInt8]> = []
      for number in Set([1, 2, size / 2, size - 1, size].filter { $0 > 0 && $0 <= size }).sorted() {
        let proof = try await fund.repository.inclusionProof(of: number, treeSize: size)
        #expect(root(proof) == proof.root, "\(number) of \(size)")
        #expect(try await fund.repository.transfer(number: number).hash == proof.hash)
        roots.insert(proof.root)
      }
      #expect(roots.count == 1)
    }
    #expect(
      await refusalLater { _ = try await fund.repository.inclusionProof(of: 5, treeSize: 4) }?.field == "tree_size")
    #expect(
      await refusalLater { _ = try await fund.repository.inclusionProof(of: 2402, treeSize: 0) }?.reason
        == .resourceNotFound)
  }

  @Test func `a day end over the store is that of the model`() async throws {
    let store = try StoreFund(Fixture.noRules())
    let model = MemoryFund(try Fixture.noRules())
    func both<Command: FundCommand>(_ command: Command, by caller: Caller = Fixture.officer) async throws
    where Command.Outcome: Equatable {
      let outcome = try await store.run(command, by: caller)
      #expect(try model.run(command, by: caller) == outcome)
    }
    try await both(Fixture.pool())
    try await both(try Fixture.facility(feePPM: 10_000, explicitFeeCap: 20_000, claimCap: 1_000_000))
    for (id, expires) in [("g", "2020-03-01"), ("h", "2020-03-01"), ("i", "2020-02-11")] {
      try await both(Fixture.reserve(id, borrower: id, expires: expires))
    }
    try await both(Fixture.commit("g"))
    try await both(Fixture.commit("h"))
    try await both(Fixture.claim("g"), by: Fixture.bank)
    try await both(ApproveClaim(guarantee: "g", businessDate: Fixture.day("2020-08-01")), by: Fixture.checker)
    try await both(AdvanceDay(pool: "pool", businessDate: Fixture.day("2020-08-15")))
    try await both(AdvanceDay(pool: "pool", businessDate: Fixture.day("2020-08-15")))
    try await both(AdvanceDay(pool: "pool", businessDate: Fixture.day("2020-12-15")))
    try await both(ClosePeriod(pool: "pool", through: Fixture.day("2020-12-15")))
    #expect(try await store.repository.pool("pool").pool == model.pools["pool"])
    let reports = try await store.repository.records(DayReport.self, RecordQuery(owner: "pool", limit: 1))
    #expect(reports.items.map(\.businessDate) == [Fixture.day("2020-08-15")] && reports.next != nil)
    #expect(try await store.daysOutOfBalance() == 0)
    #expect(try await store.repository.verify(.transfers).firstBadSequence == nil)

    let report = try await store.repository.facilityReport(
      "f", from: Fixture.day("2020-02-01"), to: Fixture.day("2020-12-31"))
    #expect(report.committed == .init(count: 2, amount: 200_000_000))
    #expect(report.fees == 1_956_164 && report.inForce == .init(count: 1, amount: 100_000_000))
    #expect(report.paidClaims == .init(count: 1, amount: 100_000_000))
    #expect(report.smallAndAgricultural == 100_000_000)
    #expect(report.weightedFees == 100_000_000 * 10_000)
    #expect(report.shares.map(\.measure) == ["small_and_agricultural", "small_amount", "average_fee"])
  }

  @Test func `cash that no line shows is found by its days, in the store as in the model`() async throws {
    let store = try StoreFund(Fixture.noRules())
    let model = MemoryFund(try Fixture.noRules())
    func both<Command: FundCommand>(_ command: Command) async throws where Command.Outcome: Equatable {
      let outcome = try await store.run(command)
      #expect(try model.run(command) == outcome)
    }
    try await both(Fixture.pool())
    for day in 1...20 {
      let date = Fixture.day("2020-03-\(day < 10 ? "0" : "")\(day)")
      try await both(
        CreateTransfers([
          TransferDraft(
            id: Fixture.ulid(day),
            .single(.capitalInjection, [LegDraft("pool.1001", Int64(day)), LegDraft("pool.3001", -Int64(day))]),
            on: date)
        ]))
    }
    // An earlier value date among the latest numbers.
    try await both(
      CreateTransfers([
        TransferDraft(
          id: Fixture.ulid(21), .single(.capitalInjection, [LegDraft("pool.1001", 99), LegDraft("pool.3001", -99)]),
          on: Fixture.day("2020-03-04"))
      ]))
    func statement(_ id: String, _ rows: String) async throws {
      let csv = "date,amount,reference,counterparty,line_id\n" + rows
      try await both(
        ImportStatement(
          pool: "pool", statementID: id, format: .csv, content: Array(csv.utf8),
          businessDate: Fixture.day("2020-03-21")))
    }
    try await statement("s", "2020-03-04,0.99,x,y,1\n2020-03-10,0.10,x,y,2\n")
    // What a line has is had; what lies five days off is near, six days are not.
    try await statement("t", "2020-03-04,0.99,x,y,1\n2020-03-20,0.15,x,y,2\n2020-03-20,0.14,x,y,3\n")
    try await statement("u", "2020-04-20,0.01,x,y,1\n")
    for (id, matched) in [("s", 2), ("t", 1), ("u", 0)] {
      let record = try await store.repository.record(BankStatement.self, "pool.\(id)", in: "bankStatements")
      #expect(record.matched == Int64(matched), "\(id)")
    }
    let first = try await store.repository.unmatchedCash(
      ofPool: "pool", through: Fixture.day("2020-03-20"), after: 0, limit: 3)
    #expect(first.page.items.map(\.number) == [1, 2, 3] && first.page.next == "3")
    let rest = try await store.repository.unmatchedCash(
      ofPool: "pool", through: Fixture.day("2020-03-20"), after: 3, limit: 100)
    #expect(rest.page.items.map(\.amount) == [3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19, 20])
    #expect(rest.page.next == nil)
  }

  @Test func `an institution's list holds its own facilities and those open to any bank`() async throws {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for (id, bank) in [("a", "bank-a"), ("b", "bank-b"), ("c", "*"), ("d", "bank-a")] {
      try await fund.run(try Fixture.facility(id, bank: bank, feePPM: 0))
    }
    func list(_ bank: String?, after key: String? = nil, limit: Int = 10) async throws -> FundPage<FacilityView> {
      try await fund.repository.facilities(ofPool: nil, agreedWith: bank, after: key, limit: limit)
    }
    #expect(try await list(nil).items.map(\.facility.id) == ["a", "b", "c", "d"])
    #expect(try await list("bank-a").items.map(\.facility.id) == ["a", "c", "d"])
    #expect(try await list("bank-c").items.map(\.facility.id) == ["c"])
    let page = try await list("bank-a", limit: 2)
    #expect(page.items.map(\.facility.id) == ["a", "c"])
    #expect(try await list("bank-a", after: page.next, limit: 2).items.map(\.facility.id) == ["d"])
  }

  @Test func `a rejected claim and a purpose are read back, and a facility keeps how it contracts`() async throws {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    try await fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try await fund.run(try Fixture.facility("strict", feePPM: 0, contracting: .application))
    #expect(try await fund.repository.facility("strict").facility.contracting == .application)
    #expect(try await fund.repository.facility("f").facility.contracting == .agreement)
    var reserve = Fixture.reserve("g")
    reserve.purpose = "原材料采购"
    #expect(try await fund.run(reserve).purpose == "原材料采购")
    #expect(try await fund.repository.guarantee("g").purpose == "原材料采购")
    try await fund.run(Fixture.commit("g"))
    for reason in ["no evidence", "twice"] {
      try await fund.run(Fixture.claim("g"), by: Fixture.bank)
      try await fund.run(
        RejectClaim(guarantee: "g", reason: reason, businessDate: Fixture.day("2020-08-05")), by: Fixture.checker)
    }
    let kept = try await fund.repository.records(RejectedClaim.self, RecordQuery(owner: "g", limit: 10)).items
    #expect(kept.map(\.reason) == ["no evidence", "twice"])
    #expect(kept[0].claim.evidence == Fixture.evidence && kept[0].claim.principal == 100_000_000)
  }

  @Test func `a store of the first schema opens with everything it held`() async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let first = try Store.open(configuration, migrations: Array(FundMigrations.all.prefix(1)))
    let head = try await first.write { session in
      try session.execute(
        "INSERT INTO fund_pool VALUES ('pool', 'p', 'CNY', 'XX', 100, NULL, 1, 1, 1)")
      for (number, code, side, rule, debits, credits) in [
        (1, "1001", 1, 3, 100, 0), (2, "3001", 2, 1, 0, 100),
      ] {
        try session.execute(
          """
          INSERT INTO fund_account VALUES (\(number), 'pool', '\(code)', 'a', \(number == 1 ? 1 : 5), \(side), 'CNY', \(rule),
            0, \(debits), 0, \(credits), 1, 0, 1)
          """)
        try session.execute("INSERT INTO fund_balance VALUES (\(number), 1, 0, \(debits), 0, \(credits), x'01')")
        try session.execute("INSERT INTO fund_day VALUES (\(number), 18262, \(debits), \(credits))")
      }
      // Legs 1: +100 and 2: −100, packed.
      let link = try session.extendChain(
        FundChains.transfers.chain,
        [
          .null, .integer(1), .integer(1), .blob([1, 200, 1, 2, 199, 1]), .integer(100), .integer(18262), .null, .null,
          .text("pools/pool"), .integer(1),
        ])
      try session.execute(
        "INSERT INTO fund_transfer VALUES (1, ?, NULL, 1, 1, x'01C80102C701', 100, 18262, NULL, NULL, 'pools/pool', 1)",
        [.blob(link.hash)])
      return link
    }
    await first.close()

    let store = try Store.open(configuration, migrations: FundMigrations.all)
    let repository = SQLFundRepository(store, rules: try Fixture.noRules())
    let cash = try await repository.account("pool.1001")
    #expect(cash.balances == Balances(debitsPosted: 100) && cash.bound == nil)
    #expect(cash.lastDay?.dayNumber == 18262)
    let report = try await repository.verify(.transfers)
    #expect(report.firstBadSequence == nil && report.headHash == head.hash)
    let statement = try await repository.statement(
      of: "pool.1001", from: Fixture.day("2019-01-01"), to: Fixture.day("2021-01-01"))
    #expect(statement.entries.map(\.amount) == [100])
    await store.close()
  }
}
