import CatalogDomain
import Synchronization

/// Terms as they were decoded last: the terms of a version never change, and decoding them costs many times what reading their
/// row does. The text is kept beside them and compared, so that another store of the process is never answered from this one.
final class TermsMemo: Sendable {
  static let shared = TermsMemo()

  private struct Key: Hashable {
    let id: String
    let version: Int
  }

  /// Versions kept, of some kilobytes each, which the matcher's offers share; when there are more, all are forgotten.
  private static let capacity = 16_384

  private let known = Mutex<[Key: (text: String, terms: ProductTerms)]>([:])

  /// - Throws: when the text cannot be read.
  func terms(_ text: String, of id: String, version: Int) throws -> ProductTerms {
    let key = Key(id: id, version: version)
    if let found = known.withLock({ $0[key] }), found.text == text { return found.terms }
    let terms = try JSON.decode(ProductTerms.self, text.utf8)
    known.withLock { known in
      if known.count >= Self.capacity { known.removeAll() }
      known[key] = (text, terms)
    }
    return terms
  }
}
