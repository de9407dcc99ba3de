package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge

/// Subsidies and incentives on the wire.
package struct SubsidyService: Huirong_Fund_V1_SubsidyService.ServiceProtocol, FundEdge {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }
}
