import Kernel
import Yams

/// Scalars as packs write them. Each answers `nil` and notes a mistake when the node is something else.
enum PackScalar {
  static func text(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> String? {
    guard case .scalar(let scalar) = node else {
      mistakes.add(node, "\"\(key)\" must be a single value")
      return nil
    }
    if scalar.string.isEmpty {
      mistakes.add(node, "\"\(key)\" is empty")
      return nil
    }
    return scalar.string
  }

  static func boolean(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> Bool? {
    guard let text = text(node, key, into: &mistakes) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      mistakes.add(node, "\"\(key)\" must be true or false, not \"\(text.prefix(32))\"")
      return nil
    }
  }

  static func date(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> BusinessDate? {
    guard let text = text(node, key, into: &mistakes) else { return nil }
    do {
      return try BusinessDate(iso: text)
    } catch {
      mistakes.add(node, "\"\(key)\": \(error.message)")
      return nil
    }
  }

  static func grade(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> Grade? {
    guard let text = text(node, key, into: &mistakes) else { return nil }
    do {
      return try Grade(text)
    } catch {
      mistakes.add(node, "\"\(key)\": \(error.message)")
      return nil
    }
  }

  /// Digits with an optional minus sign; `_` may group them.
  static func integer(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> Int64? {
    guard let text = text(node, key, into: &mistakes) else { return nil }
    if let value = wholeNumber(text) { return value }
    mistakes.add(node, "\"\(key)\" must be a whole number, not \"\(text.prefix(32))\"")
    return nil
  }

  /// An amount in the currency's unit with at most two decimals, as minor units; `_` may group the digits.
  static func amount(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> Int64? {
    guard let text = text(node, key, into: &mistakes) else { return nil }
    if let value = minorUnits(text) { return value }
    mistakes.add(node, "\"\(key)\" must be an amount with at most two decimals, not \"\(text.prefix(32))\"")
    return nil
  }

  static func list(_ node: Node, _ key: String, into mistakes: inout PackMistakes) -> [Node]? {
    guard case .sequence(let sequence) = node else {
      mistakes.add(node, "\"\(key)\" must be a list")
      return nil
    }
    if sequence.isEmpty {
      mistakes.add(node, "\"\(key)\" is an empty list")
      return nil
    }
    return Array(sequence)
  }

  static func wholeNumber(_ text: some StringProtocol) -> Int64? {
    let written = Array(text.utf8)
    let digits = written.filter { $0 != UInt8(ascii: "_") }
    let body = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits[...]
    guard !body.isEmpty, body.count <= 19, body.allSatisfy({ (48...57).contains($0) }),
      written.first != UInt8(ascii: "_"), written.last != UInt8(ascii: "_")
    else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  static func minorUnits(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = wholeNumber(parts[0]) else { return nil }
    var cents: Int64 = 0
    if parts.count == 2 {
      guard (1...2).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
        let value = Int64(parts[1])
      else { return nil }
      cents = parts[1].utf8.count == 1 ? value * 10 : value
    }
    let (hundredfold, overflow) = whole.multipliedReportingOverflow(by: 100)
    if overflow { return nil }
    let negative = parts[0].utf8.first == UInt8(ascii: "-")
    let (sum, carried) = hundredfold.addingReportingOverflow(negative ? -cents : cents)
    return carried ? nil : sum
  }
}
