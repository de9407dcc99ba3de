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
  private let deadCount: Int
  /// Changed offers by id.
  private let changed: [String: Offer]
  /// Offer of `base` by id.
  private let baseIDs: [String: Int]

  package init(_ offers: [Offer] = []) {
    let segment = Segment(offers)
    base = segment
    overlay = nil
    dead = []
    deadCount = 0
    changed = [:]
    baseIDs = Dictionary(uniqueKeysWithValues: segment.offers.enumerated().map { ($1.id, $0) })
  }

  private init(_ previous: CatalogIndex, dead: [UInt64], deadCount: Int, changed: [String: Offer]) {
    base = previous.base
    baseIDs = previous.baseIDs
    overlay = changed.isEmpty ? nil : Segment(Array(changed.values))
    self.dead = dead
    self.deadCount = deadCount
    self.changed = changed
  }

  /// Offers in force.
  package var count: Int { base.offers.count - deadCount + changed.count }

  package func offer(_ id: String) -> Offer? {
    if let offer = changed[id] { return offer }
    guard let index = baseIDs[id], !isDead(base.bits[index]) else { return nil }
    return base.offers[index]
  }

  /// Every offer in force, by id.
  package var offers: [Offer] {
    let kept = base.offers.indices.filter { !isDead(base.bits[$0]) }.map { base.offers[$0] }
    return (kept + changed.values).sorted { $0.id < $1.id }
  }

  private func isDead(_ bit: Int) -> Bool { !dead.isEmpty && dead[bit >> 6] & (1 << UInt64(bit & 63)) != 0 }

  /// The catalog after changes: an offer replaces the one of its id, `nil` takes it out.
  package func applying(_ changes: [(id: String, offer: Offer?)]) -> CatalogIndex {
    if changes.isEmpty { return self }
    var changed = changed
    var dead = dead.isEmpty ? [UInt64](repeating: 0, count: base.productWords) : dead
    var deadCount = deadCount
    for change in changes {
      changed[change.id] = change.offer
      guard let index = baseIDs[change.id] else { continue }
      let bit = base.bits[index]
      if dead[bit >> 6] & (1 << UInt64(bit & 63)) == 0 {
        dead[bit >> 6] |= 1 << UInt64(bit & 63)
        deadCount += 1
      }
    }
    let next = CatalogIndex(
      self, dead: dead, deadCount: deadCount, changed: changed.count <= Self.overlayLimit ? changed : [:])
    if changed.count <= Self.overlayLimit { return next }
    return CatalogIndex(next.offers + changed.values)
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

  /// Ids of every eligible offer, ascending.
  package func eligibleIDs(_ profile: Profile) -> [String] {
    var ids = Self.eligible(base, dead, profile).map { base.offers[$0].id }
    if let overlay { ids += Self.eligible(overlay, [], profile).map { overlay.offers[$0].id } }
    return ids.sorted()
  }

  /// Offers that do not fit, by id, at most `limit`.
  package func ineligible(_ profile: Profile, limit: Int) -> [Offer] {
    let eligible = Set(eligibleIDs(profile))
    return Array(offers.lazy.filter { !eligible.contains($0.id) }.prefix(limit))
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
      speed: Int(table.fixedPoints[offer]) - tenor)
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
