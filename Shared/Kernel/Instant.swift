/// A point in time as microseconds since 1970-01-01T00:00:00Z: what stores keep and what `google.protobuf.Timestamp`
/// carries on the wire. It comes from the edge as a value; domain code never asks for it.
public struct Instant: Hashable, Sendable, Comparable, Codable {
  public let microseconds: Int64

  private static let microsecondsPerDay: Int64 = 86_400_000_000
  private static let shanghaiOffset: Int64 = 8 * 3_600_000_000

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  /// The calendar day in Asia/Shanghai (UTC+8, no daylight saving since 1991; the suite uses +8 throughout).
  /// - Throws: `INVALID_DATE` outside the accepted years.
  public func shanghaiDate() throws(DomainError) -> BusinessDate {
    let (day, rest) = microseconds.quotientAndRemainder(dividingBy: Self.microsecondsPerDay)
    // The quotient rounds towards zero; the day of a time before 1970 is the one it began on.
    let utcDay = rest < 0 ? day - 1 : day
    let timeOfDay = rest < 0 ? rest + Self.microsecondsPerDay : rest
    let shanghaiDay = timeOfDay + Self.shanghaiOffset >= Self.microsecondsPerDay ? utcDay + 1 : utcDay
    guard let number = Int32(exactly: shanghaiDay) else { throw DomainError(.invalidDate, "time out of range") }
    return try BusinessDate(dayNumber: number)
  }
}
