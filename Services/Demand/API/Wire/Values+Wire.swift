import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Evidence {
  init(_ wire: Huirong_Common_V1_Evidence, field: String) throws(DomainError) {
    try self.init(kind: wire.kind, reference: wire.reference, sha256: Array(wire.sha256), field: field)
  }

  var wire: Huirong_Common_V1_Evidence {
    .with {
      $0.kind = kind
      $0.reference = reference
      $0.sha256 = .init(sha256)
    }
  }
}

extension Citation {
  var wire: Huirong_Common_V1_Citation {
    .with {
      $0.ruleID = ruleID
      $0.document = document
      $0.article = article
      $0.quote = quote
    }
  }
}

extension BusinessDate {
  /// `nil` for a date that is not set.
  /// - Throws: `INVALID_DATE` naming the field.
  static func optional(
    _ isSet: Bool, _ wire: Huirong_Common_V1_Date, _ field: String
  ) throws(DomainError) -> BusinessDate? {
    isSet ? try BusinessDate(wire, field: field) : nil
  }

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_DATE`, naming the field.
  static func required(
    _ isSet: Bool, _ wire: Huirong_Common_V1_Date, _ field: String
  ) throws(DomainError) -> BusinessDate {
    try Require.set(isSet, field)
    return try BusinessDate(wire, field: field)
  }

  var wire: Huirong_Common_V1_Date { Huirong_Common_V1_Date(self) }
}

extension Money {
  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_CURRENCY`, naming the field.
  static func required(
    _ isSet: Bool, _ wire: Huirong_Common_V1_Money, _ field: String
  ) throws(DomainError) -> Money {
    try Require.set(isSet, field)
    return try Money(wire, field: field)
  }

  var wire: Huirong_Common_V1_Money { Huirong_Common_V1_Money(self) }
}

extension Rate {
  var wire: Huirong_Common_V1_Rate { Huirong_Common_V1_Rate(self) }
}
