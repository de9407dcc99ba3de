import DemandAPI
import DemandDomain
import DemandStore
import Kernel
import Logging
import Policy
import Protos
import Storage
import SwiftProtobuf
import Synchronization
import Testing

/// Deadlines as rows keep them, when the packs change and when nobody asks.
@Suite struct DueDayTests {
  private static func day(_ iso: String) -> Instant {
    Instant(microseconds: Int64(Fixture.date(iso).dayNumber) * 86_400_000_000 + 4 * 3_600_000_000)
  }

  /// A demand that was pushed to everybody at noon of a day.
  private func pushed(_ test: TestStore, _ store: DemandStore? = nil, on iso: String) async throws -> String {
    let now = Self.day(iso)
    try await test.register(try Fixture.registration())
    let id = Fixture.id(1)
    let commands: [(DemandCommand, Caller)] = [
      (.submit(try Fixture.submission(id: id, validUntil: nil, wanted: nil)), Fixture.firm),
      (try Fixture.command(.assess, id: id), Fixture.grid), (try Fixture.command(.push, id: id), Fixture.regulator),
    ]
    for (command, caller) in commands {
      _ = try await (store ?? test.demands).execute(
        command, envelope: try test.envelope("\(command.kind)", caller, at: now), encode: { _ in [] })
    }
    return id
  }

  private func missed(_ store: DemandStore, on iso: String) async throws -> [String] {
    try await store.advance(try AdvanceClocks(asOf: Fixture.date(iso), limit: 0), now: Self.day(iso)).demands
  }

  /// Three days to accept a demand in place of one.
  private static func longer() throws -> PolicyBook {
    let parameter = "parameter: demand.accept.days.cap\n    value: "
    return try Fixture.policy { _, yaml in yaml.replacing(parameter + "1", with: parameter + "3") }
  }

  @Test func `a deadline that a pack lengthens is not missed before its new last day`() async throws {
    try await TestStore.with { test in
      let id = try await pushed(test, on: "2025-01-02")
      let longer = try Self.longer()
      #expect(longer.digest != test.policy.digest)
      #expect(try await missed(test.demands, on: "2025-01-03").isEmpty)
      let store = DemandStore(test.store, policy: longer)
      #expect(try await missed(store, on: "2025-01-07").isEmpty)
      #expect(try await missed(store, on: "2025-01-08") == [id])
      #expect(try await missed(store, on: "2025-01-08").isEmpty)
    }
  }

  @Test func `a deadline that a pack shortens is missed after its new last day`() async throws {
    let longer = try Self.longer()
    try await TestStore.with { test in
      let id = try await pushed(test, DemandStore(test.store, policy: longer), on: "2025-01-02")
      #expect(try await missed(test.demands, on: "2025-01-04") == [id])
    }
  }

  @Test func `a deadline in a year without holidays is due once they are entered`() async throws {
    try await TestStore.with { test in
      let id = try await pushed(test, on: "2026-12-31")
      #expect(try await missed(test.demands, on: "2027-01-20").isEmpty)
      let entered = try Fixture.policy { name, yaml in
        name == "state-council-calendar" ? yaml + Self.holidays : yaml
      }
      #expect(try await missed(DemandStore(test.store, policy: entered), on: "2027-01-20") == [id])
    }
  }

  private static let holidays = """

      - id: holidays.2027
        parameter: calendar.holidays
        value: [2027-01-01]
        unit: dates
        standing: true
        effective_from: 2027-01-01
        effective_to: 2027-12-31
        source: {document: 试验, article: 全文}
      - id: working_weekends.2027
        parameter: calendar.working_weekends
        value: [2027-02-14]
        unit: dates
        standing: true
        effective_from: 2027-01-01
        effective_to: 2027-12-31
        source: {document: 试验, article: 全文}

    """

  @Test func `a day to come has missed nothing`() async throws {
    try await Story.tell { story in
      _ = try await story.pushed()
      let early = await story.wire.refusal {
        try await story.wire.run(
          "AdvanceClocks",
          .with {
            $0.requestID = story.key()
            $0.asOf = Story.date(Fixture.date("2025-01-03"))
          }, by: Fixture.service, story.wire.service.advanceClocks(request:context:))
      }
      #expect(early?.reason == .invalidDate && early?.field == "as_of")
    }
  }

  @Test func `the service itself records what has passed, once for each business day`() async throws {
    struct Days: ClockLedger {
      let seen = Box()
      final class Box: Sendable {
        let days = Mutex<[String]>([])
      }
      func advance(_ command: AdvanceClocks, now: Instant) async throws -> AdvancedClocks {
        seen.days.withLock { $0.append("\(command.asOf)") }
        // The first day has more than one run can record.
        let more = seen.days.withLock { $0.count == 1 }
        return AdvancedClocks(demands: [], cases: [], more: more)
      }
    }
    let ledger = Days()
    // Just before midnight in Shanghai, then at midnight.
    let midnight: Int64 = 1_735_833_600_000_000
    let times = Mutex(Array(repeating: midnight - 1, count: 4) + [midnight])
    let pauses = Mutex(0)
    let keeper = ClockKeeper(
      ledger: ledger,
      clock: { Instant(microseconds: times.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }) },
      logger: Logger(label: "test"),
      pause: { _ in
        let count = pauses.withLock { count in
          count += 1
          return count
        }
        if count == 4 { withUnsafeCurrentTask { $0?.cancel() } }
      })
    let task = Task { try await keeper.run() }
    try? await task.value
    #expect(ledger.seen.days.withLock { $0 } == ["2025-01-02", "2025-01-02", "2025-01-03"])
  }
}
