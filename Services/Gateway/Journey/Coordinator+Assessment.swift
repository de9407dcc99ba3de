import Kernel
import PlainRPC
package import Protos
import SwiftProtobuf

extension JourneyCoordinator {
  /// Demand service: rapid feasibility as of today.
  func assess(_ demand: Huirong_Demand_V1_Demand) async throws {
    _ = try await clients.demand.assessDemand(
      .with {
        $0.requestID = StepKey.make(demand.name, "assess")
        $0.name = demand.name
        $0.reason = "journey"
      }, options: clients.own())
  }

  /// Catalog, then demand service: the matched institutions, best first and each once, together with the regulators.
  func matchAndPush(_ demand: Huirong_Demand_V1_Demand) async throws {
    let match = try await clients.catalog.matchProducts(
      matchRequest(demand, limit: Self.matchesToConsider, includeIneligible: false), options: clients.own())
    var seen: Set<String> = []
    let candidates = match.matches.compactMap { match -> Huirong_Demand_V1_PushCandidate? in
      let institution = String(match.institution.drop { $0 != "/" }.dropFirst())
      guard seen.insert(institution).inserted else { return nil }
      return .with {
        $0.institution = institution
        $0.product = match.product
        $0.score.ppm = Int64(match.score.total) * 1000
      }
    }
    _ = try await clients.demand.pushDemand(
      .with {
        // Two passes that find other matches must not push twice: the demand's first push wins, whatever its basis.
        $0.requestID = StepKey.make(demand.name, "push", basis: "\(demand.assessment.number)")
        $0.name = demand.name
        $0.mode = candidates.isEmpty ? .open : .directed
        $0.candidates = Array(candidates.prefix(settings.pushLimit))
        $0.reason = "journey: \(match.eligibleCount) of \(match.consideredCount) products fit"
      }, options: clients.own())
  }

  /// The catalog's limit of one answer.
  static let matchesToConsider: Int32 = 200

  /// The demand as the catalog asks for it.
  package func matchRequest(
    _ demand: Huirong_Demand_V1_Demand, limit: Int32, includeIneligible: Bool
  ) -> Huirong_Catalog_V1_MatchProductsRequest {
    .with {
      $0.firm = firmProfile(demand)
      $0.need.amount = demand.amount
      $0.need.tenor.months = demand.tenorMonths
      if demand.instrument != .unspecified { $0.need.instruments = [demand.instrument] }
      if demand.securityMode != .unspecified { $0.need.securityModes = [demand.securityMode] }
      $0.limit = limit
      $0.includeIneligible = includeIneligible
    }
  }

  private func firmProfile(_ demand: Huirong_Demand_V1_Demand) -> Huirong_Catalog_V1_FirmProfile {
    .with {
      $0.regionCode = demand.regionCode
      $0.industryCode = demand.profile.industryCode
      $0.size = demand.profile.sizeBand
      $0.tags = demand.profile.tags
      $0.consents = demand.profile.consents.map { Self.catalogConsent($0.kind) }
      $0.platformGrade = demand.profile.platformGrade
      $0.firstLoan = demand.profile.firstLoan
      $0.guaranteeAvailable = demand.securityMode == .guarantee
    }
  }

  /// The catalog names consents by what is read, the demand service by who is asked.
  private static func catalogConsent(_ kind: String) -> String {
    switch kind {
    case "PBOC_CREDIT": "credit-report"
    case "PUBLIC_CREDIT": "public-credit-report"
    case "TAX": "tax-data"
    default: kind
    }
  }
}
