import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  /// Notices of one answer.
  private static let matchedNotices = 200
  /// Notices read at a time.
  private static let noticePage = 500

  package func matchNotices(
    request: ServerRequest<Huirong_Catalog_V1_MatchNoticesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_MatchNoticesResponse> {
    try await edge.unary(request, context) { message, call in
      let profile = try Profile(firm: message.firm)
      guard let region = profile[.region] else {
        throw DomainError(.requiredFieldMissing, "where the firm is", field: "firm.region_code")
      }
      let day = try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now)
      let filter = NoticeFilter(state: .published, region: region, audience: .firms)
      var response = Huirong_Catalog_V1_MatchNoticesResponse()
      var after: String?
      repeat {
        let rows = try await repository.notices(filter, after: after, limit: Self.noticePage)
        for notice in rows where notice.holds(on: day) && notice.target.concerns(profile) {
          if response.notices.count < Self.matchedNotices { response.notices.append(.init(notice)) }
        }
        after = rows.count == Self.noticePage ? rows.last?.id : nil
      } while after != nil && response.notices.count < Self.matchedNotices
      return response
    }
  }
}
