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
      case .enterprise(let id, let profile, let current):
        let changed = Huirong_Demand_V1_EnterpriseChanged.with {
          $0.enterprise = "enterprises/\(id)"
          $0.profile = profile.wire
          if let current { $0.current = current.wire }
        }
        $0.payload = type == "enterprise.registered" ? .enterpriseRegistered(changed) : .enterpriseUpdated(changed)
      case .matter(let matter): $0.payload = .caseChanged(matter.wire)
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
          $0.secondLook = push.secondLook
        })
    case .claimed(let institution), .taken(let institution): .claimed(.with { $0.institution = institution })
    case .offered(let offer), .tendered(let offer, revised: false): .offered(offer.wire)
    case .signed(let contract), .awarded(_, let contract): .signed(contract.wire)
    case .disbursed(let disbursement): .disbursed(disbursement.wire)
    case .closed(let closeOut): .closed(closeOut.wire)
    case .declined(let decline, let othersLeft):
      .declined(
        .with {
          $0.institution = decline.institution
          $0.reason = decline.reason
          $0.othersLeft = othersLeft
        })
    case .escalated(let escalation): .escalated(escalation.wire)
    case .planned(let plan): .planned(plan.wire)
    case .invited(let member): .invited(member.wire)
    case .joined(let institution): .joined(.with { $0.institution = institution })
    case .left(let decline):
      .left(
        .with {
          $0.institution = decline.institution
          $0.reason = decline.reason
          $0.othersLeft = true
        })
    case .jointOffered(let offer), .tendered(let offer, revised: true): .jointOffered(offer.wire)
    case .jointSigned(let institution, let contract):
      .jointSigned(
        .with {
          $0.institution = institution
          $0.contract = contract.wire
        })
    case .jointDisbursed(let institution, let disbursement):
      .jointDisbursed(
        .with {
          $0.institution = institution
          $0.disbursement = disbursement.wire
        })
    case .acknowledged(let organisation): .acknowledged(.with { $0.institution = organisation })
    case .contacted(let institution): .contacted(.with { $0.institution = institution })
    case .paused(let pause): .paused(pause.wire)
    case .resumed(let pause): .resumed(pause.wire)
    case .clockMissed(let missed): .clockMissed(missed.wire)
    case .noted(let note): .noted(note.wire)
    case .documentAttached(let document): .documentAttached(document.wire)
    case .reopened(let closeOut):
      .reopened(
        .with {
          $0.reason = context.reason
          $0.closeOut = closeOut.wire
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
