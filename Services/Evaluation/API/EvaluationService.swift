package import EvaluationDomain
import Kernel
import Protos
package import RPCEdge

/// The evaluation service's RPCs, each in the file of its group. One object serves both wires.
package struct EvaluationService: Huirong_Evaluation_V1_EvaluationService.ServiceProtocol {
  let edge: Edge
  let commands: any EvaluationCommands
  let queries: any EvaluationQueries
  let feeds: any FeedMonitor
  let signer: any ExportSigner
  let recomputed: RecomputedRuns

  package init(
    edge: Edge, commands: any EvaluationCommands, queries: any EvaluationQueries, feeds: any FeedMonitor,
    signer: any ExportSigner
  ) {
    self.edge = edge
    self.commands = commands
    self.queries = queries
    self.feeds = feeds
    self.signer = signer
    recomputed = RecomputedRuns(queries: queries)
  }
}

extension Caller {
  /// Who works with drafts: offices, analysts, operators and the suite's services. Everyone else sees what is published.
  var isOffice: Bool {
    switch role {
    case .regulator, .analyst, .operator, .service: true
    case .enterprise, .gridWorker, .institution, .adviser: false
    }
  }
}
