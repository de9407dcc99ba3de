import Foundation
import FundDomain
import FundStore
import Kernel
import Storage
import Synchronization

/// A fund on a store of its own, removed at the end.
final class StoreFund: Sendable {
  let store: Store
  let repository: SQLFundRepository
  private let directory: String
  private let nextRequest = Mutex(0)

  init(_ rules: FundRules) throws {
    let configuration = try StoreConfiguration.temporary()
    directory = configuration.directory
    store = try Store.open(configuration, migrations: FundMigrations.all)
    repository = SQLFundRepository(store, rules: rules)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Runs a command under a key, a fresh one unless given; the frozen bytes are the outcome's description.
  @discardableResult
  func reply<Command: FundCommand>(
    _ command: Command, key: String? = nil, by caller: Caller = Fixture.officer
  ) async throws -> CommandReply<Command.Outcome> {
    let number = nextRequest.withLock { next in
      next += 1
      return next
    }
    let body = Array("\(command)".utf8)
    var hash = [UInt8](repeating: 0, count: 32)
    for (index, byte) in body.enumerated() { hash[index % 32] = hash[index % 32] &* 31 &+ byte }
    let envelope = try CommandEnvelope(
      requestID: key ?? "r\(number)", method: "huirong.fund.v1.FundService/\(Command.self)", caller: caller,
      requestHash: hash, now: Fixture.now)
    return try await repository.execute(command, envelope: envelope) { Array("\($0)".utf8) }
  }

  @discardableResult
  func run<Command: FundCommand>(
    _ command: Command, key: String? = nil, by caller: Caller = Fixture.officer
  ) async throws -> Command.Outcome {
    switch try await reply(command, key: key, by: caller) {
    case .fresh(let outcome): return outcome
    case .replayed: throw DomainError(.internal, "a fresh outcome was expected")
    }
  }

  /// Runs SQL behind the ledger's back.
  func tamper(_ sql: String) async throws { try await store.write { session in try session.execute(sql) } }

  /// Σ debits less Σ credits of each business date, over all accounts; none but zero in a sound ledger.
  func daysOutOfBalance() async throws -> Int64 {
    try await store.read { session in
      try session.first(
        "SELECT COUNT(*) FROM (SELECT day FROM fund_day GROUP BY day HAVING SUM(debits) <> SUM(credits))"
      ) { try $0.int64(0) } ?? 0
    }
  }
}
