import CatalogAPI
import CatalogStore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@testable import CatalogDomain

/// What is not published is read by its own institution, by who reviews and by who supervises; by nobody else.
@Suite struct SightTests {
  private static func caller(_ role: Role, _ organisation: String = "someone") -> Caller {
    Caller(organisation: organisation, role: role, regionPrefix: "", subject: "s")
  }

  /// Every role, and whether it sees a draft of `bank-a`.
  private static let roles: [(caller: Caller, sees: Bool)] = [
    (caller(.operator), true), (caller(.regulator), true), (caller(.institution, "bank-a"), true),
    (caller(.institution, "bank-b"), false), (caller(.enterprise), false), (caller(.gridWorker), false),
    (caller(.adviser), false), (caller(.analyst), false), (caller(.service), false),
    // A name alone is no right.
    (caller(.enterprise, "bank-a"), false),
  ]

  /// `draft` was never published; `second` has a published version and a later draft; `open` is published as it stands.
  private func withProducts(_ body: (TestCatalog) async throws -> Void) async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a", "bank-b")
    _ = try await catalog.create("draft", "bank-a")
    _ = try await catalog.publish(try await catalog.create("open", "bank-a"))
    let first = try await catalog.publish(try await catalog.create("second", "bank-a"))
    _ = try await catalog.repository.updateProduct(
      id: "second", etag: first.etag, envelope: try TestCatalog.envelope("update"), encode: TestCatalog.encode
    ) { stored throws(DomainError) in
      var terms = stored
      terms.title.en = "Secret"
      return terms
    }.outcome
    do { try await body(catalog) } catch {
      await catalog.remove()
      throw error
    }
    await catalog.remove()
  }

  @Test func `every role is covered`() { #expect(Set(Self.roles.map(\.caller.role)) == Set(Role.allCases)) }

  @Test func `a product is read in the latest version that the caller may see`() async throws {
    try await withProducts { catalog in
      for (caller, sees) in Self.roles {
        let sight = Sight(caller)
        func read(_ id: String, _ version: Int? = nil) async -> Product? {
          try? await catalog.repository.product(id, version: version, sight: sight)
        }
        #expect(await (read("draft") != nil) == sees, "\(caller)")
        #expect(await (read("draft", 1) != nil) == sees, "\(caller)")
        #expect(await (read("second", 2) != nil) == sees, "\(caller)")
        #expect(await read("second")?.version == (sees ? 2 : 1), "\(caller)")
        #expect(await read("second", 1)?.version == 1, "\(caller)")
        // Who reviewed and what was noted is no part of what was published.
        #expect(await (read("open")?.review != nil) == sees, "\(caller)")
        #expect(await read("open")?.terms == TestCatalog.terms("bank-a"), "\(caller)")
      }
    }
  }

  @Test func `a list is filtered by the version that it shows`() async throws {
    try await withProducts { catalog in
      let published = try await catalog.repository.product("second", version: nil, sight: .everything)
      _ = try await catalog.repository.updateProduct(
        id: "second", etag: try #require(published).etag, envelope: try TestCatalog.envelope("move"),
        encode: TestCatalog.encode
      ) { stored throws(DomainError) in
        var terms = stored
        terms.instrument = .lease
        terms.serviceRegions = ["3703"]
        return terms
      }.outcome
      for (caller, sees) in Self.roles {
        func finds(_ filter: ProductFilter) async throws -> Bool {
          try await catalog.repository.products(filter, after: nil, limit: 9, sight: Sight(caller))
            .contains { $0.id == "second" }
        }
        // Published as a loan wherever its bank serves; drafted for one city as a lease.
        #expect(try await finds(ProductFilter(instrument: .lease)) == sees, "\(caller)")
        #expect(try await finds(ProductFilter(instrument: .loan)) != sees, "\(caller)")
        #expect(try await finds(ProductFilter(region: "370902")) != sees, "\(caller)")
        #expect(try await finds(ProductFilter(region: "370303")), "\(caller)")
        #expect(try await !finds(ProductFilter(region: "110000")), "\(caller)")
      }
    }
  }

  @Test func `lists and versions hold what the caller may see`() async throws {
    try await withProducts { catalog in
      for (caller, sees) in Self.roles {
        let sight = Sight(caller)
        func list(_ filter: ProductFilter) async throws -> [String] {
          try await catalog.repository.products(filter, after: nil, limit: 9, sight: sight).map {
            "\($0.id) \($0.version)"
          }
        }
        #expect(
          try await list(ProductFilter()) == (sees ? ["draft 1", "open 1", "second 2"] : ["open 1", "second 1"]))
        #expect(try await list(ProductFilter(state: .draft)) == (sees ? ["draft 1"] : []), "\(caller)")
        #expect(try await list(ProductFilter(institution: "bank-b")) == [])
        let versions = try await catalog.repository.versions(of: "second", after: 0, limit: 9, sight: sight)
        #expect(versions.map(\.version) == (sees ? [1, 2] : [1]), "\(caller)")
        if sees { continue }
        await #expect(throws: DomainError.self) {
          try await catalog.repository.versions(of: "draft", after: 0, limit: 9, sight: sight)
        }
      }
    }
  }

  @Test func `nobody learns of a draft by reporting it`() async throws {
    try await withProducts { catalog in
      for (number, (caller, sees)) in Self.roles.enumerated() {
        func report(_ product: String) async throws -> ProductErrorReport {
          try await catalog.repository.reportError(
            ProductErrorDraft(
              id: "r\(number)-\(product)", product: product, version: 0, field: "title", text: "x", expected: ""),
            envelope: try TestCatalog.envelope("report-\(number)-\(product)", caller), encode: { _ in [] }
          ).outcome
        }
        do {
          _ = try await report("draft")
          #expect(sees, "\(caller)")
        } catch let error as DomainError { #expect(!sees && error.reason == .resourceNotFound, "\(caller)") }
        #expect(try await report("second").version == (sees ? 2 : 1), "\(caller)")
      }
    }
  }

  @Test func `reports are read by whom they concern`() {
    let report = { (reporter: String) in
      ProductErrorReport(
        id: "r", product: "p", institution: "bank-a", version: 1, field: "title", text: "x", expected: "",
        reporter: reporter, state: .open, answer: "", correctedVersion: 0, answeredBy: "", createTime: TestCatalog.now,
        updateTime: TestCatalog.now, revision: 1)
    }
    let readers: [(Caller, Bool)] = [
      (Self.caller(.operator), true), (Self.caller(.regulator), true), (Self.caller(.analyst), true),
      (Self.caller(.institution, "bank-a"), true), (Self.caller(.institution, "bank-b"), false),
      (Self.caller(.enterprise, "firm"), true), (Self.caller(.enterprise, "other"), false),
      (Self.caller(.gridWorker), false), (Self.caller(.adviser), false),
    ]
    for (caller, reads) in readers { #expect(report("firm").isFor(caller) == reads, "\(caller)") }
  }

  @Test func `every answer shows a product in the same form`() async throws {
    let catalog = try TestCatalog()
    try await catalog.enter("bank-a")
    func bytes(_ product: Product) throws -> [UInt8] { try Huirong_Catalog_V1_Product(product).serializedBytes() }
    func stored() async throws -> [UInt8] {
      try bytes(try await catalog.repository.product("p", version: nil, sight: .everything))
    }
    let created = try await catalog.create("p", "bank-a")
    #expect(Huirong_Catalog_V1_Product(created).hasTrackRecord)
    #expect(try await stored() == bytes(created))
    let approved = try await catalog.approve(created)
    #expect(try await stored() == bytes(approved))
    let published = try await catalog.repository.publishProduct(
      id: "p", etag: approved.etag, asOf: try TestCatalog.now.shanghaiDate(), envelope: try TestCatalog.envelope("p"),
      encode: { _ in [] }
    ).outcome.product
    #expect(try await stored() == bytes(published))
    let updated = try await catalog.repository.updateProduct(
      id: "p", etag: published.etag, envelope: try TestCatalog.envelope("u"), encode: TestCatalog.encode
    ) { stored throws(DomainError) in
      var terms = stored
      terms.title.en = "New"
      return terms
    }.outcome
    #expect(try await stored() == bytes(updated))
    await catalog.remove()
  }
}
