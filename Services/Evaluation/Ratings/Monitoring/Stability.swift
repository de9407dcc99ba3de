import Foundation

/// Population stability index: Σ (actual − expected) × ln(actual ÷ expected) over the shares of the same bands.
package enum Stability {
  /// An empty band counts as half a firm, on both sides alike: the logarithm stays finite and one firm more or less
  /// does not throw the index about.
  static let emptyBand = 0.5

  /// Micro-units, rounded half away from zero; `nil` when one side has no firms or the bands do not pair.
  package static func indexMicro(expected: [Int64], actual: [Int64]) -> Int64? {
    let (expectedTotal, actualTotal) = (expected.reduce(0, +), actual.reduce(0, +))
    guard expected.count == actual.count, expectedTotal > 0, actualTotal > 0 else { return nil }
    var index = 0.0
    for (before, now) in zip(expected, actual) where before > 0 || now > 0 {
      let expectedShare = (before == 0 ? emptyBand : Double(before)) / Double(expectedTotal)
      let actualShare = (now == 0 ? emptyBand : Double(now)) / Double(actualTotal)
      index += (actualShare - expectedShare) * log(actualShare / expectedShare)
    }
    return Micro.rounded(index)
  }
}

/// Real numbers as whole micro-units.
enum Micro {
  /// `nil` for what is not finite or does not fit.
  static func rounded(_ value: Double) -> Int64? {
    Int64(exactly: (value * 1_000_000).rounded(.toNearestOrAwayFromZero))
  }
}
