package import CatalogDomain
import Kernel
import Storage

extension CatalogStore {
  /// Events read at once when catching up.
  private static let pageEvents = 1_000

  package func snapshot() async throws -> CatalogChanges {
    try await store.read { session in
      CatalogChanges(
        offers: try ProductRows.offers(session).map { ($0.id, $0) }, rates: try ReferenceRateRows.load(session),
        sequence: try session.chainHead(Store.eventChain).sequence)
    }
  }

  /// Products that events after `sequence` speak of, as they stand now: state may be newer than the last event read, which
  /// a later pass repeats without harm.
  package func changes(after sequence: Int64) async throws -> CatalogChanges {
    var names: Set<String> = []
    var last = sequence
    while last < store.eventHead {
      let events = try await store.events(after: last, limit: Self.pageEvents)
      guard let end = events.last else { break }
      for event in events where event.type.hasPrefix("product.") { names.insert(event.subject) }
      last = end.sequence
    }
    let ids = names.sorted().map { String($0.dropFirst(Product.collection.count + 1)) }
    let reached = last
    return try await store.read { session in
      CatalogChanges(
        offers: try ids.map { ($0, try ProductRows.offer($0, session)) }, rates: try ReferenceRateRows.load(session),
        sequence: reached)
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
