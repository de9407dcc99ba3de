import DemandDomain
import Kernel
import RPCEdge

/// The lists' filters: comparisons by `=` joined by AND, each field once. What the indexes serve and nothing more.
struct ListFilter {
  private var values: [String: FilterComparison] = [:]

  /// - Throws: `INVALID_FILTER` naming the column.
  init(_ filter: String, _ fields: FilterFields) throws(DomainError) {
    guard let expression = try fields.parse(filter) else { return }
    try take(expression)
  }

  private mutating func take(_ expression: FilterExpression) throws(DomainError) {
    switch expression {
    case .and(let operands): for operand in operands { try take(operand) }
    case .comparison(let comparison):
      guard comparison.comparator == .equal else {
        throw Self.error(comparison.column, "\(comparison.field) can only be compared by =")
      }
      guard values.updateValue(comparison, forKey: comparison.field) == nil else {
        throw Self.error(comparison.column, "\(comparison.field) stands twice")
      }
    case .or, .not: throw Self.error(1, "this list joins comparisons by AND only")
    }
  }

  func text(_ field: String) -> String? {
    guard let comparison = values[field] else { return nil }
    switch comparison.value {
    case .text(let text), .word(let text): return text
    case .integer: return comparison.spelling
    }
  }

  func flag(_ field: String) -> Bool? { values[field].map { $0.value == .integer(1) } }

  /// A value of the domain whose raw value is the lower-case spelling of the word.
  func word<Value: RawRepresentable<String>>(_ field: String, as type: Value.Type = Value.self) -> Value? {
    text(field).flatMap { Value(rawValue: $0.lowercased()) ?? Value(rawValue: $0) }
  }

  /// A code, or a prefix of one when it ends in `*`.
  /// - Throws: `INVALID_FILTER` for no GB/T 2260 code or prefix.
  func region(_ field: String) throws(DomainError) -> String? {
    guard let comparison = values[field], let text = text(field) else { return nil }
    let prefix = text.hasSuffix("*") ? String(text.dropLast()) : text
    let isWhole = [6, 9, 12].contains(prefix.utf8.count)
    guard RegionCode.isPrefix(prefix), isWhole || text.hasSuffix("*") else {
      throw Self.error(
        comparison.valueColumn, "\(field) takes a GB/T 2260 code, or a prefix of 2, 4, 6, 9 or 12 digits before *")
    }
    return prefix.isEmpty ? nil : prefix
  }

  /// - Throws: `INVALID_FILTER` for no day "2023-07-01".
  func day(_ field: String) throws(DomainError) -> BusinessDate? {
    guard let comparison = values[field], let text = text(field) else { return nil }
    do {
      return try BusinessDate(iso: text)
    } catch {
      throw Self.error(comparison.valueColumn, "\(field): \(error.message)")
    }
  }

  /// The id in a resource name.
  /// - Throws: `INVALID_FILTER`.
  func id(_ field: String, in collection: String) throws(DomainError) -> String? {
    guard let comparison = values[field], let text = text(field) else { return nil }
    do {
      return try ResourceName.id(of: text, in: collection)
    } catch {
      throw Self.error(comparison.valueColumn, error.message)
    }
  }

  /// Oldest first or newest first.
  /// - Throws: `INVALID_ARGUMENT`.
  static func isDescending(_ orderBy: String) throws(DomainError) -> Bool {
    switch orderBy {
    case "", "create_time", "create_time asc": false
    case "create_time desc": true
    default: throw .invalid("order_by", "is create_time or create_time desc, not \"\(orderBy.prefix(64))\"")
    }
  }

  private static func error(_ column: Int, _ message: String) -> DomainError {
    DomainError(
      .invalidFilter, "filter column \(column): \(message)", field: "filter", metadata: ["column": "\(column)"])
  }
}

extension Page {
  /// The position that a page of ours begins after.
  /// - Throws: `INVALID_PAGE_TOKEN`.
  var position: Int64? {
    get throws(DomainError) {
      guard let cursor else { return nil }
      guard let position = Int64(cursor) else {
        throw DomainError(.invalidPageToken, "page_token is not one that this service gave", field: "page_token")
      }
      return position
    }
  }
}
