import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListEnterprisesRequest: PagedRequest {}

extension DemandService {
  private static let enterpriseFields: FilterFields = [
    "region_code": .text, "industry_code": .text, "size_band": .enumeration(["MICRO", "SMALL", "MEDIUM", "LARGE"]),
    "platform_grade": .enumeration(PlatformGrade.allCases.map(\.rawValue)), "first_loan": .boolean, "tag": .text,
  ]

  package func listEnterprises(
    request: ServerRequest<Huirong_Demand_V1_ListEnterprisesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListEnterprisesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try ListFilter(message.filter, Self.enterpriseFields)
      let query = try EnterpriseQuery(
        regionPrefix: filter.region("region_code"), industryPrefix: Self.industry(filter.text("industry_code")),
        sizeBand: filter.text("size_band")?.lowercased(), grade: filter.word("platform_grade"),
        firstLoan: filter.flag("first_loan"), tag: filter.text("tag"),
        descending: ListFilter.isDescending(message.orderBy), after: page.position, limit: page.size + 1
      ).scoped(to: call.caller)
      let (rows, next) = page.cut(try await repository.enterprises(query)) { String($0.position) }
      return .with {
        $0.enterprises = rows.map(\.item.wire)
        $0.nextPageToken = next
      }
    }
  }

  private static func industry(_ text: String?) -> String? {
    guard let text else { return nil }
    return text.hasSuffix("*") ? String(text.dropLast()) : text
  }
}
