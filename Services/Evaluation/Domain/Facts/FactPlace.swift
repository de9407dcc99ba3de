/// Where a value of a batch belongs, in one number: positions of its indicator and its institution among those of the batch,
/// and its period. The order is that of the three, one after another.
package struct FactPlace: Hashable, Comparable, Sendable {
  /// 14 bits each for the indicator, the institution and the row, 15 for the first month up to the year 2199, 4 for the
  /// months of a period up to a year: 62 in all.
  let code: UInt64

  static let rowBits: UInt64 = 14
  private static let monthBits: UInt64 = 4
  private static let periodBits: UInt64 = 19
  private static let positionBits: UInt64 = 14

  /// Rows of a batch, and indicators and institutions that it names.
  package static let maximumRows = 1 << rowBits

  /// - Parameters:
  ///   - indicator, institution: 0 to `maximumRows` − 1.
  ///   - period: a year at most.
  package init(indicator: Int, institution: Int, period: Period) {
    let owner = UInt64(truncatingIfNeeded: indicator) << Self.positionBits | UInt64(truncatingIfNeeded: institution)
    let time =
      UInt64(truncatingIfNeeded: period.firstMonth) << Self.monthBits | UInt64(truncatingIfNeeded: period.months)
    code = owner << Self.periodBits | time
  }

  /// - Parameter entry: a place with a row's position behind it.
  init(ofRow entry: UInt64) { code = entry >> Self.rowBits }

  static func row(of entry: UInt64) -> Int { Int(entry & (1 << rowBits - 1)) }

  package var indicator: Int { Int(code >> (Self.positionBits + Self.periodBits)) }
  package var institution: Int { Int(code >> Self.periodBits & (1 << Self.positionBits - 1)) }

  package var period: Period {
    let time = code & (1 << Self.periodBits - 1)
    return Period(packed: UInt32((time >> Self.monthBits) << 16 | time & (1 << Self.monthBits - 1)))
  }

  package static func < (left: FactPlace, right: FactPlace) -> Bool { left.code < right.code }
}
