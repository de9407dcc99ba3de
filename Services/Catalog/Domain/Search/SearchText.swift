/// How texts and queries are cut into what is indexed: Chinese into single characters and pairs of neighbours, so that words of
/// one and two characters are found; everything else into words.
enum SearchText {
  /// One thing that must occur.
  enum Term: Hashable, Sendable {
    /// A character, or two neighbours.
    case gram(UInt64)
    /// A word in lower case; a query's word is the beginning of one.
    case word(String)
  }

  /// First scalar of what is written without blanks between words: radicals, kana, Hangul, Han and their extensions.
  private static let firstIdeograph: UInt32 = 0x2E80

  /// Everything to index of a text, with repetitions.
  static func terms(of text: String, _ body: (Term) -> Void) {
    scan(text) { run in
      for index in run.indices {
        body(.gram(UInt64(run[index])))
        if index + 1 < run.count { body(.gram(pair(run[index], run[index + 1]))) }
      }
    } word: {
      body(.word($0))
    }
  }

  /// What must occur for a query to be found: pairs for longer runs, the character for a single one, words.
  static func query(_ text: String) -> [Term] {
    var terms: [Term] = []
    func add(_ term: Term) { if !terms.contains(term) { terms.append(term) } }
    scan(text) { run in
      if run.count == 1 { add(.gram(UInt64(run[0]))) }
      for index in run.indices.dropLast() { add(.gram(pair(run[index], run[index + 1]))) }
    } word: {
      add(.word($0))
    }
    return terms
  }

  private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

  private static func scan(_ text: String, run body: ([UInt32]) -> Void, word: (String) -> Void) {
    var run: [UInt32] = []
    var letters = String.UnicodeScalarView()
    func end() {
      if !run.isEmpty { body(run) }
      if !letters.isEmpty { word(String(letters).lowercased()) }
      run.removeAll(keepingCapacity: true)
      letters = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      // Full-width letters and digits are the same words.
      let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
      guard let plain = Unicode.Scalar(value), plain.properties.isAlphabetic || plain.properties.numericType != nil
      else {
        end()
        continue
      }
      if value >= firstIdeograph {
        if !letters.isEmpty { end() }
        run.append(value)
      } else {
        if !run.isEmpty { end() }
        letters.append(plain)
      }
    }
    end()
  }
}
