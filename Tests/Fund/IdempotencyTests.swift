import FundDomain
import FundStore
import Kernel
import Storage
import Synchronization
import Testing

/// Four ways in which idempotency is known to break in services like this one, each as a test that it does not here:
/// a key reused with another body answers the old outcome; a key that one command used blocks another command's; a
/// failure of the machinery is stored and answered for ever; concurrent requests of one key both take effect.
@Suite struct IdempotencyTests {
  private func fund() async throws -> StoreFund {
    let fund = try StoreFund(Fixture.noRules())
    try await fund.run(Fixture.pool())
    for code in ["9a", "9b"] {
      try await fund.run(
        CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .debit, limit: .none))
    }
    return fund
  }

  private func transfers(_ id: Int, _ amount: Int64, count: Int = 1) -> CreateTransfers {
    CreateTransfers(
      (0..<count).map { index in
        TransferDraft(
          id: Fixture.ulid(id * 100 + index),
          .single(.clearing, [LegDraft("pool.9a", amount), LegDraft("pool.9b", -amount)]),
          on: Fixture.day("2024-05-01"))
      })
  }

  private func total(_ fund: StoreFund) async throws -> Int64 {
    try await fund.repository.account("pool.9a").balances.debitsPosted
  }

  @Test func `a key with another body is an error of its own and does nothing`() async throws {
    let fund = try await fund()
    try await fund.run(transfers(1, 100), key: "k")
    let error = await refusalLater { _ = try await fund.reply(transfers(2, 999), key: "k") }
    #expect(error?.reason == .requestIDReused)
    #expect(try await total(fund) == 100)
    guard case .replayed = try await fund.reply(transfers(1, 100), key: "k") else {
      Issue.record("the first request is no longer answered")
      return
    }
  }

  @Test func `a key used for another command says so and neither takes effect twice`() async throws {
    let fund = try await fund()
    try await fund.run(transfers(1, 100), key: "k")
    let error = await refusalLater { _ = try await fund.reply(Fixture.pool("second"), key: "k") }
    #expect(error?.reason == .requestIDReused)
    #expect(error?.metadata.values.contains { $0.contains("CreateTransfers") || $0.contains("method") } == true)
    #expect(await refusalLater { _ = try await fund.repository.pool("second") }?.reason == .resourceNotFound)
    // The same key of another organisation is another key.
    let other = Caller(organisation: "other", role: .operator, regionPrefix: "37", subject: "wang")
    try await fund.run(Fixture.pool("second"), key: "k", by: other)
  }

  /// Fails as a disk or a bug would, until it is told not to.
  private struct Unlucky: FundCommand {
    final class Weather: Sendable {
      let isBad = Mutex(true)
    }

    struct Fault: Error {}

    let weather: Weather
    let inner: CreateTransfers

    func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> [TransferResult] {
      let results = try inner.decide(fund, context)
      if weather.isBad.withLock({ $0 }) { throw Fault() }
      return results
    }
  }

  @Test func `a fault is not stored: the same key succeeds when it has passed`() async throws {
    let fund = try await fund()
    let weather = Unlucky.Weather()
    let command = Unlucky(weather: weather, inner: transfers(1, 100))
    await #expect(throws: Unlucky.Fault.self) { try await fund.reply(command, key: "k") }
    #expect(try await total(fund) == 0)
    weather.isBad.withLock { $0 = false }
    guard case .fresh(let results) = try await fund.reply(command, key: "k") else {
      Issue.record("the fault was stored")
      return
    }
    #expect(results.map(\.status) == [.created])
    #expect(try await total(fund) == 100)
    #expect(try await fund.repository.verify(.transfers).firstBadSequence == nil)
  }

  @Test func `a refusal is stored: it stays refused when it would succeed`() async throws {
    let fund = try await fund()
    let reserve = Fixture.reserve("g")
    #expect(await refusalLater { _ = try await fund.reply(reserve, key: "k") }?.reason == .resourceNotFound)
    try await fund.run(try Fixture.facility(explicitFeeCap: 20_000))
    #expect(await refusalLater { _ = try await fund.reply(reserve, key: "k") }?.reason == .resourceNotFound)
    try await fund.run(reserve, key: "k2")
  }

  @Test func `concurrent requests of one key take effect once and answer the same`() async throws {
    let fund = try await fund()
    let command = transfers(1, 100, count: 3)
    let fresh = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask {
          if case .fresh = try await fund.reply(command, key: "k") { return true }
          return false
        }
      }
      return try await group.reduce(into: 0) { count, isFresh in count += isFresh ? 1 : 0 }
    }
    #expect(fresh == 1)
    #expect(try await total(fund) == 300)
  }

  private final class Tally: Sendable {
    let fresh = Mutex<[Int: Int]>([:])
  }

  /// 64 callers work through the same 10 000 keys, each in an order of its own; some answers are lost and asked for
  /// again. Whatever happens, each key's transfers exist once.
  @Test func `64 callers retry 10 000 keys with loss and reordering, each effect exactly once`() async throws {
    let fund = try await fund()
    let (keys, callers, chunk) = (10_000, 64, 40)
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<callers {
        group.addTask {
          var random = SeededGenerator(seed: UInt64(caller) + 1)
          // Each caller takes a part of all keys, and every key is somebody's many times over.
          var mine = (0..<keys).filter { _ in Int.random(in: 0..<callers, using: &random) < 4 }
          if caller < keys / chunk { mine += Array(stride(from: caller, to: keys, by: callers)) }
          mine.shuffle(using: &random)
          for key in mine {
            let isLost = Int.random(in: 0..<10, using: &random) == 0
            let reply = try await fund.reply(transfers(key + 1, Int64(key % 7 + 1)), key: "key-\(key)")
            if case .fresh = reply { tally.fresh.withLock { $0[key, default: 0] += 1 } }
            // A lost answer is asked for again, later.
            if isLost { _ = try await fund.reply(transfers(key + 1, Int64(key % 7 + 1)), key: "key-\(key)") }
          }
        }
      }
      try await group.waitForAll()
    }
    let made = tally.fresh.withLock { $0 }
    #expect(made.count == keys && made.values.allSatisfy { $0 == 1 })
    #expect(try await total(fund) == (0..<keys).reduce(0) { $0 + Int64($1 % 7 + 1) })
    let report = try await fund.repository.verify(.transfers)
    #expect(report.firstBadSequence == nil && report.entries == Int64(keys) + 1)
    #expect(try await fund.daysOutOfBalance() == 0)
  }
}
