package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge

/// Bank statements against the ledger, on the wire.
package struct ReconciliationService: Huirong_Fund_V1_ReconciliationService.ServiceProtocol, FundEdge {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }
}
