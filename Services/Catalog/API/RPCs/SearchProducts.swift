import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Catalog_V1_SearchProductsRequest: PagedRequest {}

extension CatalogService {
  private static let queryCharacters = 200

  package func searchProducts(
    request: ServerRequest<Huirong_Catalog_V1_SearchProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_SearchProductsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let question = try Self.question(message, now: call.now)
      let (index, state) = try await live.searchable()
      let level = state.rates.level(on: question.asOf)
      let result = index.search(
        question, limit: page.size + 1, after: page.cursor.flatMap(Self.place), withFacets: message.includeFacets,
        level: level)
      let (kept, next) = page.cut(result.hits) { "\($0.place.key)/\($0.place.id)/\($0.place.version)" }
      var response = Huirong_Catalog_V1_SearchProductsResponse()
      response.hits = kept.map { .init($0) }
      response.totalSize = Int32(clamping: result.total)
      response.facets = result.facets.map { facet in
        .with {
          $0.name = facet.facet.rawValue
          $0.values = facet.values.map { value in
            .with {
              $0.value = value.value
              $0.count = Int32(clamping: value.count)
            }
          }
        }
      }
      response.nextPageToken = next
      response.catalogSequence = state.sequence
      return response
    }
  }

  private static func place(_ cursor: String) -> SearchPlace? {
    let parts = cursor.split(separator: "/")
    guard parts.count == 3, let key = Int64(parts[0]), let version = Int(parts[2]) else { return nil }
    return SearchPlace(key: key, id: String(parts[1]), version: version)
  }

  private static func question(
    _ message: Huirong_Catalog_V1_SearchProductsRequest, now: Instant
  ) throws(DomainError) -> SearchQuestion {
    var question = SearchQuestion(asOf: try Reading.day(message.hasAsOf, message.asOf, "as_of", now: now))
    guard message.query.count <= queryCharacters else {
      throw .invalid("query", "at most \(queryCharacters) characters")
    }
    question.query = message.query
    question.filters = try filters(message)
    if !message.region.isEmpty {
      try RegionCode.validate(message.region, field: "region")
      question.region = message.region
    }
    if message.hasAmount { question.amount = try Money.positive(message.amount, field: "amount") }
    if message.hasTenor { question.tenor = try Tenor(message.tenor, "tenor") }
    if message.hasMaxRate { question.maxRate = Rate(message.maxRate) }
    if message.effective != .unspecified {
      question.effective = try Reading.value(message.effective.rawValue, as: EffectiveFilter.self, "effective")
    }
    if message.order != .unspecified {
      question.order = try Reading.value(message.order.rawValue, as: SearchOrder.self, "order")
    }
    return question
  }

  private static func filters(
    _ message: Huirong_Catalog_V1_SearchProductsRequest
  ) throws(DomainError) -> [SearchFacet: [String]] {
    var filters: [SearchFacet: [String]] = [:]
    filters[.instrument] = try Reading.each(message.instruments, "instruments") { value, path throws(DomainError) in
      try Reading.value(value.rawValue, as: Instrument.self, path).key
    }
    filters[.institutionKind] = try Reading.each(message.institutionKinds, "institution_kinds") {
      value, path throws(DomainError) in
      try Reading.value(value.rawValue, as: InstitutionKind.self, path).key
    }
    filters[.institution] = try Reading.each(message.institutions, "institutions") {
      name, path throws(DomainError) in
      "\(Institution.collection)/\(try Reading.institution(name, path))"
    }
    filters[.securityMode] = try Reading.each(message.securityModes, "security_modes") {
      value, path throws(DomainError) in
      try Reading.value(value.rawValue, as: SecurityMode.self, path).key
    }
    filters[.repaymentMethod] = try Reading.each(message.repaymentMethods, "repayment_methods") {
      value, path throws(DomainError) in
      try Reading.value(value.rawValue, as: RepaymentMethod.self, path).key
    }
    filters[.customerClass] = try Reading.each(message.customerClasses, "customer_classes") {
      value, path throws(DomainError) in
      try Reading.value(value.rawValue, as: CustomerClass.self, path).key
    }
    filters[.collateralKind] = message.collateralKinds
    for (facet, values) in filters where values.count > CatalogLimits.conditionValues {
      throw .invalid(facet.rawValue + "s", "at most \(CatalogLimits.conditionValues) values")
    }
    return filters
  }
}

extension Huirong_Catalog_V1_SearchHit {
  init(_ hit: SearchHit) {
    self.init()
    let terms = hit.offer.terms
    product = "\(Product.collection)/\(hit.offer.id)"
    version = Int32(clamping: hit.offer.version)
    institution = "\(Institution.collection)/\(terms.institution)"
    institutionName = hit.offer.institutionName
    title = .init(terms.title)
    instrument = .init(rawValue: terms.instrument.rawValue) ?? .unspecified
    if let range = terms.amount { amount = .init(range) }
    if let range = terms.tenor { tenor = .init(range) }
    if let ppm = hit.allInPPM { allInRate = .init(Rate(ppm: ppm)) }
    if let days = terms.process?.workingDays { workingDays = Int32(clamping: days) }
  }
}
