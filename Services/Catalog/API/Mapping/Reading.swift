import CatalogDomain
import Kernel
import Protos
import RPCEdge

/// Shared steps of reading requests. Every error names the field as the caller wrote it.
enum Reading {
  /// Maps each element with its path `field[index]`.
  static func each<Element, Result>(
    _ elements: [Element], _ field: String, _ transform: (Element, String) throws(DomainError) -> Result
  ) throws(DomainError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() { results.append(try transform(element, "\(field)[\(index)]")) }
    return results
  }

  /// The domain's value of a wire enum, whose numbers are the same; 0 is "not given".
  static func value<Value: RawRepresentable<Int>>(
    _ rawValue: Int, as type: Value.Type, _ field: String
  ) throws(DomainError) -> Value {
    if rawValue == 0 { throw DomainError(.requiredFieldMissing, "\(field) is required", field: field) }
    guard let value = Value(rawValue: rawValue) else { throw .invalid(field, "no such value: \(rawValue)") }
    return value
  }

  /// The id behind `institutions/`.
  static func institution(_ name: String, _ field: String) throws(DomainError) -> String {
    try ResourceName.id(of: name, in: Institution.collection, field: field)
  }

  /// The id behind `products/`.
  static func product(_ name: String, _ field: String = "name") throws(DomainError) -> String {
    try ResourceName.id(of: name, in: Product.collection, field: field)
  }

  /// The id behind `notices/`.
  static func notice(_ name: String) throws(DomainError) -> String {
    try ResourceName.id(of: name, in: PolicyNotice.collection, field: "name")
  }

  /// A date that was given, or the day of the call.
  static func day(
    _ isSet: Bool, _ date: Huirong_Common_V1_Date, _ field: String, now: Instant
  ) throws(DomainError) -> BusinessDate {
    isSet ? try BusinessDate(date, field: field) : try now.shanghaiDate()
  }

  /// A count where 0 stands for the default.
  static func limit(_ value: Int32, default standard: Int, most: Int, _ field: String) throws(DomainError) -> Int {
    if value == 0 { return standard }
    return Int(try Require.number(value, in: 1...Int32(most), field))
  }
}
