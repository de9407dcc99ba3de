import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension LogEntry {
  var wire: Huirong_Demand_V1_WatchDemandsResponse {
    .with {
      $0.header = header
      $0.event = event
    }
  }

  private var header: Huirong_Common_V1_EventHeader {
    .with {
      $0.sequence = sequence
      $0.commitTimeMicros = committedAt.microseconds
      $0.type = type
      $0.subject = subject
      $0.actor = context.actor
      $0.hash = .init(hash)
    }
  }

  private var event: Huirong_Demand_V1_DemandEvent {
    .with {
      $0.actorRole = context.role.rawValue
      $0.actorSubject = context.subject
      $0.reason = context.reason
      $0.policyDigest = context.policyDigest
      $0.time = Google_Protobuf_Timestamp(context.at)
      switch content {
      case .enterprise(let id, let profile):
        let changed = Huirong_Demand_V1_EnterpriseChanged.with {
          $0.enterprise = "enterprises/\(id)"
          $0.profile = profile.wire
        }
        $0.payload = type == "enterprise.registered" ? .enterpriseRegistered(changed) : .enterpriseUpdated(changed)
      case .demand(let event, let from, let after):
        $0.demand = after.wire
        $0.fromState = from?.wire ?? .unspecified
        $0.payload = event.wire(after: after, context)
      }
    }
  }
}

extension DemandEvent {
  fileprivate func wire(
    after demand: Demand, _ context: EventContext
  ) -> Huirong_Demand_V1_DemandEvent.OneOf_Payload {
    switch self {
    case .submitted: .submitted(.with { $0.channel = demand.channel.wire })
    case .assessed(let assessment, _): .assessed(assessment.wire)
    case .pushed(let push):
      .pushed(
        .with {
          $0.mode = push.mode.wire
          $0.targets = push.targets.map(\.wire)
          $0.citations = push.citations.map(\.wire)
        })
    case .claimed(let institution): .claimed(.with { $0.institution = institution })
    case .offered(let offer): .offered(offer.wire)
    case .signed(let contract): .signed(contract.wire)
    case .disbursed(let disbursement): .disbursed(disbursement.wire)
    case .closed(let closeOut): .closed(closeOut.wire)
    case .declined(let decline, let othersLeft):
      .declined(
        .with {
          $0.institution = decline.institution
          $0.reason = decline.reason
          $0.othersLeft = othersLeft
        })
    case .withdrawn: .withdrawn(.with { $0.reason = context.reason })
    case .expired(let lastDay, let asOf):
      .expired(
        .with {
          $0.lastDay = lastDay.wire
          $0.asOf = asOf.wire
        })
    }
  }
}
