import Kernel
import Synchronization

/// A compiled set of offers to search. Immutable.
final class SearchSegment: Sendable {
  /// Ascending by product and version.
  let offers: [Offer]
  let words: Int
  /// Documents by product.
  let documents: [String: [Int]]
  private let all: TermIndex
  private let titles: TermIndex
  private let institutions: TermIndex
  private let facets: [SearchFacet: [String: PostingList]]
  /// By prefix; "" is everywhere.
  private let regions: [String: PostingList]
  private let scoring: ScoringTable
  private let ranges: SearchRanges
  /// Every document, and no bit behind the last.
  private let everything: Bitmap
  private let orders = Mutex<[OrderKey: [Int32]]>([:])

  private struct OrderKey: Hashable {
    let order: SearchOrder
    let level: ReferenceLevel
  }

  init(_ unsorted: [Offer]) {
    let offers = unsorted.sorted { $0.id != $1.id ? $0.id < $1.id : $0.version < $1.version }
    self.offers = offers
    let words = (offers.count + 63) / 64
    self.words = words
    documents = Dictionary(offers.enumerated().map { ($1.id, [$0]) }, uniquingKeysWith: +)
    all = TermIndex(offers.map(Self.texts))
    titles = TermIndex(offers.map { [$0.terms.title.zh, $0.terms.title.en] })
    institutions = TermIndex(offers.map { [$0.institutionName] })
    facets = Dictionary(
      uniqueKeysWithValues: SearchFacet.allCases.map { facet in
        (facet, Self.postings(offers, words) { facet.values($0) })
      })
    regions = Self.postings(offers, words) { $0.regions.isEmpty ? [""] : Array(Set($0.regions)) }
    scoring = ScoringTable(offers)
    ranges = SearchRanges(offers, words: words)
    everything = Bitmap(offers.map { _ in true }, words: words)
  }

  private static func texts(_ offer: Offer) -> [String] {
    let terms = offer.terms
    let texts =
      [terms.title, terms.summary, terms.marketing].compactMap(\.self) + terms.features
      + terms.conditionsInWords
    return texts.flatMap { [$0.zh, $0.en] } + terms.collateralKinds + [offer.institutionName]
  }

  private static func postings(
    _ offers: [Offer], _ words: Int, _ values: (Offer) -> [String]
  ) -> [String: PostingList] {
    var lists: [String: [UInt32]] = [:]
    for (document, offer) in offers.enumerated() {
      for value in values(offer) { lists[value, default: []].append(UInt32(document)) }
    }
    return lists.mapValues { PostingList($0, words: words) }
  }

  func allIn(_ document: Int, _ level: ReferenceLevel) -> Int64? { scoring.allIn(document, level) }

  // MARK: Selecting

  /// Documents that meet everything asked, but for one facet's filter.
  func select(
    _ question: SearchQuestion, _ terms: [SearchText.Term], _ level: ReferenceLevel, dead: [UInt64],
    leavingOut: SearchFacet? = nil
  ) -> Bitmap {
    var found = everything
    if !terms.isEmpty { found.intersect(all.documents(terms)) }
    found.subtract(dead)
    for (facet, values) in question.filters where facet != leavingOut && !values.isEmpty {
      var any = Bitmap(empty: words)
      for value in values { if let list = facets[facet]?[value] { any.add(list) } }
      found.intersect(any)
    }
    if let region = question.region {
      var any = Bitmap(empty: words)
      for length in 0...region.count { if let list = regions[String(region.prefix(length))] { any.add(list) } }
      found.intersect(any)
    }
    ranges.keep(question.effective, on: question.asOf, in: &found)
    if let amount = question.amount { ranges.keep(amount, in: &found) }
    if let days = question.tenor?.comparableDays { ranges.keep(tenorDays: days, in: &found) }
    if let most = question.maxRate?.ppm {
      found.keep { document in scoring.allIn(document, level).map { $0 <= most } ?? false }
    }
    return found
  }

  /// How many of the documents have each value of a facet, added to `counts`.
  func count(_ facet: SearchFacet, in found: Bitmap, into counts: inout [String: Int]) {
    for (value, list) in facets[facet] ?? [:] {
      let count = found.count(in: list)
      if count > 0 { counts[value, default: 0] += count }
    }
  }

  // MARK: Ordering

  /// The first documents of an order after a place.
  func first(
    _ limit: Int, of found: Bitmap, _ order: SearchOrder, _ terms: [SearchText.Term], _ level: ReferenceLevel,
    after: SearchPlace?
  ) -> [(document: Int, place: SearchPlace)] {
    switch order {
    case .relevance: return byRelevance(limit, found, terms, after)
    case .name: return byName(limit, found, key: 0, after)
    case .rate, .amount, .speed:
      var hits: [(document: Int, place: SearchPlace)] = []
      let sorted = permutation(order, level)
      for document in sorted[Self.position(after, sorted) { place(Int($0), order, level) }...] {
        if hits.count == limit { break }
        if found.contains(Int(document)) { hits.append((Int(document), place(Int(document), order, level))) }
      }
      return hits
    }
  }

  /// Words in the title before words in the institution's name before the others.
  private func byRelevance(
    _ limit: Int, _ found: Bitmap, _ terms: [SearchText.Term], _ after: SearchPlace?
  ) -> [(document: Int, place: SearchPlace)] {
    var rest = found
    var hits: [(document: Int, place: SearchPlace)] = []
    for (tier, index) in [titles, institutions].enumerated() {
      var here = rest
      here.intersect(index.documents(terms))
      rest.subtract(here.words)
      if (after?.key ?? 0) <= Int64(tier) {
        hits += byName(limit - hits.count, here, key: Int64(tier), after?.key == Int64(tier) ? after : nil)
      }
    }
    return hits + byName(limit - hits.count, rest, key: 2, after?.key == 2 ? after : nil)
  }

  private func byName(
    _ limit: Int, _ found: Bitmap, key: Int64, _ after: SearchPlace?
  ) -> [(document: Int, place: SearchPlace)] {
    var hits: [(document: Int, place: SearchPlace)] = []
    if limit <= 0 { return hits }
    let start = Self.position(after, offers) { SearchPlace(key: key, id: $0.id, version: $0.version) }
    found.visit(from: start) { document in
      hits.append((document, SearchPlace(key: key, id: offers[document].id, version: offers[document].version)))
      return hits.count < limit
    }
    return hits
  }

  /// Index of the first element behind a place.
  private static func position<Element>(
    _ after: SearchPlace?, _ sorted: [Element], _ place: (Element) -> SearchPlace
  ) -> Int {
    guard let after else { return 0 }
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if SearchPlace.precedes(after, place(sorted[middle])) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func place(_ document: Int, _ order: SearchOrder, _ level: ReferenceLevel) -> SearchPlace {
    SearchPlace(key: key(document, order, level), id: offers[document].id, version: offers[document].version)
  }

  private func key(_ document: Int, _ order: SearchOrder, _ level: ReferenceLevel) -> Int64 {
    switch order {
    case .rate: scoring.allIn(document, level) ?? .max
    case .amount: offers[document].terms.amount?.bounds.highest.map { -$0 } ?? .max
    case .speed: offers[document].terms.process?.workingDays.map { Int64($0) } ?? .max
    case .relevance, .name: 0
    }
  }

  /// Documents in an order, made once for each level of reference rates.
  private func permutation(_ order: SearchOrder, _ level: ReferenceLevel) -> [Int32] {
    let name = OrderKey(order: order, level: order == .rate ? level : ReferenceLevel(oneYearPPM: nil, fiveYearPPM: nil))
    if let known = orders.withLock({ $0[name] }) { return known }
    let keys = offers.indices.map { key($0, order, level) }
    let made = Array(0..<Int32(offers.count)).sorted { (left: Int32, right: Int32) -> Bool in
      let (a, b) = (keys[Int(left)], keys[Int(right)])
      return a != b ? a < b : left < right
    }
    return orders.withLock { orders in
      if orders.count >= Self.keptOrders { orders.removeAll(keepingCapacity: true) }
      orders[name] = made
      return made
    }
  }

  private static let keptOrders = 8
}
