package import CatalogDomain
import Kernel
package import Storage

/// The catalog's store: loads, lets the domain decide and persists, in one transaction per command.
package final class CatalogStore: CatalogRepository {
  let store: Store
  let limits: any PolicyLimitReading

  /// - Parameter limits: where published limits on fees and rates are read when products are entered and published.
  package init(_ store: Store, limits: any PolicyLimitReading) {
    self.store = store
    self.limits = limits
  }

  // MARK: Reading

  package func institution(_ id: String) async throws -> Institution {
    let found = try await store.read { try InstitutionRows.load(id, $0) }
    guard let found else { throw DomainError.notFound("\(Institution.collection)/\(id)") }
    return found
  }

  package func institutions(_ filter: InstitutionFilter, after: String?, limit: Int) async throws -> [Institution] {
    try await store.read { try InstitutionRows.page(filter, after: after, limit: limit, $0) }
  }

  package func product(_ id: String, version: Int?, sight: Sight) async throws -> Product {
    let found = try await store.read { session in
      try version.map { try ProductRows.load(id, version: $0, session).flatMap(sight.view) }
        ?? ProductRows.latest(id, sight, session)
    }
    guard let found else {
      throw DomainError.notFound("\(Product.collection)/\(id)" + (version.map { " version \($0)" } ?? ""))
    }
    return found
  }

  package func views(of id: String) async throws -> (latest: Product, published: Product?) {
    let found = try await store.read { session in
      try ProductRows.load(id, session).map { ($0, try ProductRows.seen($0, .published, session)) }
    }
    guard let found else { throw DomainError.notFound("\(Product.collection)/\(id)") }
    return found
  }

  package func products(
    _ filter: ProductFilter, after: ProductCursor?, limit: Int, sight: Sight
  ) async throws -> [Product] {
    try await store.read { try ProductRows.page(filter, after: after, limit: limit, sight, $0) }
  }

  package func versions(of id: String, after: Int, limit: Int, sight: Sight) async throws -> [Product] {
    let found = try await store.read { session in
      try ProductRows.load(id, session).map {
        let all = sight.reaches($0.terms.institution)
        return (
          isSeen: all || $0.publishedVersion > 0,
          page: try ProductRows.versions(of: id, after: after, limit: limit, all: all, session)
        )
      }
    }
    guard let found, found.isSeen else { throw DomainError.notFound("\(Product.collection)/\(id)") }
    return found.page.compactMap(sight.view)
  }

  package func referenceRates() async throws -> ReferenceRateTable {
    try await store.read { try ReferenceRateRows.load($0) }
  }
}
