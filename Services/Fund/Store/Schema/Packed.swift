import FundDomain
import Kernel
import Storage

/// Compact columns: lists of whole numbers as variable-length bytes, 7 bits each, least significant first.
enum Packed {
  static func legs(_ legs: [Leg]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(legs.count * 8)
    append(legs, to: &bytes)
    return bytes
  }

  static func append(_ legs: [Leg], to bytes: inout [UInt8]) {
    for leg in legs {
      append(UInt64(leg.account), to: &bytes)
      append(zigzag(leg.amount), to: &bytes)
    }
  }

  /// What packed legs move on an account; 0 when it is not among them.
  static func amount(in bytes: [UInt8], _ legs: Range<Int>, of account: Int64) throws -> Int64 {
    var position = legs.lowerBound
    while position < legs.upperBound {
      let number = try number(bytes, &position)
      let amount = unzigzag(try self.number(bytes, &position))
      if number == UInt64(account) { return amount }
    }
    return 0
  }

  static func legs(_ bytes: [UInt8]) throws -> [Leg] {
    var legs: [Leg] = []
    var position = 0
    while position < bytes.count {
      let account = Int64(try number(bytes, &position))
      legs.append(Leg(account: account, amount: unzigzag(try number(bytes, &position))))
    }
    return legs
  }

  /// Ascending numbers as the first and the steps between them.
  static func ascending(_ numbers: [Int64]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count + 4)
    var previous: Int64 = 0
    for number in numbers {
      append(UInt64(number - previous), to: &bytes)
      previous = number
    }
    return bytes
  }

  static func ascending(_ bytes: [UInt8]) throws -> [Int64] {
    var numbers: [Int64] = []
    var position = 0
    var previous: Int64 = 0
    while position < bytes.count {
      previous += Int64(try number(bytes, &position))
      numbers.append(previous)
    }
    return numbers
  }

  static func id(_ id: TransferID) -> [UInt8] {
    withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { Array($0) }
  }

  static func id(_ bytes: [UInt8]) throws -> TransferID {
    guard bytes.count == 16 else { throw damaged("a transfer id has 16 bytes, not \(bytes.count)") }
    let high = bytes[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return TransferID(high: high, low: bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  static func damaged(_ what: String) -> DomainError { DomainError(.internal, "stored data is damaged: \(what)") }

  static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

  static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(value & 1) }

  static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func number(_ bytes: [UInt8], _ position: inout Int) throws -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count && shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 127) << shift
      if byte < 128 {
        guard value <= UInt64(Int64.max) || shift == 63 else { break }
        return value
      }
      shift += 7
    }
    throw damaged("a packed list ends inside a number")
  }
}

/// Columns that hold one code of a closed list or a day.
extension Row {
  func code<Value: RawRepresentable>(_ index: Int, as type: Value.Type = Value.self) throws -> Value
  where Value.RawValue == Int64 {
    let raw = try int64(index)
    guard let value = Value(rawValue: raw) else { throw Packed.damaged("\(Value.self) \(raw)") }
    return value
  }

  func day(_ index: Int) throws -> BusinessDate { try BusinessDate(dayNumber: try int32(index)) }

  func optionalDay(_ index: Int) throws -> BusinessDate? { isNull(index) ? nil : try day(index) }

  func instant(_ index: Int) throws -> Instant { Instant(microseconds: try int64(index)) }

  func currency(_ index: Int) throws -> Currency { try Currency(try text(index)) }

  func optionalRate(_ index: Int) throws -> Rate? { try optionalInt64(index).map { Rate(ppm: $0) } }
}

extension SQLValue {
  static func day(_ date: BusinessDate) -> SQLValue { .integer(Int64(date.dayNumber)) }
  static func day(_ date: BusinessDate?) -> SQLValue { .integer(date.map { Int64($0.dayNumber) }) }
  static func time(_ instant: Instant) -> SQLValue { .integer(instant.microseconds) }
  static func ppm(_ rate: Rate) -> SQLValue { .integer(rate.ppm) }
  static func ppm(_ rate: Rate?) -> SQLValue { .integer(rate?.ppm) }
  static func code<Value: RawRepresentable>(_ value: Value) -> SQLValue where Value.RawValue == Int64 {
    .integer(value.rawValue)
  }
  static func code<Value: RawRepresentable>(_ value: Value?) -> SQLValue where Value.RawValue == Int64 {
    .integer(value?.rawValue)
  }
}
