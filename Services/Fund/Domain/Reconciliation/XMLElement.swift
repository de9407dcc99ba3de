import Kernel

/// As much of XML as bank messages use: elements, attributes, text, CDATA, comments and the five entities. A document type
/// is refused, and with it every entity that somebody could define; nesting is bounded.
struct XMLElement {
  static let maximumDepth = 32

  /// Without its prefix.
  var name: String
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []
  var content = ""
  /// Line of the document on which it starts.
  var line: Int

  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// Text at the end of a path of first children, without white space around it; nil when there is none.
  func text(_ path: String...) -> String? {
    var element = self
    for name in path {
      guard let next = element.child(name) else { return nil }
      element = next
    }
    return element.content.isEmpty ? nil : element.content
  }

  /// - Throws: `DATA_REFUSED` naming the line.
  static func parse(_ text: String) throws(DomainError) -> XMLElement {
    var parser = XMLParser(bytes: Array(text.utf8))
    return try parser.document()
  }
}

private struct XMLParser {
  let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(DomainError) -> XMLElement {
    // A byte-order mark may come first.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    var stack: [XMLElement] = []
    while true {
      let text = try readText()
      if !stack.isEmpty {
        stack[stack.count - 1].content += text
      } else if !Self.isBlank(text) {
        throw bad("stray text")
      }
      guard position < bytes.count else { throw bad("the document ends inside an element") }
      if skip("<?") {
        try find("?>")
      } else if skip("<!--") {
        try find("-->")
      } else if skip("<![CDATA[") {
        let start = position
        try find("]]>")
        if stack.isEmpty { throw bad("stray text") }
        stack[stack.count - 1].content += String(decoding: bytes[start..<(position - 3)], as: UTF8.self)
      } else if skip("<!") {
        throw bad("a document type is not accepted")
      } else if skip("</") {
        guard var element = stack.popLast(), try readName() == element.name else { throw bad("a tag is not closed") }
        skipSpace()
        guard skip(">") else { throw bad("a tag is not closed") }
        element.content = Self.trimmed(element.content)
        if stack.isEmpty { return element }
        stack[stack.count - 1].children.append(element)
      } else {
        guard skip("<"), stack.count < XMLElement.maximumDepth else { throw bad("elements are nested too deep") }
        var element = XMLElement(name: try readName(), line: line)
        if try readAttributes(&element) {
          stack.append(element)
        } else if stack.isEmpty {
          return element
        } else {
          stack[stack.count - 1].children.append(element)
        }
      }
    }
  }

  /// - Returns: whether the element has content: false for `<a/>`.
  private mutating func readAttributes(_ element: inout XMLElement) throws(DomainError) -> Bool {
    while true {
      skipSpace()
      if skip("/>") { return false }
      if skip(">") { return true }
      let name = try readName()
      skipSpace()
      guard skip("=") else { throw bad("an attribute has no value") }
      skipSpace()
      let quote = skip("\"") ? "\"" : skip("'") ? "'" : ""
      if quote.isEmpty { throw bad("an attribute has no value") }
      let start = position
      try find(quote)
      element.attributes[name] = try unescaped(bytes[start..<(position - 1)])
    }
  }

  private mutating func readName() throws(DomainError) -> String {
    let start = position
    while position < bytes.count, !" \t\r\n/>=<".utf8.contains(bytes[position]) { position += 1 }
    guard position > start else { throw bad("a name is missing") }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    return name.split(separator: ":").last.map(String.init) ?? name
  }

  private mutating func readText() throws(DomainError) -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    return try unescaped(bytes[start..<position])
  }

  private func unescaped(_ slice: ArraySlice<UInt8>) throws(DomainError) -> String {
    let text = String(decoding: slice, as: UTF8.self)
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ";") else { throw bad("an entity is not closed") }
      result += try entity(rest[rest.index(after: start)..<end])
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private func entity(_ name: Substring) throws(DomainError) -> String {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      guard name.hasPrefix("#"), let scalar = number.flatMap({ Unicode.Scalar($0) }) else {
        throw bad("the entity \(name.prefix(16)) is not known")
      }
      return String(Character(scalar))
    }
  }

  private mutating func skip(_ token: String) -> Bool {
    guard bytes[position...].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  /// Goes behind the token.
  private mutating func find(_ token: String) throws(DomainError) {
    while position < bytes.count {
      if skip(token) { return }
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    throw bad("the document ends before \(token)")
  }

  private func bad(_ message: String) -> DomainError { ParsedStatement.refused("line \(line): \(message)") }

  private static func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { " \t\r\n".utf8.contains($0) } }

  private static func trimmed(_ text: String) -> String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let head = text.drop(while: isSpace)
    guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(head[...last])
  }
}
