package import EvaluationDomain
import Protos
package import RPCEdge

/// Decision analysis over the wire, each RPC in a file of its own. It reads runs and facts and stores nothing.
package struct AnalysisService: Huirong_Evaluation_V1_AnalysisService.ServiceProtocol {
  let edge: Edge
  let queries: any EvaluationQueries
  let runs: RunMatrices

  package init(edge: Edge, queries: any EvaluationQueries) {
    self.edge = edge
    self.queries = queries
    runs = RunMatrices(queries: queries)
  }
}
