import CatalogDomain
import CatalogStore
import Foundation
import Kernel
import Storage
import Testing

@Suite struct MigrationTests {
  @Test func `a store whose lists were filtered by the latest version opens, and filters by each version`() async throws
  {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let old = try Store.open(configuration, migrations: Array(CatalogMigrations.all.prefix(6)))
    let bank = Institution(id: "bank-a", kind: .bank, nameZH: "银行", serviceRegions: ["37"])
    var draft = TestCatalog.terms("bank-a")
    draft.instrument = .lease
    draft.serviceRegions = ["3703"]
    let bodies = try (
      json(bank), [json(TestCatalog.terms("bank-a")), json(draft)]
    )
    _ = try await old.write { session in
      try session.execute(
        "INSERT INTO institution (id, kind, government_backed, body) VALUES ('bank-a', 1, 0, ?)", [.text(bodies.0)])
      try session.execute("INSERT INTO institution_region (institution_id, prefix) VALUES ('bank-a', '37')")
      // Published as a loan wherever its bank serves; drafted as a lease for one city, as which it used to be found.
      try session.execute(
        """
        INSERT INTO product (id, institution_id, instrument, state, state_reason, version, published_version, revision,
          create_time_micros, update_time_micros)
        VALUES ('p', 'bank-a', 3, 2, '', 2, 1, 5, 1, 2)
        """)
      for (index, terms) in bodies.1.enumerated() {
        try session.execute(
          """
          INSERT INTO product_version (product_id, version, terms, create_time_micros, publish_time_micros)
          VALUES ('p', ?, ?, 1, ?)
          """, [.integer(Int64(index + 1)), .text(terms), index == 0 ? .integer(1) : .null])
      }
      try session.execute("INSERT INTO product_region (product_id, prefix) VALUES ('p', '3703')")
    }
    await old.close()

    let catalog = try TestCatalog(configuration)
    for (sight, version) in [(Sight.published, 1), (.everything, 2)] {
      func versions(_ filter: ProductFilter) async throws -> [Int] {
        try await catalog.repository.products(filter, after: nil, limit: 9, sight: sight).map(\.version)
      }
      #expect(try await versions(ProductFilter()) == [version])
      #expect(try await versions(ProductFilter(instrument: .loan)) == (version == 1 ? [1] : []))
      #expect(try await versions(ProductFilter(instrument: .lease)) == (version == 2 ? [2] : []))
      #expect(try await versions(ProductFilter(region: "370902")) == (version == 1 ? [1] : []))
      #expect(try await versions(ProductFilter(region: "370303")) == [version])
    }
    await catalog.store.close()
  }

  private func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }
}
