import DemandDomain
import DemandStore
import Foundation
import Kernel
import Policy
import Storage

/// A demand store in a directory of its own.
struct TestStore {
  let configuration: StoreConfiguration
  let policy: PolicyBook
  let store: Store
  let demands: DemandStore

  init(_ configuration: StoreConfiguration, _ policy: PolicyBook) throws {
    self.configuration = configuration
    self.policy = policy
    store = try Store.open(configuration, migrations: DemandMigrations.all)
    demands = DemandStore(store, policy: policy)
  }

  /// - Parameter packs: read before the fixture's own.
  static func with<R>(
    packs: [String] = [], _ body: (TestStore) async throws -> R
  ) async throws -> R {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let test = try TestStore(configuration, try Fixture.policy(packs + Fixture.packs))
    do {
      let result = try await body(test)
      await test.store.close()
      return result
    } catch {
      await test.store.close()
      throw error
    }
  }

  func envelope(_ key: String, _ caller: Caller, method: String = "test", at now: Instant = Fixture.noon) throws
    -> CommandEnvelope
  {
    try CommandEnvelope(
      requestID: key, method: method, caller: caller, requestHash: [UInt8](repeating: 1, count: 32), now: now)
  }

  @discardableResult
  func run(_ command: DemandCommand, _ key: String, by caller: Caller) async throws -> CommandReply<Demand> {
    try await demands.execute(
      command, envelope: try envelope(key, caller, method: command.kind.rawValue, at: Fixture.time(of: command)),
      encode: { Array($0.state.rawValue.utf8) })
  }

  @discardableResult
  func register(
    _ registration: RegisterEnterprise, _ key: String = "firm", by caller: Caller = Fixture.operators
  ) async throws -> CommandReply<Enterprise> {
    try await demands.register(registration, envelope: try envelope(key, caller), encode: { Array($0.id.utf8) })
  }

  /// A registered firm's demand, pushed to everybody.
  func pushed(_ id: String = Fixture.id(1)) async throws {
    try await register(try Fixture.registration())
    try await run(try Fixture.command(.submit, id: id), "submit-\(id)", by: Fixture.firm)
    try await run(try Fixture.command(.assess, id: id), "assess-\(id)", by: Fixture.grid)
    try await run(try Fixture.command(.push, id: id), "push-\(id)", by: Fixture.regulator)
  }

  /// Every entry of the log so far.
  func log() async throws -> [LogEntry] {
    let head = store.eventHead
    if head == 0 { return [] }
    var entries: [LogEntry] = []
    struct Done: Error {}
    do {
      try await demands.follow(after: 0) { entry in
        entries.append(entry)
        if entry.sequence == head { throw Done() }
      }
    } catch is Done {}
    return entries
  }
}
