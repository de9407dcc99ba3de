import EvaluationDomain
import Kernel
import Protos
import RPCEdge

extension Huirong_Evaluation_V1_ListIndicatorsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListInstitutionsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListFactsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListSchemesRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListRunsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListRankingsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListAppealsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListRankMovementsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListProgressRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListPendingFactsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_QueryFactsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListAdviserAwardsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListTasksRequest: PagedRequest {}

extension KeysetPage {
  /// The token of the next page; empty on the last.
  func token(_ page: Page) -> String { next.map(page.token(after:)) ?? "" }
}
