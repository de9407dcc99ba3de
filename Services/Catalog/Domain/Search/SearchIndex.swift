package import Kernel

/// The published catalog, searchable. A value: a change makes a new one that shares what did not change. Changed offers go
/// into a small segment of their own; segments of like size are merged, so that a change costs little however large the
/// catalog is.
package struct SearchIndex: Sendable {
  private struct Part: Sendable {
    let segment: SearchSegment
    /// Documents that were replaced or taken out since.
    var dead: [UInt64]
    var alive: Int
  }

  private var parts: [Part]

  package init(_ offers: [Offer]) { parts = offers.isEmpty ? [] : [Self.part(offers)] }

  private static func part(_ offers: [Offer]) -> Part {
    let segment = SearchSegment(offers)
    return Part(segment: segment, dead: Array(repeating: 0, count: segment.words), alive: offers.count)
  }

  /// Versions that are or will be in force.
  package var count: Int { parts.reduce(0) { $0 + $1.alive } }

  /// The index after changes: the offers replace all of their product.
  package func applying(_ changes: [(id: String, offers: [Offer])]) -> SearchIndex {
    if changes.isEmpty { return self }
    var next = self
    for index in next.parts.indices {
      for change in changes {
        for document in next.parts[index].segment.documents[change.id] ?? [] {
          let bit: UInt64 = 1 << UInt64(document & 63)
          if next.parts[index].dead[document >> 6] & bit == 0 {
            next.parts[index].dead[document >> 6] |= bit
            next.parts[index].alive -= 1
          }
        }
      }
    }
    let added = changes.flatMap(\.offers)
    if !added.isEmpty { next.parts.append(Self.part(added)) }
    next.merge()
    return next
  }

  /// Keeps every segment at least twice as large as the one after it.
  private mutating func merge() {
    parts.removeAll { $0.alive == 0 }
    while parts.count > 1, parts[parts.count - 1].alive * 2 > parts[parts.count - 2].alive {
      let last = parts.removeLast()
      let before = parts.removeLast()
      parts.append(Self.part(Self.alive(before) + Self.alive(last)))
    }
  }

  private static func alive(_ part: Part) -> [Offer] {
    part.segment.offers.enumerated().filter { part.dead[$0.offset >> 6] & (1 << UInt64($0.offset & 63)) == 0 }
      .map(\.element)
  }

  /// Values a facet may list.
  private static let facetValues = 100

  /// One page in a deterministic order.
  package func search(
    _ question: SearchQuestion, limit: Int, after: SearchPlace?, withFacets: Bool, level: ReferenceLevel
  ) -> SearchResult {
    let terms = SearchText.query(question.query)
    let order = question.effectiveOrder
    var hits: [SearchHit] = []
    var total = 0
    var counts: [SearchFacet: [String: Int]] = [:]
    for part in parts {
      let found = part.segment.select(question, terms, level, dead: part.dead)
      total += found.count
      for hit in part.segment.first(limit, of: found, order, terms, level, after: after) {
        hits.append(
          SearchHit(
            offer: part.segment.offers[hit.document], place: hit.place,
            allInPPM: part.segment.allIn(hit.document, level)))
      }
      if withFacets { Self.count(part, found, question, terms, level, into: &counts) }
    }
    hits.sort { SearchPlace.precedes($0.place, $1.place) }
    let facets = withFacets ? SearchFacet.allCases.map { ($0, Self.sorted(counts[$0] ?? [:])) } : []
    return SearchResult(hits: Array(hits.prefix(limit)), total: total, facets: facets)
  }

  private static func count(
    _ part: Part, _ found: Bitmap, _ question: SearchQuestion, _ terms: [SearchText.Term], _ level: ReferenceLevel,
    into counts: inout [SearchFacet: [String: Int]]
  ) {
    for facet in SearchFacet.allCases {
      let base =
        (question.filters[facet] ?? []).isEmpty
        ? found : part.segment.select(question, terms, level, dead: part.dead, leavingOut: facet)
      part.segment.count(facet, in: base, into: &counts[facet, default: [:]])
    }
  }

  private static func sorted(_ counts: [String: Int]) -> [(value: String, count: Int)] {
    counts.map { (value: $0.key, count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value }.prefix(facetValues).map(\.self)
  }
}
