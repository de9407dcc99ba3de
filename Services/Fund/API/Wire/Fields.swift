import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

/// Parts of requests as domain values; every error names the field.
enum Wire {
  static func id(_ name: String, _ collection: String, _ field: String) throws(DomainError) -> String {
    if name.isEmpty { throw DomainError(.requiredFieldMissing, "\(field) is required", field: field) }
    return try ResourceName.id(of: name, in: collection, field: field)
  }

  static func pool(_ name: String, _ field: String = "pool") throws(DomainError) -> String {
    try id(name, "pools", field)
  }

  static func account(_ name: String, _ field: String = "account") throws(DomainError) -> String {
    let id = try id(name, "accounts", field)
    _ = try AccountID.parts(id, field: field)
    return id
  }

  static func facility(_ name: String, _ field: String = "facility") throws(DomainError) -> String {
    try id(name, "facilities", field)
  }

  static func guarantee(_ name: String, _ field: String = "name") throws(DomainError) -> String {
    try id(name, "guarantees", field)
  }

  static func programme(_ name: String, _ field: String = "programme") throws(DomainError) -> String {
    try id(name, "bridgeProgrammes", field)
  }

  /// The number behind `transfers/` or `reversals/`.
  static func number(_ name: String, _ collection: String, _ field: String = "name") throws(DomainError) -> Int64 {
    let id = try id(name, collection, field)
    guard let number = Int64(id), number > 0 else {
      throw DomainError(.invalidResourceName, "\"\(id.prefix(32))\" is no number of \(collection)", field: field)
    }
    return number
  }

  static func bridgeLoan(_ name: String, _ field: String = "name") throws(DomainError) -> String {
    try id(name, "bridgeLoans", field)
  }

  static func money(
    _ isSet: Bool, _ money: Huirong_Common_V1_Money, _ field: String
  ) throws(DomainError) -> Money {
    try Require.set(isSet, field)
    return try Money(money, field: field)
  }

  static func optionalMoney(
    _ isSet: Bool, _ money: Huirong_Common_V1_Money, _ field: String
  ) throws(DomainError) -> Money? {
    isSet ? try Money(money, field: field) : nil
  }

  static func date(
    _ isSet: Bool, _ date: Huirong_Common_V1_Date, _ field: String = "business_date"
  ) throws(DomainError) -> BusinessDate {
    try Require.set(isSet, field)
    return try BusinessDate(date, field: field)
  }

  static func rate(_ isSet: Bool, _ rate: Huirong_Common_V1_Rate, _ field: String) throws(DomainError) -> Rate {
    try Require.set(isSet, field)
    return Rate(rate)
  }

  static func optionalRate(_ isSet: Bool, _ rate: Huirong_Common_V1_Rate) -> Rate? { isSet ? Rate(rate) : nil }

  /// - Throws: `REQUIRED_FIELD_MISSING` for the zero value, `INVALID_ARGUMENT` for an unknown one.
  static func code<Value: RawRepresentable>(
    _ wire: some SwiftProtobuf.Enum, _ field: String, as type: Value.Type = Value.self
  ) throws(DomainError) -> Value where Value.RawValue == Int64 {
    if wire.rawValue == 0 { throw DomainError(.requiredFieldMissing, "\(field) is required", field: field) }
    guard let value = Value(rawValue: Int64(wire.rawValue)) else {
      throw .invalid(field, "has no value \(wire.rawValue)")
    }
    return value
  }

  /// `nil` for the zero value.
  static func optionalCode<Value: RawRepresentable>(
    _ wire: some SwiftProtobuf.Enum, _ field: String, as type: Value.Type = Value.self
  ) throws(DomainError) -> Value? where Value.RawValue == Int64 {
    wire.rawValue == 0 ? nil : try code(wire, field)
  }

  static func evidence(_ evidence: [Huirong_Common_V1_Evidence]) -> [Evidence] {
    evidence.map { Evidence(kind: $0.kind, reference: $0.reference, sha256: Array($0.sha256)) }
  }
}

/// The codes of the domain are the numbers of the wire; a test compares the names.
extension SwiftProtobuf.Enum {
  init<Value: RawRepresentable>(code value: Value) where Value.RawValue == Int64 {
    self = Self(rawValue: Int(value.rawValue)) ?? Self()
  }
}

extension Huirong_Common_V1_Money {
  init(_ minorUnits: Int64, _ currency: Currency) { self.init(Money(minorUnits, currency)) }
}

extension Huirong_Common_V1_Citation {
  init(_ citation: Citation) {
    self.init()
    ruleID = citation.ruleID
    document = citation.document
    article = citation.article
    quote = citation.quote
  }
}

extension Huirong_Common_V1_Evidence {
  init(_ evidence: Evidence) {
    self.init()
    kind = evidence.kind
    reference = evidence.reference
    sha256 = .init(evidence.sha256)
  }
}
