import FundDomain
import FundStore
import Kernel
import Storage
import Testing

/// What the store does once for a whole batch must come out as if it were done transfer by transfer.
@Suite struct LedgerBatchTests {
  private let day = Fixture.day("2024-05-02")

  private func fund() async throws -> StoreFund {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for (code, limit) in [
      ("9a", AccountLimit.none), ("9b", .none), ("9c", .debitsMustNotExceedCredits),
    ] {
      try await fund.run(
        CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .credit, limit: limit))
    }
    return fund
  }

  private func single(_ id: Int, _ amount: Int64 = 1, from debit: String = "9a") -> TransferDraft {
    TransferDraft(
      id: Fixture.ulid(id), .single(.clearing, [LegDraft("pool.\(debit)", amount), LegDraft("pool.9b", -amount)]),
      on: day)
  }

  @Test func `ids that are taken are told apart in a batch that lies around them`() async throws {
    let fund = try await fund()
    #expect(try await fund.run(CreateTransfers([single(5), single(7)])).map(\.status) == [.created, .created])
    #expect(try await fund.run(CreateTransfers([single(9, from: "9c")])).map(\.status) == [.exceedsLimit])
    let results = try await fund.run(CreateTransfers((1...12).map { single($0) }))
    let statuses = results.map(\.status)
    #expect(statuses[4] == .exists && statuses[6] == .exists && statuses[8] == .idAlreadyRefused)
    #expect(statuses.filter { $0 == .created }.count == 9)
    #expect(results[4].number == 2 && results[6].number == 3)
    let again = try await fund.run(CreateTransfers((1...12).reversed().map { single($0, $0 == 3 ? 2 : 1) }))
    #expect(again.map(\.status)[9] == .existsWithDifferentAmount)
    #expect(again.map(\.status).filter { $0 == .exists }.count == 10)
  }

  @Test func `an id twice in one batch is made once`() async throws {
    let fund = try await fund()
    let results = try await fund.run(CreateTransfers((1...10).map { single(min($0, 9)) }))
    #expect(results.map(\.status) == [TransferStatus](repeating: .created, count: 9) + [.exists])
    #expect(results[9].number == results[8].number)
  }

  @Test func `a balance inside a long batch is what the transfers before it make`() async throws {
    let fund = try await fund()
    var drafts: [TransferDraft] = []
    var expected: [Balances] = []
    var totals = Balances.zero
    for id in 1...600 {
      let amount = Int64(id)
      switch id % 3 {
      case 1:
        drafts.append(single(id, amount))
        totals.debitsPosted += amount
      case 2:
        drafts.append(
          TransferDraft(
            id: Fixture.ulid(id),
            .pending(.clearing, [LegDraft("pool.9b", amount), LegDraft("pool.9a", -amount)], expiresOn: day), on: day))
        totals.creditsPending += amount
      default:
        let pending = TransferDraft.PendingReference.id(Fixture.ulid(id - 1))
        let isPart = id % 2 == 0
        drafts.append(
          TransferDraft(
            id: Fixture.ulid(id), id % 9 == 0 ? .void(pending) : .post(pending, amount: isPart ? 1 : nil), on: day))
        totals.creditsPending -= amount - 1
        if id % 9 != 0 { totals.creditsPosted += isPart ? 1 : amount - 1 }
      }
      expected.append(totals)
    }
    let results = try await fund.run(CreateTransfers(drafts))
    #expect(results.allSatisfy { $0.status == .created })
    for (result, balances) in zip(results, expected) {
      #expect(try await fund.repository.balances(of: "pool.9a", at: .transfer(result.number)).balances == balances)
    }
    #expect(try await fund.repository.account("pool.9a").balances == totals)
    let touching = try await fund.repository.transfers(touching: "pool.9a", after: 0, limit: 1000)
    #expect(touching.items.map(\.transfer.number) == results.map(\.number))
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
  }

  @Test func `a close that is undone with its command closes nothing`() async throws {
    let fund = try await fund()
    try await fund.run(CreateTransfers([single(1)]))
    try await fund.run(AdvanceDay(pool: "pool", businessDate: day))
    struct Unspeakable: Error {}
    let envelope = try CommandEnvelope(
      requestID: "close", method: "huirong.fund.v1.FundService/ClosePeriod", caller: Fixture.officer,
      requestHash: [UInt8](repeating: 7, count: 32), now: Fixture.now)
    await #expect(throws: Unspeakable.self) {
      _ = try await fund.repository.execute(ClosePeriod(pool: "pool", through: day), envelope: envelope) { _ in
        throw Unspeakable()
      }
    }
    #expect(try await fund.run(CreateTransfers([single(2)])).map(\.status) == [.created])
    try await fund.run(ClosePeriod(pool: "pool", through: day))
    #expect(try await fund.run(CreateTransfers([single(3)])).map(\.status) == [.periodClosed])
  }
}
