/// Text in Chinese and English; English may be empty.
package struct LocalizedText: Hashable, Sendable, Codable {
  package var zh: String
  package var en: String

  package init(zh: String, en: String = "") {
    self.zh = zh
    self.en = en
  }
}

/// The published text that a statement rests on.
package struct Source: Hashable, Sendable, Codable {
  /// Document number, e.g. `泰金监字〔2023〕2号`.
  package var document: String
  /// Article or page heading inside the document.
  package var article: String
  /// At most a clause of it.
  package var quote: String

  package init(document: String, article: String, quote: String) {
    self.document = document
    self.article = article
    self.quote = quote
  }
}
