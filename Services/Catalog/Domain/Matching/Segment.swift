import Synchronization

/// A compiled set of offers: indexes per kind of condition, the few shapes that are no plain conjunctions, and flat arrays for
/// the score. Immutable; a change of the catalog makes another one.
final class Segment: Sendable {
  /// Ascending by product and version.
  let offers: [Offer]
  /// Bit of each offer.
  let bits: [Int]
  let productWords: Int
  let totalWords: Int
  let scoring: ScoringTable
  private let low: [ThresholdIndex?]
  private let high: [ThresholdIndex?]
  private let choices: [ChoiceIndex?]
  private let codes: [WordIndex<CodeKey>?]
  private let sets: [WordIndex<String>?]
  private let groups: [ShapeGroup]
  /// Padding and offers that nobody can have.
  private let never: [UInt64]
  private let orders = Mutex<[RankOrder]>([])

  /// Rank orders kept per segment: the one of today, and a few for questions about other days.
  private static let keptOrders = 8

  init(_ unsorted: [Offer]) {
    offers = unsorted.sorted { $0.id != $1.id ? $0.id < $1.id : $0.version < $1.version }
    let builder = SegmentBuilder(offers)
    productWords = builder.productWords
    totalWords = builder.totalWords
    bits = offers.indices.map { builder.positions[$0] ?? 0 }
    var never = [UInt64](repeating: .max, count: totalWords)
    for bit in bits { never[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
    for word in productWords..<max(productWords, totalWords) { never[word] = 0 }
    for bit in builder.neverBits { never[Int(bit >> 6)] |= 1 << UInt64(bit & 63) }
    self.never = never
    low = builder.lowIndexes()
    high = builder.highIndexes()
    choices = builder.choiceIndexes()
    codes = builder.codeIndexes()
    sets = builder.setIndexes()
    groups = builder.groups
    scoring = ScoringTable(offers)
  }

  /// Calls `body` with the failing bits: a clear bit of the product area is an eligible offer.
  /// - Parameter dead: offers that have been replaced or taken out since; same length as the product area, or empty.
  func withFailures<R>(_ profile: Profile, dead: [UInt64], _ body: (UnsafeMutablePointer<UInt64>) -> R) -> R? {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: totalWords * 2) { memory -> R? in
      guard let fail = memory.baseAddress else { return nil }
      let scratch = fail + totalWords
      for word in 0..<totalWords { fail[word] = never[word] }
      for word in dead.indices { fail[word] |= dead[word] }
      addOrdered(profile, fail)
      for attribute in ChoiceAttribute.allCases {
        choices[attribute.rawValue]?.addFailures(of: profile[attribute], to: fail, scratch: scratch)
      }
      for attribute in CodeAttribute.allCases {
        guard let index = codes[attribute.rawValue] else { continue }
        if let code = profile[attribute] {
          index.addFailures(of: CodePrefixes(code), to: fail, scratch: scratch)
        } else {
          index.addAll(to: fail)
        }
      }
      for attribute in SetAttribute.allCases {
        sets[attribute.rawValue]?.addFailures(of: profile[attribute], to: fail, scratch: scratch)
      }
      for group in groups { group.addFailures(to: fail) }
      return body(fail)
    }
  }

  private func addOrdered(_ profile: Profile, _ fail: UnsafeMutablePointer<UInt64>) {
    for attribute in OrderedAttribute.allCases {
      let index = attribute.rawValue
      if let value = profile[attribute] {
        low[index]?.addFailures(below: ~value, to: fail)
        high[index]?.addFailures(below: value, to: fail)
      } else if !attribute.absentIsAny {
        low[index]?.addAll(to: fail)
        high[index]?.addAll(to: fail)
      }
    }
  }

  /// The order of offers by what their score does not owe to the need, for the reference rates of a day.
  func order(_ level: ReferenceLevel) -> RankOrder {
    if let known = orders.withLock({ $0.first { $0.level == level } }) { return known }
    let made = RankOrder(scoring, bits: bits, size: productWords * 64, level)
    return orders.withLock { orders in
      if orders.count >= Self.keptOrders { orders.removeAll(keepingCapacity: true) }
      orders.append(made)
      return made
    }
  }
}
