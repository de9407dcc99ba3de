package import CatalogDomain
import Kernel
import Storage

extension CatalogStore {
  /// Events read at once when catching up.
  private static let pageEvents = 1_000

  package func snapshot() async throws -> CatalogChanges {
    try await store.read { session in
      CatalogChanges(
        offers: try OfferRows.all(session), touched: [], rates: try ReferenceRateRows.load(session),
        sequence: try session.chainHead(Store.eventChain).sequence)
    }
  }

  /// Products that events after `sequence` speak of, as they stand now, and all of an institution that changed: state may be
  /// newer than the last event read, which a later pass repeats without harm.
  package func changes(after sequence: Int64) async throws -> CatalogChanges {
    var products: Set<String> = []
    var institutions: Set<String> = []
    var last = sequence
    while last < store.eventHead {
      let events = try await store.events(after: last, limit: Self.pageEvents)
      guard let end = events.last else { break }
      for event in events {
        if event.type.hasPrefix("product.") {
          products.insert(String(event.subject.dropFirst(Product.collection.count + 1)))
        } else if event.type == CatalogEventKind.institutionUpdated.rawValue {
          institutions.insert(String(event.subject.dropFirst(Institution.collection.count + 1)))
        }
      }
      last = end.sequence
    }
    let (named, owners, reached) = (products, institutions, last)
    return try await store.read { session in
      var ids = named
      for owner in owners { ids.formUnion(try InstitutionRows.products(of: owner, session)) }
      var known: [String: Institution] = [:]
      return CatalogChanges(
        offers: try ids.sorted().map { ($0, try OfferRows.of($0, &known, session)) }, touched: ids.sorted(),
        rates: try ReferenceRateRows.load(session), sequence: reached)
    }
  }

  package func watch(
    after sequence: Int64, _ body: @escaping @Sendable (CatalogEvent) async throws -> Void
  ) async throws {
    for try await event in store.watch(after: sequence) { try await body(try EventCodec.decode(event)) }
  }

  package func verifyChain() async throws -> ChainVerification {
    let report = try await store.verifyEvents()
    return ChainVerification(
      entries: report.entries, intact: report.isIntact, firstBadSequence: report.firstBadSequence ?? 0,
      headHash: report.head.sequence == 0 ? [] : report.head.hash, chain: "catalog.events")
  }
}
