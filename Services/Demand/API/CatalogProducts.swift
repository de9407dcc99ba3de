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

  package func count(
    _ subject: FeasibilityCase, for caller: Caller, within limit: Duration?
  ) async throws -> Int {
    let limit = min(limit ?? Self.limit, Self.limit)
    var options = PlainCallOptions.inheriting(deadline: nil, limit: limit, metadata: [:])
    options.metadata.addString(CallerHeader.format(caller), forKey: CallerHeader.onBehalfOf)
    do {
      return Int(try await client.matchProducts(Self.request(subject), options: options).eligibleCount)
    } catch let status as PlainStatus {
      throw DomainError(of: status, from: "catalog") ?? status
    }
  }

  /// All that is known of the firm and its file: a condition that asks for something else fails, as it would at the counter.
  static func request(_ subject: FeasibilityCase) -> Huirong_Catalog_V1_MatchProductsRequest {
    let (demand, profile) = (subject.demand, subject.profile)
    return .with {
      $0.firm.regionCode = demand.region.text
      $0.firm.industryCode = profile.industry.text
      $0.firm.size = profile.sizeBand.wire
      $0.firm.tags = profile.tags + profile.tags.compactMap(word)
      $0.firm.consents = profile.consents.map { consent($0.kind) }
      $0.firm.platformGrade = profile.grade?.wire ?? .unspecified
      $0.firm.firstLoan = profile.firstLoan
      $0.firm.guaranteeAvailable = demand.securityMode == .guarantee
      if let word = demand.handling.collateral.flatMap(collateral) { $0.firm.collateral = [word] }
      $0.firm.renewalCommitted = demand.hasRenewalCommitment(on: subject.date)
      if let enterprise = subject.enterprise { fill(&$0.firm, enterprise) }
      if profile.tags.contains("链主") { $0.firm.chainRole = .core }
      $0.need.amount = demand.amount.wire
      $0.need.tenor.months = Int32(truncatingIfNeeded: demand.tenorMonths)
      $0.need.instruments = [demand.instrument.wire]
      $0.need.securityModes = [demand.securityMode.wire]
      $0.need.asOf = subject.date.wire
      $0.limit = 1
    }
  }

  private static func fill(_ firm: inout Huirong_Catalog_V1_FirmProfile, _ enterprise: Enterprise) {
    firm.legalForm = legalForm(enterprise)
    guard let inputs = enterprise.size?.inputs else { return }
    if let staff = inputs.staff { firm.staff = staff }
    if let revenue = inputs.revenue { firm.annualRevenue = revenue.wire }
    if let assets = inputs.assets { firm.totalAssets = assets.wire }
  }

  /// The catalog's word for a mark.
  private static func word(_ tag: String) -> String? {
    switch tag {
    case "专精特新": "zhuanjingtexin"
    case "高新技术": "high-tech"
    default: nil
    }
  }

  /// By the second character of a code that the market regulator (9) gave: 2 a sole trader, 3 a farmers' cooperative
  /// (GB 32100-2015, table 1). A firm (1) may be a company or a partnership: that stays open.
  private static func legalForm(_ enterprise: Enterprise) -> Huirong_Catalog_V1_LegalForm {
    switch enterprise.uscc.text.prefix(2) {
    case "92": .soleTrader
    case "93": .cooperative
    default: .unspecified
    }
  }

  /// The catalog's words for what a firm can give; none for a thing that is not named.
  private static func collateral(_ kind: CollateralKind) -> String? {
    switch kind {
    case .realEstate: "real-estate"
    case .equipment: "equipment"
    case .landManagementRight: "farmland-operation-right"
    case .receivables: "receivable"
    case .inventory: "inventory"
    case .patent: "patent"
    case .trademark: "trademark"
    case .equity: "equity"
    case .other: nil
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
