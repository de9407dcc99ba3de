package import Kernel
package import SwiftProtobuf

extension FieldWriter {
  package mutating func word(_ field: Int, _ value: some SwiftProtobuf.Enum) { integer(field, Int64(value.rawValue)) }

  /// `huirong.common.v1.Money`.
  package mutating func money(_ field: Int, _ value: Money) {
    message(field) {
      $0.text(1, value.currency.code)
      $0.integer(2, value.minorUnits)
    }
  }

  /// `huirong.common.v1.Rate`.
  package mutating func rate(_ field: Int, _ value: Rate) {
    message(field) { $0.integer(1, value.ppm) }
  }

  /// `huirong.common.v1.Date`.
  package mutating func date(_ field: Int, _ value: BusinessDate) {
    message(field) {
      $0.integer(1, Int64(value.year))
      $0.integer(2, Int64(value.month))
      $0.integer(3, Int64(value.day))
    }
  }

  /// `google.protobuf.Timestamp`.
  package mutating func time(_ field: Int, _ value: Instant) {
    let stamp = Google_Protobuf_Timestamp(value)
    message(field) {
      $0.integer(1, stamp.seconds)
      $0.integer(2, Int64(stamp.nanos))
    }
  }

  /// A message that is encoded by its generated code.
  package mutating func generated(_ field: Int, _ value: some Message) throws {
    raw(field, try value.serializedBytes())
  }
}
