package import EvaluationDomain
import Protos
package import RPCEdge

/// Decision analysis over the wire, each RPC in a file of its own. It reads runs and stores nothing.
package struct AnalysisService: Huirong_Evaluation_V1_AnalysisService.ServiceProtocol {
  let edge: Edge
  let runs: RunMatrices

  package init(edge: Edge, queries: any EvaluationQueries) {
    self.edge = edge
    runs = RunMatrices(queries: queries)
  }
}
