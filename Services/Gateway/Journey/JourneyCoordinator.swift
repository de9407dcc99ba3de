package import Kernel
package import Logging
package import PlainRPC
package import Protos
import SwiftProtobuf

/// Moves journeys through the services. It holds connections and settings and no state: each call reads where the
/// services stand, takes the steps that `JourneyPlan` names and reads again.
package struct JourneyCoordinator: Sendable {
  package let clients: SuiteClients
  package let settings: JourneySettings
  let logger: Logger
  let now: @Sendable () -> Instant

  /// Steps a journey can need in one go; more means that two sides disagree for ever, which is a bug worth a log line.
  static let maximumSteps = 8

  package init(
    clients: SuiteClients, settings: JourneySettings, logger: Logger, now: @escaping @Sendable () -> Instant
  ) {
    self.clients = clients
    self.settings = settings
    self.logger = logger
    self.now = now
  }

  /// Reads a journey without moving it.
  package func read(_ demandName: String, options: PlainCallOptions) async throws -> Journey {
    let demand = try await clients.demand.getDemand(.with { $0.name = demandName }, options: options)
    let guarantees = try await guarantees(of: demand)
    let pending = JourneyPlan.steps(for: demand, guarantees: guarantees)
    return Journey(demand: demand, guarantees: guarantees, pending: pending, problem: nil)
  }

  /// Takes every step that is the gateway's to take. A step that a service refuses or cannot answer ends the pass: the
  /// journey says which and why, and the reconciler comes back.
  package func advance(_ demandName: String) async throws -> Journey {
    var journey = try await read(demandName, options: clients.own())
    for _ in 0..<Self.maximumSteps {
      guard let step = journey.pending.first else { return journey }
      do {
        try await take(step, journey.demand)
      } catch let status as PlainStatus {
        journey.problem = status
        return journey
      }
      journey = try await read(demandName, options: clients.own())
    }
    logger.warning("journey does not settle", metadata: ["journey": "\(demandName)", "pending": "\(journey.pending)"])
    return journey
  }

  func guarantees(of demand: Huirong_Demand_V1_Demand) async throws -> [Huirong_Fund_V1_Guarantee] {
    guard Self.mayHaveGuarantees(demand) else { return [] }
    var found: [Huirong_Fund_V1_Guarantee] = []
    var token = ""
    repeat {
      let page = try await clients.fund.listGuarantees(
        .with {
          $0.journey = demand.name
          $0.pageSize = 1000
          $0.pageToken = token
        }, options: clients.own())
      found += page.guarantees
      token = page.nextPageToken
    } while !token.isEmpty
    return found
  }

  /// Nothing is reserved before a first offer, so a demand that never had one needs no call to the fund.
  private static func mayHaveGuarantees(_ demand: Huirong_Demand_V1_Demand) -> Bool {
    switch demand.state {
    case .submitted, .hard: false
    case .assessed, .pushed, .claimed: !demand.declines.isEmpty
    default: true
    }
  }

  private func take(_ step: JourneyStep, _ demand: Huirong_Demand_V1_Demand) async throws {
    switch step {
    case .assess: try await assess(demand)
    case .matchAndPush: try await matchAndPush(demand)
    case .reserve: _ = try await reserve(demand, contract: demand.contract)
    case .commit(let guarantee): try await commit(guarantee, demand)
    case .void(let guarantee, let reason): try await void(guarantee, demand, reason.rawValue)
    }
  }

  func today() throws(DomainError) -> BusinessDate { try now().shanghaiDate() }
}

/// What a city decides about journeys.
package struct JourneySettings: Sendable {
  /// Days after signature within which a reserved guarantee must be drawn when the contract names no last day.
  package var reservationDays: Int
  /// Institutions that a demand is pushed to at most, best matches first.
  package var pushLimit: Int

  package init(reservationDays: Int = 30, pushLimit: Int = 20) {
    self.reservationDays = reservationDays
    self.pushLimit = pushLimit
  }
}
