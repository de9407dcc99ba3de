package import Kernel

/// Properties whose values are counted and filtered.
package enum SearchFacet: String, Sendable, CaseIterable {
  case instrument
  case institutionKind = "institution_kind"
  case institution
  case securityMode = "security_mode"
  case repaymentMethod = "repayment_method"
  case customerClass = "customer_class"
  case collateralKind = "collateral_kind"

  /// Its values in an offer, as filters write them.
  func values(_ offer: Offer) -> [String] {
    switch self {
    case .instrument: [offer.terms.instrument.key]
    case .institutionKind: offer.institutionKind.map { [$0.key] } ?? []
    case .institution: ["\(Institution.collection)/\(offer.terms.institution)"]
    case .securityMode: offer.terms.securityModes.map(\.key)
    case .repaymentMethod: offer.terms.repaymentMethods.map(\.key)
    case .customerClass: Array(Set(offer.terms.customerClasses.map(\.key)))
    case .collateralKind: Array(Set(offer.terms.collateralKinds))
    }
  }
}

package enum SearchOrder: Int, Sendable, CaseIterable {
  case relevance = 1
  case name, rate, amount, speed
}

/// What is searched for.
package struct SearchQuestion: Sendable {
  package var query = ""
  /// By facet, any of these values; absent means all.
  package var filters: [SearchFacet: [String]] = [:]
  package var region: String?
  package var amount: Money?
  package var tenor: Tenor?
  package var maxRate: Rate?
  package var effective: EffectiveFilter = .current
  package var asOf: BusinessDate
  /// `nil` is by relevance when there is a query, else by name.
  package var order: SearchOrder?

  package init(asOf: BusinessDate) { self.asOf = asOf }

  var effectiveOrder: SearchOrder { order ?? (query.isEmpty ? .name : .relevance) }
}

/// The place of a product in an order.
package struct SearchPlace: Hashable, Sendable {
  package let key: Int64
  package let id: String
  package let version: Int

  package init(key: Int64, id: String, version: Int) {
    self.key = key
    self.id = id
    self.version = version
  }

  static func precedes(_ left: SearchPlace, _ right: SearchPlace) -> Bool {
    if left.key != right.key { return left.key < right.key }
    return left.id != right.id ? left.id < right.id : left.version < right.version
  }
}

package struct SearchHit: Sendable {
  package let offer: Offer
  package let place: SearchPlace
  /// Yearly all-in rate; `nil` when not stated or the reference rate is not known.
  package let allInPPM: Int64?
}

package struct SearchResult: Sendable {
  package let hits: [SearchHit]
  package let total: Int
  /// In the order of `SearchFacet`; values most frequent first.
  package let facets: [(facet: SearchFacet, values: [(value: String, count: Int)])]
}
