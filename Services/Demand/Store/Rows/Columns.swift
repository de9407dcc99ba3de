import DemandDomain
import Kernel
import Storage

/// Reads a row's columns in the order in which the query names them.
struct Columns {
  let row: Row
  private var index = 0

  init(_ row: Row) { self.row = row }

  private mutating func advance() -> Int {
    defer { index += 1 }
    return index
  }

  mutating func integer() throws -> Int64 { try row.int64(advance()) }
  mutating func optionalInteger() throws -> Int64? { try row.optionalInt64(advance()) }
  mutating func text() throws -> String { try row.text(advance()) }
  mutating func optionalText() throws -> String? { try row.optionalText(advance()) }
  mutating func flag() throws -> Bool { try row.flag(advance()) }
  mutating func blob() throws -> [UInt8] { try row.blob(advance()) }
  mutating func time() throws -> Instant { Instant(microseconds: try integer()) }
  mutating func day() throws -> BusinessDate { try BusinessDate(dayNumber: try row.int32(advance())) }
  mutating func optionalDay() throws -> BusinessDate? {
    try row.optionalInt32(advance()).map(BusinessDate.init(dayNumber:))
  }

  /// An enumeration by its raw value; the table's CHECK has admitted no other.
  mutating func word<Value: RawRepresentable<String>>(_ type: Value.Type = Value.self) throws -> Value {
    let text = try text()
    guard let value = Value(rawValue: text) else { throw StorageError(.columnType, "no \(Value.self): \(text)") }
    return value
  }

  mutating func optionalWord<Value: RawRepresentable<String>>(_ type: Value.Type = Value.self) throws -> Value? {
    if row.isNull(index) {
      index += 1
      return nil
    }
    return try word()
  }
}

extension SQLValue {
  static func day(_ date: BusinessDate?) -> SQLValue { .integer(date.map { Int64($0.dayNumber) }) }
  static func time(_ instant: Instant) -> SQLValue { .integer(instant.microseconds) }
  static func time(_ instant: Instant?) -> SQLValue { .integer(instant?.microseconds) }
}
