import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListDuplicateEnterprisesRequest: PagedRequest {}

extension DemandService {
  package func listDuplicateEnterprises(
    request: ServerRequest<Huirong_Demand_V1_ListDuplicateEnterprisesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListDuplicateEnterprisesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try DuplicateQuery(
        regionPrefix: message.regionPrefix, after: Self.key(page.cursor), limit: page.size, caller: call.caller)
      let found = try await repository.duplicates(query)
      return .with {
        $0.duplicates = found.duplicates.map(\.wire)
        $0.nextPageToken = found.next.map { page.token(after: $0.text) } ?? ""
      }
    }
  }

  private static func key(_ cursor: String?) throws(DomainError) -> DuplicateKey? {
    guard let cursor else { return nil }
    guard let key = DuplicateKey(text: cursor) else {
      throw DomainError(.invalidPageToken, "page_token is not one that this service gave", field: "page_token")
    }
    return key
  }
}

extension DuplicateEnterprises {
  fileprivate var wire: Huirong_Demand_V1_DuplicateEnterprises {
    .with {
      $0.displayName = name
      $0.regionPrefix = regionPrefix
      $0.enterprises = firms.map(\.wire)
    }
  }
}
