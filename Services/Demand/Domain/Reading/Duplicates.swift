package import Kernel

/// Asks for firms that may be registered twice: the same name in one city.
package struct DuplicateQuery: Sendable, Hashable {
  /// Most firms of one name that an answer shows.
  package static let maximumFirms = 20
  /// Most names of one page; more than this many is this many.
  package static let maximumNames = 200

  package var regionPrefix: String
  /// Where the page before ended.
  package var after: DuplicateKey?
  package var limit: Int

  /// - Throws: `INVALID_REGION`, `OUT_OF_SCOPE`.
  package init(
    regionPrefix: String, after: DuplicateKey?, limit: Int, caller: Caller
  ) throws(DomainError) {
    try DemandScope.requireRegion(prefix: regionPrefix, field: "region_prefix", by: caller)
    self.regionPrefix = regionPrefix
    self.after = after
    self.limit = min(limit, Self.maximumNames)
  }
}

/// The order of the list: by city, then by name.
package struct DuplicateKey: Sendable, Hashable {
  package var city: String
  package var name: String

  package init(city: String, name: String) {
    self.city = city
    self.name = name
  }

  /// As a page token carries it.
  package var text: String { city + name }

  /// `nil` for no such text.
  package init?(text: String) {
    guard text.utf8.count > 4, text.utf8.prefix(4).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(city: String(text.prefix(4)), name: String(text.dropFirst(4)))
  }
}

/// Firms of one city and one name that stand for themselves.
package struct DuplicateEnterprises: Sendable, Hashable {
  package var name: String
  /// In order of registration.
  package var firms: [Enterprise]

  package init(name: String, firms: [Enterprise]) {
    self.name = name
    self.firms = firms
  }

  /// The place they share: the county when all lie in one, otherwise the city.
  package var regionPrefix: String {
    let counties = Set(firms.map(\.region.county))
    return counties.count == 1 ? counties.first ?? "" : firms.first?.region.city ?? ""
  }
}

package struct DuplicatePage: Sendable, Hashable {
  package var duplicates: [DuplicateEnterprises]
  /// Where the next page begins; `nil` on the last one.
  package var next: DuplicateKey?

  package init(duplicates: [DuplicateEnterprises], next: DuplicateKey?) {
    self.duplicates = duplicates
    self.next = next
  }
}
