package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge
import SwiftProtobuf

/// The message that answers a command: made from what the command decided, and from nothing else.
protocol OutcomeMessage: Message {
  associatedtype Outcome: Sendable
  init(_ outcome: Outcome)
}

/// The fund service on the wire. Each RPC has a file of its own in `RPCs`; `Wire` maps messages.
package struct FundService: Huirong_Fund_V1_FundService.ServiceProtocol, FundEdge {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }

  /// An institution reads what is its own.
  /// - Throws: `OUT_OF_SCOPE`.
  static func requireOwn(_ institution: String, _ call: CallInfo) throws(DomainError) {
    if call.caller.role == .institution && call.caller.organisation != institution {
      throw DomainError(.outOfScope, "\(call.caller.organisation) may not read what belongs to another institution")
    }
  }
}
