import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  private static let candidatesLimit = 1_000
  private static let firmIDCharacters = 128

  package func matchFirms(
    request: ServerRequest<Huirong_Catalog_V1_MatchFirmsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_MatchFirmsResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Reading.product(message.product, "product")
      try Require.count(message.candidates.count, minimum: 1, maximum: Self.candidatesLimit, "candidates")
      let limit = try Reading.limit(message.limit, default: 20, most: Self.candidatesLimit, "limit")
      let firms = try Self.firms(message.candidates, now: call.now)
      let state = live.current
      var matches: [(id: String, match: MatchedOffer)] = []
      var refusals: [(id: String, refusal: Refusal)] = []
      for firm in firms {
        try call.checkCancellation()
        let day = if let day = firm.profile.asOf { day } else { try call.now.shanghaiDate() }
        let offer = try await published(id, on: day, state, call.caller)
        if NaiveEvaluator.isEligible(offer, firm.profile) {
          matches.append((firm.id, CatalogIndex.rate(offer, firm.profile, level: state.rates.level(on: day))))
        } else if message.includeIneligible, let refusal = Explanation.refusal(offer, firm.profile) {
          refusals.append((firm.id, refusal))
        }
      }
      return Self.response(matches, refusals, limit)
    }
  }

  private static func firms(
    _ candidates: [Huirong_Catalog_V1_FirmCandidate], now: Instant
  ) throws(DomainError) -> [(id: String, profile: Profile)] {
    var seen: Set<String> = []
    return try Reading.each(candidates, "candidates") { candidate, path throws(DomainError) in
      guard (1...firmIDCharacters).contains(candidate.firmID.count) else {
        throw .invalid("\(path).firm_id", "1 to \(firmIDCharacters) characters")
      }
      guard seen.insert(candidate.firmID).inserted else {
        throw .invalid("\(path).firm_id", "stands in an earlier entry too")
      }
      do throws(DomainError) {
        return (candidate.firmID, try Profile(candidate.firm, candidate.need, now: now))
      } catch { throw error.within(path) }
    }
  }

  private static func response(
    _ matches: [(id: String, match: MatchedOffer)], _ refusals: [(id: String, refusal: Refusal)], _ limit: Int
  ) -> Huirong_Catalog_V1_MatchFirmsResponse {
    var response = Huirong_Catalog_V1_MatchFirmsResponse()
    response.eligibleCount = Int32(clamping: matches.count)
    let best = matches.sorted {
      $0.match.score.total != $1.match.score.total ? $0.match.score.total > $1.match.score.total : $0.id < $1.id
    }
    response.matches = best.prefix(limit).enumerated().map { place, entry in
      .with {
        $0.rank = Int32(clamping: place + 1)
        $0.firmID = entry.id
        $0.score = .init(entry.match.score)
      }
    }
    let nearest = refusals.sorted {
      $0.refusal.change.cost != $1.refusal.change.cost
        ? $0.refusal.change.cost < $1.refusal.change.cost : $0.id < $1.id
    }
    response.ineligible = nearest.prefix(limit).map { entry in
      .with {
        $0.firmID = entry.id
        $0.ineligibility = .init(entry.refusal)
      }
    }
    return response
  }
}
