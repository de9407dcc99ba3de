package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge

/// Renewal without repayment on the wire.
package struct RenewalService: Huirong_Fund_V1_RenewalService.ServiceProtocol, FundEdge {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }
}
