import CatalogDomain
import Kernel
import Testing

/// The compiled index against the naive evaluator, which walks every product's tree.
@Suite struct MatcherPropertyTests {
  #if DEBUG
    static let seeds: Range<UInt64> = 0..<60
  #else
    static let seeds: Range<UInt64> = 0..<400
  #endif
  private static let products = 60
  private static let firms = 5

  private static func offers(_ seed: UInt64, _ count: Int = products) -> ([Offer], SeededGenerator) {
    var random = SeededGenerator(seed: seed)
    let offers = (0..<count).map { RandomCatalog.offer($0, &random) }
    return (offers, random)
  }

  @Test func `finds exactly the products whose trees are certainly met`() {
    var pairs = 0
    var eligible = 0
    for seed in Self.seeds {
      var (offers, random) = Self.offers(seed)
      let index = CatalogIndex(offers)
      for firm in 0..<Self.firms {
        let profile = RandomCatalog.profile(&random)
        let expected = offers.filter { NaiveEvaluator.isEligible($0, profile) }.map(\.id)
        #expect(index.eligibleIDs(profile) == expected, "seed \(seed), firm \(firm)")
        pairs += offers.count
        eligible += expected.count
      }
    }
    // A property that never meets an eligible product proves nothing.
    #expect(eligible * 100 > pairs)
    #if !DEBUG
      #expect(pairs >= 100_000)
    #endif
  }

  @Test func `stays exact while products are added, replaced and taken out`() {
    for seed in Self.seeds.prefix(30) {
      var (offers, random) = Self.offers(seed)
      var index = CatalogIndex(Array(offers.prefix(40)))
      var current = Dictionary(uniqueKeysWithValues: offers.prefix(40).map { ($0.id, $0) })
      for round in 0..<4 {
        var changes: [(id: String, offer: Offer?)] = []
        for number in random.some(Array(0..<Self.products), 3...12) {
          let offer = random.chance(30) ? nil : RandomCatalog.offer(number, &random)
          changes.append((offers[number].id, offer))
        }
        index = index.applying(changes)
        for change in changes { current[change.id] = change.offer }
        let profile = RandomCatalog.profile(&random)
        let expected = current.values.filter { NaiveEvaluator.isEligible($0, profile) }.map(\.id).sorted()
        #expect(index.eligibleIDs(profile) == expected, "seed \(seed), round \(round)")
        #expect(index.count == current.count)
        #expect(index.match(profile, limit: 5, level: RandomCatalog.level).considered == current.count)
      }
      offers.removeAll()
    }
  }

  @Test func `compiles everything again when the overlay grows beyond its limit`() {
    var random = SeededGenerator(seed: 11)
    let first = (0..<50).map { RandomCatalog.offer($0, &random, depth: 1) }
    let more = (50..<(60 + CatalogIndex.overlayLimit)).map { RandomCatalog.offer($0, &random, depth: 1) }
    var index = CatalogIndex(first)
    index = index.applying(more.prefix(10).map { ($0.id, $0) })
    index = index.applying(more.dropFirst(10).map { ($0.id, $0) })
    #expect(index.count == first.count + more.count)
    for _ in 0..<20 {
      let profile = RandomCatalog.profile(&random)
      let expected = (first + more).filter { NaiveEvaluator.isEligible($0, profile) }.map(\.id).sorted()
      #expect(index.eligibleIDs(profile) == expected)
    }
  }

  @Test func `ranks as if every eligible product were scored and sorted`() {
    for seed in 1000..<UInt64(1012) {
      var (offers, random) = Self.offers(seed, 700)
      let index = CatalogIndex(Array(offers.prefix(600))).applying(offers.suffix(100).map { ($0.id, $0) })
      for _ in 0..<6 {
        let profile = RandomCatalog.profile(&random)
        let expected = Self.sorted(offers.filter { NaiveEvaluator.isEligible($0, profile) }, profile)
        for limit in [1, 7, 20] {
          let result = index.match(profile, limit: limit, level: RandomCatalog.level)
          #expect(result.eligible == expected.count, "seed \(seed)")
          #expect(result.matches.map(\.offer.id) == Array(expected.prefix(limit)), "seed \(seed), limit \(limit)")
        }
      }
      offers.removeAll()
    }
  }

  @Test func `gives the same ranking whatever the order products were entered in`() {
    var (offers, random) = Self.offers(5, 300)
    let profile = RandomCatalog.profile(&random)
    let expected = CatalogIndex(offers).match(profile, limit: 50, level: RandomCatalog.level).matches.map(\.offer.id)
    for _ in 0..<5 {
      offers.shuffle(using: &random)
      let again = CatalogIndex(offers).match(profile, limit: 50, level: RandomCatalog.level)
      #expect(again.matches.map(\.offer.id) == expected)
    }
  }

  private static func sorted(_ offers: [Offer], _ profile: Profile) -> [String] {
    offers.map { CatalogIndex.rate($0, profile, level: RandomCatalog.level) }
      .sorted { left, right in
        if left.score.total != right.score.total { return left.score.total > right.score.total }
        let (a, b) = (left.allInPPM ?? .max, right.allInPPM ?? .max)
        return a != b ? a < b : left.offer.id < right.offer.id
      }
      .map(\.offer.id)
  }
}
