/// One characteristic of a firm, cut into bins that cover every possible value once.
package struct Characteristic: Sendable, Hashable, Codable {
  /// How points must run over the ranges, from the lowest to the highest.
  package enum Order: String, Sendable, Hashable, Codable {
    case any, rising, falling
  }

  package var id: String
  package var titleZH: String
  package var titleEN: String
  /// Unit of a numeric characteristic; empty for a categorical one.
  package var unit: String
  package var bins: [Bin]
  package var order: Order
  /// Coefficient of the weight of evidence, micro-units.
  package var coefficientMicro: Int64?
  /// Information value, micro-units.
  package var informationValueMicro: Int64?
  package var source: RatingSource

  package init(
    id: String, titleZH: String, titleEN: String, unit: String, bins: [Bin], order: Order = .any,
    coefficientMicro: Int64? = nil, informationValueMicro: Int64? = nil, source: RatingSource
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.unit = unit
    self.bins = bins
    self.order = order
    self.coefficientMicro = coefficientMicro
    self.informationValueMicro = informationValueMicro
    self.source = source
  }

  package var isNumeric: Bool {
    bins.contains { bin in if case .range = bin.cover { true } else { false } }
  }
}

/// Which values a bin takes and what they are worth.
package struct Bin: Sendable, Hashable, Codable {
  package enum Cover: Sendable, Hashable, Codable {
    case range(ValueRange)
    case group([String])
    /// The categories that no group names.
    case other
    case missing
  }

  package var label: String
  package var cover: Cover
  package var points: Int64
  /// Weight of evidence, micro-units; `nil` in a points table.
  package var woeMicro: Int64?
  package var goods: Int64
  package var bads: Int64

  package init(
    label: String, cover: Cover, points: Int64, woeMicro: Int64? = nil, goods: Int64 = 0, bads: Int64 = 0
  ) {
    self.label = label
    self.cover = cover
    self.points = points
    self.woeMicro = woeMicro
    self.goods = goods
    self.bads = bads
  }
}

/// An interval whose ends say whether they belong to it.
package struct ValueRange: Sendable, Hashable, Codable {
  package var lower: Int64?
  package var lowerInclusive: Bool
  package var upper: Int64?
  package var upperInclusive: Bool

  package init(lower: Int64?, lowerInclusive: Bool = false, upper: Int64?, upperInclusive: Bool = false) {
    self.lower = lower
    self.lowerInclusive = lowerInclusive
    self.upper = upper
    self.upperInclusive = upperInclusive
  }

  package func contains(_ value: Int64) -> Bool {
    if let lower, lowerInclusive ? value < lower : value <= lower { return false }
    if let upper, upperInclusive ? value > upper : value >= upper { return false }
    return true
  }

  /// Whether some whole number lies inside.
  package var holdsAWholeNumber: Bool {
    guard let lower, upper != nil else { return true }
    let first = lowerInclusive ? lower : lower.addingReportingOverflow(1).partialValue
    if !lowerInclusive, lower == .max { return false }
    return contains(first)
  }
}

/// A firm's value in one characteristic.
package enum RatingValue: Sendable, Hashable, Codable {
  case number(Int64)
  case category(String)
  case missing
}

extension Characteristic {
  /// Position of the bin that takes a value.
  ///
  /// In a validated characteristic there is exactly one, unless the value is of the other kind: then `nil`.
  package func binIndex(of value: RatingValue) -> Int? {
    switch value {
    case .missing: return bins.firstIndex { $0.cover == .missing }
    case .number(let number):
      return bins.firstIndex { bin in
        if case .range(let range) = bin.cover { range.contains(number) } else { false }
      }
    case .category(let name):
      guard !isNumeric else { return nil }
      return bins.firstIndex { bin in
        if case .group(let values) = bin.cover { values.contains(name) } else { false }
      } ?? bins.firstIndex { $0.cover == .other }
    }
  }

  package var bestPoints: Int64 { bins.map(\.points).max() ?? 0 }

  /// The first bin with the most points.
  package var bestBin: Bin? { bins.first { $0.points == bestPoints } }
}
