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

  /// The pairs of several texts, each once, two characters in one number: what an index over many texts gathers by.
  package static func packed(_ texts: [String]) -> Set<UInt64> {
    var pairs: Set<UInt64> = []
    for text in texts {
      var left: UInt32?
      for scalar in text.unicodeScalars {
        let right = folded(scalar)
        if right.properties.isWhitespace {
          left = nil
        } else {
          if let left { pairs.insert(UInt64(left) << 32 | UInt64(right.value)) }
          left = right.value
        }
      }
    }
    return pairs
  }

  /// The text of a pair from `packed`.
  package static func text(of pair: UInt64) -> String {
    var view = String.UnicodeScalarView()
    for value in [UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair)] {
      if let scalar = Unicode.Scalar(value) { view.append(scalar) }
    }
    return String(view)
  }

  /// A text as words are compared: ASCII letters without case.
  package static func folded(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: fold(text))
    return String(view)
  }

  private static func fold(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map(folded)
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar
  }
}
