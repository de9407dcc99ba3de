import Kernel

/// The score of a match, 0 to 1000, and where it comes from. Documented on `huirong.catalog.v1.Score`; whole points only.
package struct Score: Hashable, Sendable {
  package var security: Int
  package var amount: Int
  package var tenor: Int
  package var cost: Int
  package var speed: Int
  package var success: Int

  package var fit: Int { security + amount + tenor }
  package var total: Int { fit + cost + speed + success }
}

/// The rules of the score.
package enum ScoreRules {
  /// Most that security and amount together can add: what a search by static order must allow for.
  static let highestDynamic = 200

  static let costPoints: Int64 = 400
  /// One point of cost per 5 BP of the yearly all-in rate: 20 % a year scores 0.
  static let costStepPPM: Int64 = 500
  static let speedPoints = 150
  static let successPoints: Int64 = 150
  static let speedPointsPerDay = 10

  /// 100 for a stated tenor range; 40 when not stated.
  static func tenor(stated: Bool) -> Int { stated ? 100 : 40 }

  /// 0 when the rate is not stated.
  static func cost(allInPPM: Int64?) -> Int {
    guard let allInPPM else { return 0 }
    return Int(max(0, costPoints - max(0, allInPPM) / costStepPPM))
  }

  /// Laplace's rule of succession: one granted and one refused application are taken as given, so that no record is the middle
  /// and few applications move it little. Rounded half up.
  static func success(_ record: TrackRecord) -> Int {
    let (granted, applications) = (max(0, record.granted) + 1, max(0, record.applications) + 2)
    return Int((2 * successPoints * granted + applications) / (2 * applications))
  }

  /// 0 when the days are not stated.
  static func speed(workingDays: Int?) -> Int {
    guard let workingDays else { return 0 }
    return max(0, speedPoints - workingDays * speedPointsPerDay)
  }

  /// 60 plus one for each eightieth of the limit that stays unused, at most 40 more; 40 when the product states no limit.
  static func amount(_ amount: Int64, limit: Int64) -> Int {
    if limit == .max { return 40 }
    if amount >= limit { return 60 }
    return 60 + Int(min(40, (limit - amount) / max(1, limit / 80)))
  }

  /// 100 when the product takes what the firm prefers most, 60 for its second choice, 30 for any other; 100 when the firm
  /// has no preference, 50 when the product states no security.
  static func security(_ accepted: UInt8, _ preference: [SecurityMode]) -> Int {
    if accepted == 0 { return 50 }
    guard let first = preference.first else { return 100 }
    if accepted & (1 << UInt8(first.rawValue)) != 0 { return 100 }
    if preference.count > 1, accepted & (1 << UInt8(preference[1].rawValue)) != 0 { return 60 }
    return 30
  }
}

/// What the score needs of every offer, as flat arrays by offer. A class: passing it on keeps one count, not one for each array.
final class ScoringTable: Sendable {
  /// Highest amount, `Int64.max` when not stated.
  let limit: [Int64]
  /// Bits of accepted security modes; 0 when not stated.
  let security: [UInt8]
  let tenorStated: [Bool]
  /// Points for tenor, speed and past success.
  let fixedPoints: [Int16]
  /// Points for past success alone.
  let successPoints: [Int16]
  /// Yearly interest over the reference rate, in ppm; `Int64.min` when the rate is not stated.
  let spread: [Int64]
  /// Yearly fees, in ppm.
  let fees: [Int64]
  /// Reference the rate is quoted against.
  let basis: [RateBasis]

  init(_ offers: [Offer]) {
    limit = offers.map { $0.terms.amount?.bounds.highest ?? .max }
    security = offers.map { $0.terms.securityModes.reduce(0) { $0 | 1 << UInt8($1.rawValue) } }
    tenorStated = offers.map { $0.terms.tenor != nil }
    fixedPoints = offers.map {
      Int16(
        ScoreRules.tenor(stated: $0.terms.tenor != nil)
          + ScoreRules.speed(workingDays: $0.terms.process?.workingDays) + ScoreRules.success($0.record))
    }
    successPoints = offers.map { Int16(ScoreRules.success($0.record)) }
    spread = offers.map { $0.terms.rate.map { ($0.highest ?? $0.lowest).ppm } ?? .min }
    fees = offers.map { IndicativeRate.fees($0.terms) }
    basis = offers.map { $0.terms.rate?.basis ?? .fixed }
  }

  /// Yearly all-in rate of an offer in ppm; `nil` when its rate or its reference is not known.
  func allIn(_ offer: Int, _ level: ReferenceLevel) -> Int64? {
    if spread[offer] == .min { return nil }
    guard let base = level.base(basis[offer]) else { return nil }
    return IndicativeRate.allIn(interestPPM: base + spread[offer], feesPPM: fees[offer])
  }
}

/// The yearly all-in rate of a product by its dearest stated terms: interest × 365/360, rounded once, plus the fees per
/// year. It compares products; what a concrete amount and tenor costs is `AnnualCost`.
enum IndicativeRate {
  static func allIn(interestPPM: Int64, feesPPM: Int64) -> Int64 { (max(0, interestPPM) * 365 + 180) / 360 + feesPPM }

  static func fees(_ terms: ProductTerms) -> Int64 {
    terms.fees.reduce(0) { sum, fee in
      guard let share = fee.highestRate?.ppm else { return sum }
      switch fee.period {
      case .perYear: return sum + share
      case .perMonth: return sum + share * 12
      case .perDay: return sum + share * 365
      case .once, .atEnd: return sum + share * 365 / max(1, terms.tenor?.max?.comparableDays ?? 365)
      case .perEvent: return sum
      }
    }
  }
}

/// Offers by what their score does not owe to the need, best first, under one level of reference rates.
final class RankOrder: Sendable {
  /// All that ranking one offer takes, side by side: a visit of a far offer touches one line of memory.
  struct Record: Sendable {
    /// All-in ppm, `Int64.max` when not known.
    var allIn = Int64.max
    /// Highest amount, `Int64.max` when not stated.
    var limit = Int64.max
    /// Cost + speed + tenor + past success.
    var points: Int32 = 0
    var offer: Int32 = -1
    /// Bits of accepted security modes.
    var security: UInt8 = 0
  }

  let level: ReferenceLevel
  /// Bits of offers, best first; ties by all-in rate, then by id (offers are numbered by id).
  let bits: [Int32]
  /// By bit; no bit of the padding is ever visited.
  let records: [Record]

  /// - Parameters:
  ///   - bits: the bit of each offer.
  ///   - size: bits in all.
  init(_ table: ScoringTable, bits: [Int], size: Int, _ level: ReferenceLevel) {
    var records = [Record](repeating: Record(), count: size)
    for (offer, bit) in bits.enumerated() {
      let rate = table.allIn(offer, level)
      records[bit] = Record(
        allIn: rate ?? .max, limit: table.limit[offer],
        points: Int32(table.fixedPoints[offer]) + Int32(ScoreRules.cost(allInPPM: rate)), offer: Int32(offer),
        security: table.security[offer])
    }
    self.bits = bits.map { Int32($0) }.sorted {
      let (a, b) = (records[Int($0)], records[Int($1)])
      if a.points != b.points { return a.points > b.points }
      return a.allIn != b.allIn ? a.allIn < b.allIn : a.offer < b.offer
    }
    self.level = level
    self.records = records
  }
}
