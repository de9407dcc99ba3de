package import Kernel
package import Protos
package import SwiftProtobuf

extension BusinessDate {
  /// - Throws: `INVALID_DATE` naming the field.
  package init(_ proto: Huirong_Common_V1_Date, field: String) throws(DomainError) {
    try self.init(year: Int(proto.year), month: Int(proto.month), day: Int(proto.day), field: field)
  }
}

extension Huirong_Common_V1_Date {
  package init(_ date: BusinessDate) {
    self.init()
    year = Int32(date.year)
    month = Int32(date.month)
    day = Int32(date.day)
  }
}

extension Instant {
  /// Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the range of `google.protobuf.Timestamp`.
  private static let timestampSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// - Throws: `INVALID_ARGUMENT` for a time outside the standard's range or finer than a microsecond.
  package init(_ proto: Google_Protobuf_Timestamp, field: String) throws(DomainError) {
    guard Self.timestampSeconds.contains(proto.seconds), (0...999_999_999).contains(proto.nanos) else {
      throw .invalid(field, "is not a time between the years 1 and 9999")
    }
    guard proto.nanos % 1000 == 0 else { throw .invalid(field, "is finer than a microsecond") }
    self.init(microseconds: proto.seconds * 1_000_000 + Int64(proto.nanos) / 1000)
  }
}

extension Google_Protobuf_Timestamp {
  package init(_ instant: Instant) {
    self.init()
    var (seconds, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000
    }
    self.seconds = seconds
    nanos = Int32(rest * 1000)
  }
}
