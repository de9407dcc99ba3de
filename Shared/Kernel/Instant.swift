/// A point in time as microseconds since 1970-01-01T00:00:00Z: what stores keep and what `google.protobuf.Timestamp`
/// carries on the wire. It comes from the edge as a value; domain code never asks for it.
public struct Instant: Hashable, Sendable, Comparable, Codable {
  public let microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  /// The calendar day in Asia/Shanghai (UTC+8, no daylight saving since 1991; the suite uses +8 throughout).
  /// - Throws: `INVALID_DATE` outside the accepted years.
  public func shanghaiDate() throws(DomainError) -> BusinessDate {
    let seconds = microseconds / 1_000_000 + 8 * 3600
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    guard let number = Int32(exactly: day) else { throw DomainError(.invalidDate, "time out of range") }
    return try BusinessDate(dayNumber: number)
  }
}
