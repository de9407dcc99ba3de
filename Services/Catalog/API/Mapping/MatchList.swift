package import CatalogDomain
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

/// The matches of an answer, written straight to their bytes: what an offer always says is made once and kept with it, and only
/// rank, score and rate are new. `Tests/Catalog` holds the bytes to those of the generated messages.
package enum MatchList {
  /// Numbers of `MatchProductsResponse` and `Match`.
  private enum Field {
    static let matches = 1
    static let rank = 1
    static let product = 2
    static let version = 3
    static let institution = 4
    static let title = 5
    static let instrument = 6
    static let score = 7
    static let allInRate = 8
    static let details = 9
  }

  /// The bytes of a response that holds these matches, best first, followed by `rest`: its other fields, encoded already. Fields of
  /// a message may follow one another in any order.
  /// - Parameter withDetails: with the whole product of each.
  package static func bytes(_ matches: [MatchedOffer], withDetails: Bool, rest: [UInt8] = []) throws -> [UInt8] {
    var parts: [Parts] = []
    parts.reserveCapacity(matches.count)
    var size = rest.count
    for place in matches.indices {
      let part = try Parts(matches[place], rank: place + 1, withDetails: withDetails)
      parts.append(part)
      size += FieldSize.raw(part.size)
    }
    return [UInt8](unsafeUninitializedCapacity: size) { memory, count in
      var writer = MemoryFieldWriter(memory)
      for place in matches.indices { parts[place].write(matches[place], to: &writer) }
      writer.append(rest)
      count = writer.count
    }
  }

  /// One match, measured before it is written.
  private struct Parts {
    let rank: Int64
    let fixed: [UInt8]
    let details: [UInt8]?
    let scoreSize: Int
    let rateSize: Int
    let size: Int

    init(_ found: MatchedOffer, rank: Int, withDetails: Bool) throws {
      self.rank = Int64(rank)
      fixed = found.offer.rendered { MatchList.fixedPart($0) }
      details = withDetails ? try Huirong_Catalog_V1_Product(found.offer).serializedBytes() : nil
      let score = found.score
      scoreSize =
        FieldSize.integer(score.total) + FieldSize.integer(score.fit) + FieldSize.integer(score.cost)
        + FieldSize.integer(score.speed) + FieldSize.integer(score.security) + FieldSize.integer(score.amount)
        + FieldSize.integer(score.tenor) + FieldSize.integer(score.success)
      rateSize = found.allInPPM.map { FieldSize.integer(Int($0)) } ?? 0
      size =
        FieldSize.integer(rank) + fixed.count + FieldSize.raw(scoreSize)
        + (found.allInPPM == nil ? 0 : FieldSize.raw(rateSize)) + (details.map { FieldSize.raw($0.count) } ?? 0)
    }

    func write(_ found: MatchedOffer, to writer: inout MemoryFieldWriter) {
      writer.length(Field.matches, size)
      writer.integer(Field.rank, rank)
      writer.append(fixed)
      writer.length(Field.score, scoreSize)
      let score = found.score
      writer.integer(1, Int64(score.total))
      writer.integer(2, Int64(score.fit))
      writer.integer(3, Int64(score.cost))
      writer.integer(4, Int64(score.speed))
      writer.integer(5, Int64(score.security))
      writer.integer(6, Int64(score.amount))
      writer.integer(7, Int64(score.tenor))
      writer.integer(8, Int64(score.success))
      if let ppm = found.allInPPM {
        writer.length(Field.allInRate, rateSize)
        writer.integer(1, ppm)
      }
      if let details {
        writer.length(Field.details, details.count)
        writer.append(details)
      }
    }
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
}
