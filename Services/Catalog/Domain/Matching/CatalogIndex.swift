package import Kernel

/// One eligible product of a match.
package struct MatchedOffer: Sendable {
  package let offer: Offer
  package let score: Score
  /// Yearly all-in rate; `nil` when not stated or the reference rate is not known.
  package let allInPPM: Int64?

  /// Higher score first, then the lower all-in rate (unknown last), then the lower id.
  func isBetter(than other: MatchedOffer) -> Bool {
    if score.total != other.score.total { return score.total > other.score.total }
    let (mine, theirs) = (allInPPM ?? .max, other.allInPPM ?? .max)
    return mine != theirs ? mine < theirs : offer.id < other.offer.id
  }
}

/// The answer to a match.
package struct MatchResult: Sendable {
  package let matches: [MatchedOffer]
  package let eligible: Int
  package let considered: Int
}

/// The published catalog, compiled. A value: a change makes a new one that shares the large part. Offers that changed since
/// the large part was compiled live in a small second segment; when that grows, both are compiled into one.
package struct CatalogIndex: Sendable {
  /// Changed offers the small segment may hold before everything is compiled again: compiling so many takes under a
  /// millisecond or two, and a match asks two segments instead of one.
  package static let overlayLimit = 512

  private let base: Segment
  private let overlay: Segment?
  /// Offers of `base` that were replaced or taken out, as bits of its product area.
  private let dead: [UInt64]
  /// Products of `base` all of whose offers are dead.
  private let deadProducts: Int
  /// Changed offers by product; one that was taken out has none.
  private let changed: [String: [Offer]]
  /// Offers of `base` by product: one for each version that is or will be in force.
  private let baseIDs: [String: [Int]]

  package init(_ offers: [Offer] = []) {
    let segment = Segment(offers)
    base = segment
    overlay = nil
    dead = []
    deadProducts = 0
    changed = [:]
    baseIDs = Dictionary(segment.offers.enumerated().map { ($1.id, [$0]) }, uniquingKeysWith: +)
  }

  private init(_ previous: CatalogIndex, dead: [UInt64], deadProducts: Int, changed: [String: [Offer]]) {
    base = previous.base
    baseIDs = previous.baseIDs
    overlay = changed.isEmpty ? nil : Segment(changed.values.flatMap(\.self))
    self.dead = dead
    self.deadProducts = deadProducts
    self.changed = changed
  }

  /// Published products.
  package var count: Int { baseIDs.count - deadProducts + changed.count }

  /// Versions of a product that are or will be in force, ascending.
  package func offers(of id: String) -> [Offer] {
    if let offers = changed[id] { return offers }
    return (baseIDs[id] ?? []).filter { !isDead(base.bits[$0]) }.map { base.offers[$0] }
  }

  /// The version of a product in force on a day; without a day, or with none in force, the latest.
  package func offer(_ id: String, on day: BusinessDate? = nil) -> Offer? {
    let offers = offers(of: id)
    return day.flatMap { day in offers.last { $0.window.contains(day) } } ?? offers.last
  }

  /// Every version that is or will be in force, by product and version.
  package var offers: [Offer] {
    let kept = base.offers.indices.filter { !isDead(base.bits[$0]) }.map { base.offers[$0] }
    return (kept + (overlay?.offers ?? [])).sorted { $0.id != $1.id ? $0.id < $1.id : $0.version < $1.version }
  }

  private func isDead(_ bit: Int) -> Bool { !dead.isEmpty && dead[bit >> 6] & (1 << UInt64(bit & 63)) != 0 }

  /// The catalog after changes: an offer replaces all of its product, `nil` takes it out.
  package func applying(_ changes: [(id: String, offer: Offer?)]) -> CatalogIndex {
    applying(changes.map { (id: $0.id, offers: $0.offer.map { [$0] } ?? []) })
  }

  /// The catalog after changes: the offers replace all of their product.
  package func applying(_ changes: [(id: String, offers: [Offer])]) -> CatalogIndex {
    if changes.isEmpty { return self }
    var changed = changed
    var dead = dead.isEmpty ? [UInt64](repeating: 0, count: base.productWords) : dead
    var deadProducts = deadProducts
    for change in changes {
      let known = baseIDs[change.id]
      // What is gone and was never compiled leaves no trace.
      changed[change.id] = change.offers.isEmpty ? nil : change.offers.sorted { $0.version < $1.version }
      var wasAlive = false
      for bit in (known ?? []).map({ base.bits[$0] }) where dead[bit >> 6] & (1 << UInt64(bit & 63)) == 0 {
        dead[bit >> 6] |= 1 << UInt64(bit & 63)
        wasAlive = true
      }
      if wasAlive { deadProducts += 1 }
    }
    if changed.count > Self.overlayLimit {
      let kept = base.offers.indices.filter { offer in
        let bit = base.bits[offer]
        return dead[bit >> 6] & (1 << UInt64(bit & 63)) == 0
      }
      return CatalogIndex(kept.map { base.offers[$0] } + changed.values.flatMap(\.self))
    }
    return CatalogIndex(self, dead: dead, deadProducts: deadProducts, changed: changed)
  }

  /// The best matches of a profile, in a deterministic order.
  package func match(_ profile: Profile, limit: Int, level: ReferenceLevel) -> MatchResult {
    let (found, eligible) = base.search(profile, limit: limit, level: level, dead: dead)
    guard let overlay else {
      return MatchResult(matches: matched(found, base, profile, level), eligible: eligible, considered: count)
    }
    let (changed, more) = overlay.search(profile, limit: limit, level: level, dead: [])
    let both = matched(found, base, profile, level) + matched(changed, overlay, profile, level)
    let best = both.sorted { $0.isBetter(than: $1) }.prefix(limit)
    return MatchResult(matches: Array(best), eligible: eligible + more, considered: count)
  }

  private func matched(
    _ entries: [TopMatches.Entry], _ segment: Segment, _ profile: Profile, _ level: ReferenceLevel
  ) -> [MatchedOffer] {
    entries.map { entry in
      let offer = Int(entry.offer)
      return MatchedOffer(
        offer: segment.offers[offer], score: Self.score(segment.scoring, offer, profile, level),
        allInPPM: entry.allIn == .max ? nil : entry.allIn)
    }
  }

  /// Ids of every eligible product, ascending; at most one version of each is in force.
  package func eligibleIDs(_ profile: Profile) -> [String] {
    var ids = Self.eligible(base, dead, profile).map { base.offers[$0].id }
    if let overlay { ids += Self.eligible(overlay, [], profile).map { overlay.offers[$0].id } }
    return ids.sorted()
  }

  /// Products that do not fit, by id, at most `limit`; each in the version of the day.
  package func ineligible(_ profile: Profile, on day: BusinessDate?, limit: Int) -> [Offer] {
    let eligible = Set(eligibleIDs(profile))
    var found: [Offer] = []
    var last = ""
    for offer in offers where !eligible.contains(offer.id) {
      if found.count == limit { break }
      if offer.id == last { continue }
      last = offer.id
      found.append(self.offer(offer.id, on: day) ?? offer)
    }
    return found
  }

  /// Score and all-in rate of one offer, whether it is eligible or not.
  package static func rate(_ offer: Offer, _ profile: Profile, level: ReferenceLevel) -> MatchedOffer {
    let table = ScoringTable([offer])
    return MatchedOffer(
      offer: offer, score: score(table, 0, profile, level), allInPPM: table.allIn(0, level))
  }

  private static func score(_ table: ScoringTable, _ offer: Int, _ profile: Profile, _ level: ReferenceLevel) -> Score {
    let cost = ScoreRules.cost(allInPPM: table.allIn(offer, level))
    let tenor = ScoreRules.tenor(stated: table.tenorStated[offer])
    return Score(
      security: ScoreRules.security(table.security[offer], profile.securityPreference),
      amount: ScoreRules.amount(profile[.amount] ?? 0, limit: table.limit[offer]), tenor: tenor, cost: cost,
      speed: Int(table.fixedPoints[offer]) - tenor - Int(table.successPoints[offer]),
      success: Int(table.successPoints[offer]))
  }

  private static func eligible(_ segment: Segment, _ dead: [UInt64], _ profile: Profile) -> [Int] {
    segment.withFailures(profile, dead: dead) { fail in
      segment.offers.indices.filter { offer in
        let bit = segment.bits[offer]
        return fail[bit >> 6] & (1 << UInt64(bit & 63)) == 0
      }
    } ?? []
  }
}
