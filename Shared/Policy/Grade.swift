package import Kernel

/// A credit grade of a city's platform. The documents name AAA, AA, A+ and A (泰金监字〔2023〕2号) and C (烟营办便函〔2023〕8号);
/// they share one scale here so that "C 级及以上" can be asked of any of them.
package struct Grade: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Best first.
  package static let scale = ["AAA", "AA", "A+", "A", "B", "C", "D"]

  /// 0 is the best.
  private let position: Int

  /// - Throws: `INVALID_ARGUMENT` for a grade outside `scale`.
  package init(_ text: String, field: String = "grade") throws(DomainError) {
    guard let position = Self.scale.firstIndex(of: text) else {
      throw DomainError(
        .invalidArgument, "\"\(text.prefix(16))\" is no grade; the scale is \(Self.scale.joined(separator: ", "))",
        field: field)
    }
    self.position = position
  }

  /// Greater is better.
  package static func < (left: Grade, right: Grade) -> Bool { left.position > right.position }

  package var description: String { Self.scale[position] }
}
