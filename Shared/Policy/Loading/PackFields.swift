import Kernel
import Yams

/// Reads the keys of one YAML mapping, remembers every mistake with its line, and finally refuses keys nobody asked for.
struct PackFields {
  let line: Int
  private let mapping: Node.Mapping
  private var asked: Set<String> = []

  /// `nil`, and a mistake, when the node is no mapping.
  init?(_ node: Node, what: String, into mistakes: inout PackMistakes) {
    guard case .mapping(let mapping) = node else {
      mistakes.add(node, "\(what) must be a mapping of keys to values")
      return nil
    }
    self.mapping = mapping
    line = node.mark?.line ?? 1
  }

  mutating func node(_ key: String) -> Node? {
    asked.insert(key)
    return mapping.first { $0.key.scalar?.string == key }?.value
  }

  /// Keys whose meaning another mistake already hides.
  mutating func excuse(_ keys: String...) { asked.formUnion(keys) }

  mutating func required(_ key: String, into mistakes: inout PackMistakes) -> Node? {
    if let found = node(key) { return found }
    mistakes.add(line: line, "key \"\(key)\" is missing")
    return nil
  }

  /// A scalar's text, trimmed of nothing; `nil`, and a mistake, when it is a list or a mapping or empty.
  mutating func text(_ key: String, into mistakes: inout PackMistakes) -> String? {
    node(key).flatMap { PackScalar.text($0, key, into: &mistakes) }
  }

  mutating func requiredText(_ key: String, into mistakes: inout PackMistakes) -> String? {
    required(key, into: &mistakes).flatMap { PackScalar.text($0, key, into: &mistakes) }
  }

  mutating func boolean(_ key: String, into mistakes: inout PackMistakes) -> Bool? {
    node(key).flatMap { PackScalar.boolean($0, key, into: &mistakes) }
  }

  mutating func date(_ key: String, into mistakes: inout PackMistakes) -> BusinessDate? {
    node(key).flatMap { PackScalar.date($0, key, into: &mistakes) }
  }

  /// The keys in the order of the file; every one counts as asked for.
  mutating func entries(into mistakes: inout PackMistakes) -> [(key: String, node: Node)] {
    var entries: [(String, Node)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        mistakes.add(key, "a key must be a word")
        continue
      }
      asked.insert(name)
      entries.append((name, value))
    }
    return entries
  }

  func refuseUnknownKeys(_ what: String, into mistakes: inout PackMistakes) {
    for (key, _) in mapping {
      guard let name = key.scalar?.string else {
        mistakes.add(key, "a key of \(what) must be a word")
        continue
      }
      if !asked.contains(name) {
        mistakes.add(key, "unknown key \"\(name)\" in \(what); known are \(asked.sorted().joined(separator: ", "))")
      }
    }
  }
}

/// Every mistake of one file.
struct PackMistakes {
  let file: String
  private(set) var all: [PolicyLoadError.Mistake] = []

  init(file: String) { self.file = file }

  mutating func add(line: Int, _ message: String) {
    all.append(.init(file: file, line: max(1, line), message: message))
  }

  mutating func add(_ node: Node, _ message: String) { add(line: node.mark?.line ?? 1, message) }
}
