import CatalogDomain
import Foundation
import Kernel
import Protos
import SwiftProtobuf

/// Products laid side by side, field by field in the order of the schema.
struct FieldTable {
  struct Row {
    /// "rate.lowest.ppm", "fees[0].rate.ppm"
    let field: String
    /// Empty where a product has none.
    let values: [String]
    var differs: Bool { Set(values).count > 1 }
  }

  private(set) var rows: [Row] = []

  init(_ products: [Huirong_Catalog_V1_Product]) throws {
    let leaves = try products.map { product in
      var found: [String: String] = [:]
      if let tree = JSONValue.parse(try ProductJSON.text(product)) { Self.collect(tree, "", &found) }
      return found
    }
    let fields = Set(leaves.flatMap(\.keys)).sorted { Self.precedes($0, $1) }
    rows = fields.map { field in Row(field: field, values: leaves.map { $0[field] ?? "" }) }
  }

  private static func collect(_ value: JSONValue, _ path: String, _ found: inout [String: String]) {
    switch value {
    case .object(let members):
      for (key, member) in members { collect(member, path.isEmpty ? key : "\(path).\(key)", &found) }
    case .array(let elements):
      for (index, element) in elements.enumerated() { collect(element, "\(path)[\(index)]", &found) }
    case .string(let text): found[path] = text
    default: found[path] = value.text ?? ""
    }
  }

  /// By the schema's order of the outermost field, then by the path with its numbers as numbers.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    let (a, b) = (number(left), number(right))
    return a != b ? a < b : left.compare(right, options: .numeric) == .orderedAscending
  }

  private static func number(_ path: String) -> Int {
    let name = String(path.prefix { $0 != "." && $0 != "[" })
    return order.firstIndex(of: name) ?? order.count
  }

  private static let order = [
    "institution", "instrument", "title", "summary", "features", "amount", "tenor", "rate", "fees", "security_modes",
    "documents", "process", "eligibility", "service_regions", "customer_classes", "effective_from", "effective_to",
    "sources", "bundle", "programmes", "repayment_methods", "collateral_kinds", "marketing", "predecessor", "page_uri",
    "conditions_in_words",
  ]
}
