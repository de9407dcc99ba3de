package import CatalogDomain
import Kernel
package import Protos
import SwiftProtobuf

/// The matches of an answer, written straight to their bytes: what an offer always says is made once and kept with it, and only
/// rank, score and rate are new. `Tests/Catalog` holds the bytes to those of the generated messages.
package enum MatchList {
  /// Numbers of `MatchProductsResponse` and `Match`.
  private enum Field {
    static let matches: UInt8 = 1
    static let rank: UInt8 = 1
    static let product: UInt8 = 2
    static let version: UInt8 = 3
    static let institution: UInt8 = 4
    static let title: UInt8 = 5
    static let instrument: UInt8 = 6
    static let score: UInt8 = 7
    static let allInRate: UInt8 = 8
    static let details: UInt8 = 9
  }

  /// The bytes of a response that holds these matches, best first, and nothing else; the bytes of its other fields may follow.
  /// - Parameter withDetails: with the whole product of each.
  package static func bytes(_ matches: [MatchedOffer], withDetails: Bool) throws -> [UInt8] {
    var list = FieldWriter()
    list.reserve(matches.count * 192)
    var match = FieldWriter()
    var part = FieldWriter()
    for (place, found) in matches.enumerated() {
      match.removeAll()
      match.integer(Field.rank, Int64(place + 1))
      match.append(found.offer.rendered { fixedPart($0) })
      part.removeAll()
      write(found.score, to: &part)
      match.raw(Field.score, part.bytes)
      if let ppm = found.allInPPM {
        part.removeAll()
        part.integer(1, ppm)
        match.raw(Field.allInRate, part.bytes)
      }
      if withDetails { match.raw(Field.details, try Huirong_Catalog_V1_Product(found.offer).serializedBytes()) }
      list.raw(Field.matches, match.bytes)
    }
    return list.bytes
  }

  /// What every match of an offer says.
  private static func fixedPart(_ offer: Offer) -> [UInt8] {
    var title = FieldWriter()
    title.text(1, offer.terms.title.zh)
    title.text(2, offer.terms.title.en)
    var fields = FieldWriter()
    fields.text(Field.product, "\(Product.collection)/\(offer.id)")
    fields.integer(Field.version, Int64(Int32(clamping: offer.version)))
    fields.text(Field.institution, "\(Institution.collection)/\(offer.terms.institution)")
    fields.raw(Field.title, title.bytes)
    fields.integer(Field.instrument, Int64(offer.terms.instrument.rawValue))
    return fields.bytes
  }

  private static func write(_ score: Score, to fields: inout FieldWriter) {
    fields.integer(1, Int64(score.total))
    fields.integer(2, Int64(score.fit))
    fields.integer(3, Int64(score.cost))
    fields.integer(4, Int64(score.speed))
    fields.integer(5, Int64(score.security))
    fields.integer(6, Int64(score.amount))
    fields.integer(7, Int64(score.tenor))
    fields.integer(8, Int64(score.success))
  }
}
