/// Full text for Chinese, which has no spaces: every two neighbouring characters are a word of the index, so that a word of two
/// characters (首贷) is found, and a longer one by all of its pairs.
package enum Bigrams {
  /// The pairs of a text, each once, in order. ASCII letters count without case; a pair with a space is none.
  package static func of(_ text: String) -> [String] {
    let characters = fold(text)
    var seen: Set<String> = []
    var pairs: [String] = []
    for (left, right) in zip(characters, characters.dropFirst())
    where !left.properties.isWhitespace && !right.properties.isWhitespace {
      var pair = String.UnicodeScalarView()
      pair.append(left)
      pair.append(right)
      if seen.insert(String(pair)).inserted { pairs.append(String(pair)) }
    }
    return pairs
  }

  /// A text as words are compared: ASCII letters without case.
  package static func folded(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: fold(text))
    return String(view)
  }

  private static func fold(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map { scalar in
      (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar
    }
  }
}
