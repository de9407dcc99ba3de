package import DemandDomain
package import Kernel
package import Logging

/// Records the deadlines that have passed, once when the service begins and then with each business day in Asia/Shanghai.
package struct ClockKeeper: Sendable {
  /// How often it looks whether a day has ended.
  static let interval = Duration.seconds(60)

  /// Demands and cases of one transaction: more would hold the writer from others.
  static let atOnce = 200

  private let ledger: any ClockLedger
  private let clock: @Sendable () -> Instant
  private let pause: @Sendable (Duration) async throws -> Void
  private let logger: Logger

  package init(
    ledger: any ClockLedger, clock: @escaping @Sendable () -> Instant, logger: Logger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.ledger = ledger
    self.clock = clock
    self.logger = logger
    self.pause = pause
  }

  /// Runs until the task is cancelled.
  /// - Throws: what the store throws.
  package func run() async throws {
    var last: BusinessDate?
    while !Task.isCancelled {
      let today = try clock().shanghaiDate()
      if today != last {
        do {
          try await advance(to: today)
        } catch let error as DomainError {
          // A matter that cannot be advanced must not stop the service; the next day tries again.
          logger.error("deadlines not recorded", metadata: ["reason": "\(error)"])
        } catch {
          throw Task.isCancelled ? CancellationError() : error
        }
        last = today
      }
      try? await pause(Self.interval)
    }
  }

  private func advance(to today: BusinessDate) async throws {
    while !Task.isCancelled {
      let run = try await ledger.advance(try AdvanceClocks(asOf: today, limit: Self.atOnce), now: clock())
      let (demands, cases) = (run.demands.count, run.cases.count)
      if demands + cases > 0 {
        logger.info("deadlines missed", metadata: ["demands": "\(demands)", "cases": "\(cases)"])
      }
      if !run.more { return }
    }
  }
}
