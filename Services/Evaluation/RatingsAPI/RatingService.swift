package import EvaluationRatings
import Kernel
import Protos
package import RPCEdge

/// The RPCs of enterprise ratings, each in a file of its own. One object serves both wires.
package struct RatingService: Huirong_Evaluation_V1_RatingService.ServiceProtocol {
  let edge: Edge
  let commands: any RatingCommands
  let queries: any RatingQueries

  package init(edge: Edge, commands: any RatingCommands, queries: any RatingQueries) {
    self.edge = edge
    self.commands = commands
    self.queries = queries
  }
}

extension Huirong_Evaluation_V1_ListScorecardsRequest: PagedRequest {}
extension Huirong_Evaluation_V1_ListRatingsRequest: PagedRequest {}

extension RatingPage {
  /// The token of the next page; empty on the last.
  func token(_ page: Page) -> String { next.map(page.token(after:)) ?? "" }
}
