package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge

/// Risk compensation on the wire.
package struct CompensationService: Huirong_Fund_V1_CompensationService.ServiceProtocol, FundEdge {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }
}
