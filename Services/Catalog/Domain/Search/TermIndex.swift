/// Which documents hold which terms of one text.
struct TermIndex: Sendable {
  private var grams: [UInt64: PostingList] = [:]
  /// Sorted, so that the beginnings of words are a range.
  private var words: [(word: String, list: PostingList)] = []
  private let size: Int

  /// Words that one beginning may stand for; more common beginnings are not what anybody searches for.
  private static let expansions = 2_000

  init(_ texts: [[String]]) {
    size = (texts.count + 63) / 64
    var gramLists: [UInt64: [UInt32]] = [:]
    var wordLists: [String: [UInt32]] = [:]
    for (number, parts) in texts.enumerated() {
      let document = UInt32(number)
      for part in parts {
        SearchText.terms(of: part) { term in
          switch term {
          case .gram(let gram): Self.append(document, to: &gramLists[gram, default: []])
          case .word(let word): Self.append(document, to: &wordLists[word, default: []])
          }
        }
      }
    }
    grams = gramLists.mapValues { PostingList($0, words: size) }
    words = wordLists.map { ($0.key, PostingList($0.value, words: size)) }.sorted { $0.word < $1.word }
  }

  private static func append(_ document: UInt32, to list: inout [UInt32]) {
    if list.last != document { list.append(document) }
  }

  /// Documents that hold every term.
  func documents(_ terms: [SearchText.Term]) -> Bitmap {
    var found = Bitmap(filled: size)
    for term in terms {
      var holds = Bitmap(empty: size)
      switch term {
      case .gram(let gram): if let list = grams[gram] { holds.add(list) }
      case .word(let beginning):
        var index = first(atLeast: beginning)
        var left = Self.expansions
        while index < words.count, left > 0, words[index].word.hasPrefix(beginning) {
          holds.add(words[index].list)
          index += 1
          left -= 1
        }
      }
      found.intersect(holds)
    }
    return found
  }

  private func first(atLeast beginning: String) -> Int {
    var (low, high) = (0, words.count)
    while low < high {
      let middle = (low + high) / 2
      if words[middle].word < beginning { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A set of documents.
struct Bitmap: Sendable {
  private(set) var words: [UInt64]

  init(empty count: Int) { words = Array(repeating: 0, count: count) }
  init(filled count: Int) { words = Array(repeating: .max, count: count) }

  /// One document for each flag.
  init(_ flags: [Bool], words count: Int) {
    words = Array(repeating: 0, count: count)
    for (document, flag) in flags.enumerated() where flag { words[document >> 6] |= 1 << UInt64(document & 63) }
  }

  mutating func add(_ list: PostingList) {
    words.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { list.add(to: base) } }
  }

  mutating func intersect(_ other: Bitmap) { for index in words.indices { words[index] &= other.words[index] } }
  mutating func subtract(_ other: [UInt64]) { for index in other.indices { words[index] &= ~other[index] } }

  func contains(_ document: Int) -> Bool { words[document >> 6] & (1 << UInt64(document & 63)) != 0 }

  /// Takes out the documents that fail the test; only those of `asked` are tested when it is given.
  mutating func keep(where asked: Bitmap? = nil, _ test: (Int) -> Bool) {
    for index in words.indices {
      var rest = asked.map { words[index] & $0.words[index] } ?? words[index]
      var failed: UInt64 = 0
      while rest != 0 {
        let place = rest.trailingZeroBitCount
        if !test(index << 6 + place) { failed |= 1 << UInt64(place) }
        rest &= rest - 1
      }
      words[index] &= ~failed
    }
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  func count(in list: PostingList) -> Int {
    switch list {
    case .sparse(let bits): return bits.reduce(0) { $0 + (contains(Int($1)) ? 1 : 0) }
    case .dense(let bitmap):
      var count = 0
      for index in words.indices { count += (words[index] & bitmap[index]).nonzeroBitCount }
      return count
    }
  }

  /// Visits documents in ascending order from one on, until the closure answers `false`.
  func visit(from first: Int = 0, _ body: (Int) -> Bool) {
    var index = first >> 6
    guard index < words.count else { return }
    var rest = words[index] & (.max << UInt64(first & 63))
    while true {
      while rest != 0 {
        if !body(index << 6 + rest.trailingZeroBitCount) { return }
        rest &= rest - 1
      }
      index += 1
      if index == words.count { return }
      rest = words[index]
    }
  }
}
