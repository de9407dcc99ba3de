package import Kernel

/// Words that must all occur in a demand's purpose or notes.
package struct DemandSearch: Sendable, Hashable {
  package static let maximumWords = 8

  package var words: [String]
  package var query: DemandQuery

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT` for a word of one character.
  package init(_ text: String, query: DemandQuery) throws(DomainError) {
    let text = try Texts.required(text, "query", maximum: Texts.maximumPurpose)
    words = Bigrams.folded(text).split(whereSeparator: \.isWhitespace).map(String.init)
    guard (1...Self.maximumWords).contains(words.count) else {
      throw DomainError.invalid("query", "has 1 to \(Self.maximumWords) words")
    }
    if let short = words.first(where: { $0.unicodeScalars.count < 2 }) {
      throw DomainError.invalid("query", "\"\(short)\" is one character; a word has at least two")
    }
    self.query = query
  }

  /// What a reader of this role searches in: its own demands or places, as when it lists.
  package var pairs: [String] {
    words.flatMap(Bigrams.of).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Pairs can stand apart; the word itself must be there, in what the reader may see.
  package func matches(_ demand: Demand) -> Bool {
    let texts = ([demand.purpose] + demand.handling.notes.map(\.text)).map(Bigrams.folded)
    return words.allSatisfy { word in texts.contains { $0.contains(word) } }
  }
}
