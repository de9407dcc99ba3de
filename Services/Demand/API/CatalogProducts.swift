package import DemandDomain
import GRPCCore
package import Kernel
package import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

/// How many products match, asked of the catalog service.
package struct CatalogProducts: ProductCounting {
  private let client: Huirong_Catalog_V1_CatalogService.PlainClient
  private static let limit: Duration = .seconds(5)

  package init(_ client: PlainClient) { self.client = .init(client) }

  package func count(_ subject: FeasibilityCase, for caller: Caller) async throws -> Int {
    var options = PlainCallOptions.inheriting(deadline: nil, limit: Self.limit, metadata: [:])
    options.metadata.addString(CallerHeader.format(caller), forKey: CallerHeader.onBehalfOf)
    do {
      return Int(try await client.matchProducts(Self.request(subject), options: options).eligibleCount)
    } catch let status as PlainStatus {
      throw DomainError(of: status, from: "catalog") ?? status
    }
  }

  private static func request(_ subject: FeasibilityCase) -> Huirong_Catalog_V1_MatchProductsRequest {
    let (demand, profile) = (subject.demand, subject.profile)
    return .with {
      $0.firm.regionCode = demand.region.text
      $0.firm.industryCode = profile.industry.text
      $0.firm.size = profile.sizeBand.wire
      $0.firm.tags = profile.tags
      $0.firm.consents = profile.consents.map { consent($0.kind) }
      $0.firm.platformGrade = profile.grade?.wire ?? .unspecified
      $0.firm.firstLoan = profile.firstLoan
      $0.firm.guaranteeAvailable = demand.securityMode == .guarantee
      $0.need.amount = demand.amount.wire
      $0.need.tenor.months = Int32(truncatingIfNeeded: demand.tenorMonths)
      $0.need.instruments = [demand.instrument.wire]
      $0.need.securityModes = [demand.securityMode.wire]
      $0.need.asOf = subject.date.wire
      $0.limit = 1
    }
  }

  /// The catalog names consents by what is read, this service by who is asked.
  private static func consent(_ kind: ConsentKind) -> String {
    switch kind {
    case .pbocCredit: "credit-report"
    case .publicCredit: "public-credit-report"
    case .tax: "tax-data"
    }
  }
}
