internal import Kernel

struct FilterToken {
  enum Kind: Equatable {
    case word(String)
    case text(String)
    case comparator(FilterComparator)
    case open, close
    case end
  }

  let kind: Kind
  /// 1 for the first character.
  let column: Int
}

/// Cuts a filter into tokens.
struct FilterLexer {
  /// Longest accepted filter, in bytes of UTF-8.
  static let maximumLength = 4096

  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ filter: String) throws(DomainError) {
    guard filter.utf8.count <= Self.maximumLength else {
      throw FilterParser.error(1, "the filter is longer than \(Self.maximumLength) bytes")
    }
    scalars = Array(filter.unicodeScalars)
  }

  mutating func next() throws(DomainError) -> FilterToken {
    while index < scalars.count, scalars[index] == " " || scalars[index] == "\t" || scalars[index] == "\n" {
      index += 1
    }
    let column = index + 1
    guard index < scalars.count else { return FilterToken(kind: .end, column: column) }
    switch scalars[index] {
    case "(": return single(.open)
    case ")": return single(.close)
    case "=": return single(.comparator(.equal))
    case ":": return single(.comparator(.has))
    case "<": return orEqual(.less, .lessOrEqual)
    case ">": return orEqual(.greater, .greaterOrEqual)
    case "!":
      guard index + 1 < scalars.count, scalars[index + 1] == "=" else {
        throw FilterParser.error(column, "\"!\" must be followed by \"=\"; negation is written NOT or -")
      }
      index += 2
      return FilterToken(kind: .comparator(.notEqual), column: column)
    case "\"", "'": return FilterToken(kind: .text(try quoted()), column: column)
    case let scalar where Self.isWord(scalar): return FilterToken(kind: .word(word()), column: column)
    case let scalar: throw FilterParser.error(column, "unexpected character \"\(scalar)\"")
    }
  }

  private mutating func single(_ kind: FilterToken.Kind) -> FilterToken {
    index += 1
    return FilterToken(kind: kind, column: index)
  }

  private mutating func orEqual(_ plain: FilterComparator, _ equal: FilterComparator) -> FilterToken {
    let column = index + 1
    index += 1
    guard index < scalars.count, scalars[index] == "=" else {
      return FilterToken(kind: .comparator(plain), column: column)
    }
    index += 1
    return FilterToken(kind: .comparator(equal), column: column)
  }

  private mutating func word() -> String {
    var word = String.UnicodeScalarView()
    while index < scalars.count, Self.isWord(scalars[index]) {
      word.append(scalars[index])
      index += 1
    }
    return String(word)
  }

  private mutating func quoted() throws(DomainError) -> String {
    let (quote, column) = (scalars[index], index + 1)
    index += 1
    var text = String.UnicodeScalarView()
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == quote { return String(text) }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard index < scalars.count, scalars[index] == quote || scalars[index] == "\\" else {
        throw FilterParser.error(index, "\"\\\" must be followed by the quote or another \"\\\"")
      }
      text.append(scalars[index])
      index += 1
    }
    throw FilterParser.error(column, "the string that begins here is not closed")
  }

  /// Letters of any script, digits, and what names, dates, resource names and numbers are made of.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-", "/", "*", "+", "~": true
    default: scalar.value >= 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }
}
