/// Which bits fail because a firm's keys (words of a set, or the prefixes of a code) do not meet a condition's list: an
/// inverted index from key to bits, one side for "has any of", one for "has none of".
struct WordIndex<Key: Hashable & Sendable>: Sendable {
  typealias Entry = (keys: [Key], holds: Bool, bit: UInt32)

  /// Bits that want one of their keys.
  private let wanting: [UInt64]
  /// All bits with a condition here: what fails when the firm's value is unknown.
  private let has: [UInt64]
  private let wanted: [Key: PostingList]
  private let unwanted: [Key: PostingList]
  private let hasWanting: Bool
  private let words: Int

  /// - Precondition: no bit appears in two wanting entries; the compiler of a segment gives second ones a column of their own.
  init(_ entries: [Entry], words: Int) {
    self.words = words
    var has = [UInt64](repeating: 0, count: words)
    var wanting = has
    var wanted: [Key: [UInt32]] = [:]
    var unwanted: [Key: [UInt32]] = [:]
    for entry in entries {
      let word = Int(entry.bit >> 6)
      let bit: UInt64 = 1 << UInt64(entry.bit & 63)
      has[word] |= bit
      if entry.holds { wanting[word] |= bit }
      for key in Set(entry.keys) {
        if entry.holds {
          wanted[key, default: []].append(entry.bit)
        } else {
          unwanted[key, default: []].append(entry.bit)
        }
      }
    }
    self.has = has
    self.wanting = wanting
    hasWanting = wanting.contains { $0 != 0 }
    self.wanted = wanted.mapValues { PostingList($0, words: words) }
    self.unwanted = unwanted.mapValues { PostingList($0, words: words) }
  }

  /// - Parameter scratch: `words` words that may be overwritten.
  func addFailures(
    of keys: some Sequence<Key>, to fail: UnsafeMutablePointer<UInt64>, scratch: UnsafeMutablePointer<UInt64>
  ) {
    if hasWanting {
      wanting.withUnsafeBufferPointer { for word in $0.indices { scratch[word] = $0[word] } }
      for key in keys { wanted[key]?.remove(from: scratch) }
      for word in 0..<words { fail[word] |= scratch[word] }
    }
    if !unwanted.isEmpty { for key in keys { unwanted[key]?.add(to: fail) } }
  }

  /// Adds every bit: the value is unknown.
  func addAll(to fail: UnsafeMutablePointer<UInt64>) { for word in 0..<words { fail[word] |= has[word] } }
}

/// A code or a prefix of one in 64 bits: length, section letter and up to 12 digits of four bits each.
struct CodeKey: Hashable, Sendable {
  fileprivate(set) var packed: UInt64

  init(_ text: some StringProtocol) {
    packed = 0
    for byte in text.utf8 { append(byte) }
  }

  fileprivate mutating func append(_ byte: UInt8) {
    packed += 1 << 56
    if byte >= 65 {
      packed |= UInt64(byte & 31) << 48
    } else {
      packed = packed & 0xFFFF_0000_0000_0000 | (packed << 4 | UInt64(byte & 15)) & 0xFFFF_FFFF_FFFF
    }
  }
}

/// Every prefix of a code, itself included, shortest first.
struct CodePrefixes: Sequence, IteratorProtocol {
  private var rest: Substring.UTF8View
  private var key = CodeKey("")

  init(_ code: String) { rest = code[...].utf8 }

  mutating func next() -> CodeKey? {
    guard let byte = rest.popFirst() else { return nil }
    key.append(byte)
    return key
  }
}
