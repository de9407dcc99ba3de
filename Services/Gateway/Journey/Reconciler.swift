import GRPCCore
package import Logging
import PlainRPC
import Protos
package import ServiceLifecycle
import SwiftProtobuf

/// Finishes or compensates what a crash left behind: looks at every unfinished journey when it starts and at intervals,
/// and at each journey that changes while it follows the demand service's log.
package struct Reconciler: Service {
  private let coordinator: JourneyCoordinator
  private let interval: Duration
  private let logger: Logger

  /// First wait after a failure; doubles up to `maximumBackoff`.
  static let initialBackoff = Duration.milliseconds(100)
  static let maximumBackoff = Duration.seconds(5)
  /// Journeys of one sweep that are looked at side by side.
  static let concurrency = 8

  /// - Parameter interval: time between two sweeps while nothing fails.
  package init(_ coordinator: JourneyCoordinator, interval: Duration, logger: Logger) {
    self.coordinator = coordinator
    self.interval = interval
    self.logger = logger
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var backoff = Self.initialBackoff
      while !Task.isCancelled {
        do {
          let sequence = try await head()
          let count = try await sweep()
          if count > 0 { logger.info("sweep looked at journeys", metadata: ["count": "\(count)"]) }
          backoff = Self.initialBackoff
          try await follow(after: sequence)
        } catch is CancellationError {
          return
        } catch {
          logger.notice("reconciler waits", metadata: ["cause": "\(error)", "for": "\(backoff)"])
          do { try await Task.sleep(for: backoff) } catch { return }
          backoff = min(backoff * 2, Self.maximumBackoff)
        }
      }
    }
  }

  /// Where the demand service's log stands: whatever changes after this is seen by following it.
  private func head() async throws -> Int64 {
    try await coordinator.clients.demand.summarizeDemands(.init(), options: coordinator.clients.own()).asOfSequence
  }

  /// Looks at every journey that may have a step due.
  /// - Returns: how many there were.
  package func sweep() async throws -> Int {
    var names = try await unfinishedDemands()
    names.formUnion(try await journeysOfReservations())
    let ordered = names.sorted()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, name) in ordered.enumerated() {
        if index >= Self.concurrency { try await group.next() }
        group.addTask { try await self.look(name) }
      }
      try await group.waitForAll()
    }
    return ordered.count
  }

  private func unfinishedDemands() async throws -> Set<String> {
    var names: Set<String> = []
    for state in ["SUBMITTED", "ASSESSED", "SIGNED"] {
      var token = ""
      repeat {
        let page = try await coordinator.clients.demand.listDemands(
          .with {
            $0.filter = "state = \(state)"
            $0.pageSize = 1000
            $0.pageToken = token
          }, options: coordinator.clients.own())
        names.formUnion(page.demands.map(\.name))
        token = page.nextPageToken
      } while !token.isEmpty
    }
    return names
  }

  private func journeysOfReservations() async throws -> Set<String> {
    var names: Set<String> = []
    var token = ""
    repeat {
      let page = try await coordinator.clients.fund.listGuarantees(
        .with {
          $0.state = .reserved
          $0.pageSize = 1000
          $0.pageToken = token
        }, options: coordinator.clients.own())
      names.formUnion(page.guarantees.map(\.journey).filter { $0.hasPrefix("demands/") })
      token = page.nextPageToken
    } while !token.isEmpty
    return names
  }

  /// Follows the log until the next sweep is due or the stream fails.
  private func follow(after sequence: Int64) async throws {
    let options = PlainCallOptions.timeout(interval)
    do {
      let events = try await coordinator.clients.demand.watchDemands(
        .with { $0.afterSequence = sequence }, options: options)
      for try await entry in events where entry.event.hasDemand { try await look(entry.event.demand.name) }
    } catch let status as PlainStatus where status.code == .deadlineExceeded {
      return
    }
  }

  private func look(_ name: String) async throws {
    do {
      let journey = try await coordinator.advance(name)
      if let problem = journey.problem {
        logger.notice(
          "journey waits",
          metadata: [
            "journey": "\(name)", "step": "\(journey.pending.first.map { "\($0)" } ?? "")", "cause": "\(problem)",
          ])
      }
    } catch let status as PlainStatus where status.code == .notFound {
      logger.warning("reservation of an unknown journey", metadata: ["journey": "\(name)"])
    }
  }
}
