import CatalogDomain
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

/// Protobuf JSON with the schema's own field names.
enum ProductJSON {
  static func text(_ message: some Message) throws -> String {
    var options = JSONEncodingOptions()
    options.preserveProtoFieldNames = true
    return try message.jsonString(options: options)
  }

  static func read<M: Message>(_ text: String, _ field: String) throws(DomainError) -> M {
    do { return try M(jsonString: text) } catch {
      throw DomainError(.invalidJSON, "not the JSON of \(M.protoMessageName)", field: field)
    }
  }
}

extension ProductCSV.Column {
  typealias Product = Huirong_Catalog_V1_Product
  /// Key paths are immutable values; the compiler just cannot see it for writable ones.
  typealias Path<Value> = WritableKeyPath<Product, Value> & Sendable

  static func text(_ name: String, _ path: any Path<String>) -> Self {
    Self(
      name: name, write: { $0[keyPath: path] },
      read: { (cell, product) throws(DomainError) in
        product[keyPath: path] = cell
      })
  }

  static func flag(_ name: String, _ path: any Path<Bool>) -> Self {
    Self(
      name: name, write: { $0[keyPath: path] ? "true" : "" },
      read: { (cell, product) throws(DomainError) in
        guard cell == "true" || cell == "false" else { throw .invalid(name, "true, false or empty") }
        if cell == "true" { product[keyPath: path] = true }
      })
  }

  static func list(_ name: String, _ path: any Path<[String]>) -> Self {
    Self(
      name: name, write: { $0[keyPath: path].joined(separator: ";") },
      read: { (cell, product) throws(DomainError) in
        product[keyPath: path] = cell.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
      })
  }

  /// One value of an enumeration, as filters write it.
  static func word<Value: SwiftProtobuf.Enum>(_ name: String, _ path: any Path<Value>, _ words: EnumWords) -> Self {
    Self(
      name: name, write: { words.write($0[keyPath: path].rawValue) },
      read: { (cell, product) throws(DomainError) in
        product[keyPath: path] = Value(rawValue: try words.read(cell, name)) ?? Value()
      })
  }

  static func words<Value: SwiftProtobuf.Enum>(_ name: String, _ path: any Path<[Value]>, _ words: EnumWords) -> Self {
    Self(
      name: name, write: { $0[keyPath: path].map { words.write($0.rawValue) }.joined(separator: ";") },
      read: { (cell, product) throws(DomainError) in
        var values: [Value] = []
        for word in cell.split(separator: ";", omittingEmptySubsequences: false) {
          values.append(Value(rawValue: try words.read(String(word), name)) ?? Value())
        }
        product[keyPath: path] = values
      })
  }

  /// "CNY 5000000.00"
  static func money(
    _ name: String, _ path: any Path<Huirong_Common_V1_Money>, has: @escaping @Sendable (Product) -> Bool
  ) -> Self {
    Self(
      name: name,
      write: { product in
        guard has(product) else { return "" }
        let money = product[keyPath: path]
        return "\(money.currencyCode) \(Decimals.text(money.minorUnits, places: 2))"
      },
      read: { (cell, product) throws(DomainError) in
        let parts = cell.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let units = Decimals.exact(parts[1], places: 2) else {
          throw .invalid(name, "a currency and an amount of two decimals: CNY 5000000.00")
        }
        product[keyPath: path].currencyCode = String(parts[0])
        product[keyPath: path].minorUnits = units
      })
  }

  /// "12m" or "365d"
  static func tenor(
    _ name: String, _ path: any Path<Huirong_Catalog_V1_Tenor>, has: @escaping @Sendable (Product) -> Bool
  ) -> Self {
    Self(
      name: name,
      write: { product in
        guard has(product) else { return "" }
        return switch product[keyPath: path].length {
        case .months(let count): "\(count)m"
        case .days(let count): "\(count)d"
        case nil: ""
        }
      },
      read: { (cell, product) throws(DomainError) in
        guard let count = Int32(cell.dropLast()), cell.hasSuffix("m") || cell.hasSuffix("d") else {
          throw .invalid(name, "months or days: 12m or 365d")
        }
        product[keyPath: path].length = cell.hasSuffix("m") ? .months(count) : .days(count)
      })
  }

  static func rate(
    _ name: String, _ path: any Path<Huirong_Common_V1_Rate>, has: @escaping @Sendable (Product) -> Bool
  ) -> Self {
    Self(
      name: name, write: { has($0) ? "\($0[keyPath: path].ppm)" : "" },
      read: { (cell, product) throws(DomainError) in
        guard let ppm = Int64(cell) else { throw .invalid(name, "parts per million, a whole number: 34500 is 3.45 %") }
        product[keyPath: path].ppm = ppm
      })
  }

  static func date(
    _ name: String, _ path: any Path<Huirong_Common_V1_Date>, has: @escaping @Sendable (Product) -> Bool
  ) -> Self {
    Self(
      name: name,
      write: { has($0) ? try BusinessDate($0[keyPath: path], field: name).description : "" },
      read: { (cell, product) throws(DomainError) in
        product[keyPath: path] = .init(try BusinessDate(iso: cell, field: name))
      })
  }

  /// The product's JSON with this field alone.
  static func json(
    _ name: String, isEmpty: @escaping @Sendable (Product) -> Bool,
    _ take: @escaping @Sendable (inout Product, Product) -> Void
  ) -> Self {
    Self(
      name: name,
      write: { product in
        if isEmpty(product) { return "" }
        var alone = Product()
        take(&alone, product)
        return try ProductJSON.text(alone)
      },
      read: { (cell, product) throws(DomainError) in
        let alone: Product = try ProductJSON.read(cell, name)
        take(&product, alone)
      })
  }
}

/// The words of an enumeration by its numbers on the wire.
struct EnumWords: Sendable {
  private let words: [(number: Int, word: String)]

  init<Value: RawRepresentable<Int> & CaseIterable>(_ word: (Value) -> String) {
    words = Value.allCases.map { ($0.rawValue, word($0)) }
  }

  /// Empty for "not given".
  func write(_ number: Int) -> String {
    number == 0 ? "" : words.first { $0.number == number }?.word ?? "\(number)"
  }

  func read(_ word: String, _ field: String) throws(DomainError) -> Int {
    if let known = words.first(where: { $0.word == word }) { return known.number }
    throw .invalid(field, "\"\(word.prefix(40))\" is none of \(words.map(\.word).joined(separator: ", "))")
  }
}

/// Exact decimal fractions as whole numbers of their last place.
enum Decimals {
  static func text(_ units: Int64, places: Int) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// `nil` for anything but digits with at most one point, for more places than asked unless they are zero, and for what does not
  /// fit 64 bits.
  static func exact(_ text: some StringProtocol, places: Int) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    guard parts.count == 1 || !fraction.isEmpty, fraction.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    while fraction.count > places, fraction.hasSuffix("0") { fraction.removeLast() }
    guard fraction.count <= places else { return nil }
    fraction += String(repeating: "0", count: places - fraction.count)
    return Int64((isNegative ? "-" : "") + whole + fraction)
  }
}
