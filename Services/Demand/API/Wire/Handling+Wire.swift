import DemandDomain
import Kernel
import Policy
import Protos
import RPCEdge
import SwiftProtobuf

extension Handling {
  func fill(_ wire: inout Huirong_Demand_V1_Demand) {
    wire.urgency = urgency.wire
    wire.collateralKind = collateral?.wire ?? .unspecified
    wire.level = level.wire
    wire.escalations = escalations.map(\.wire)
    if let plan { wire.improvementPlan = plan.wire }
    wire.jointMembers = members.map(\.wire)
    if let contactedAt { wire.contactTime = Google_Protobuf_Timestamp(contactedAt) }
    if let pushedAt { wire.pushTime = Google_Protobuf_Timestamp(pushedAt) }
    wire.pauses = pauses.map(\.wire)
    wire.missedClocks = missed.map(\.wire)
    wire.similar = similar.map(\.wire)
    wire.secondLooks = Int32(truncatingIfNeeded: secondLooks)
    wire.notes = notes.map(\.wire)
    wire.takers = takers.map(\.wire)
    wire.documents = documents.map(\.wire)
  }
}

extension Taker {
  var wire: Huirong_Demand_V1_Taker {
    .with {
      $0.institution = institution
      $0.claimTime = Google_Protobuf_Timestamp(claimedAt)
      if let offer { $0.offer = offer.wire }
    }
  }
}

extension Escalation {
  var wire: Huirong_Demand_V1_Escalation {
    .with {
      $0.fromLevel = from.wire
      $0.toLevel = to.wire
      $0.reason = reason
      $0.actor = actor
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension ImprovementPlan {
  var wire: Huirong_Demand_V1_ImprovementPlan {
    .with {
      $0.steps = steps.map { step in
        .with {
          $0.rule = step.rule
          $0.text = step.text
        }
      }
      $0.reviewOn = reviewOn.wire
      $0.actor = actor
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension JointMember {
  var wire: Huirong_Demand_V1_JointMember {
    .with {
      $0.institution = institution
      $0.share = share.wire
      $0.state = state.wire
      if let offer { $0.offer = offer.wire }
      if let contract { $0.contract = contract.wire }
      $0.disbursements = disbursements.map(\.wire)
    }
  }
}

extension Pause {
  var wire: Huirong_Demand_V1_Pause {
    .with {
      $0.fromDate = from.wire
      if let to { $0.toDate = to.wire }
      $0.reason = reason
    }
  }
}

extension MissedClock {
  var wire: Huirong_Demand_V1_MissedClock {
    .with {
      $0.kind = kind.wire
      $0.dueOn = dueOn.wire
      $0.institution = institution ?? ""
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension SimilarDemand {
  var wire: Huirong_Demand_V1_SimilarDemand {
    .with {
      $0.demand = "demands/\(demand)"
      $0.similarity = similarity.wire
      $0.amount = amount.wire
    }
  }
}

extension DemandDocument {
  var wire: Huirong_Demand_V1_DemandDocument {
    .with {
      $0.evidence = evidence.wire
      $0.issuer = issuer
      if let amount { $0.amount = amount.wire }
      if let validUntil { $0.validUntil = validUntil.wire }
      $0.actor = actor
      $0.role = role.rawValue
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension DemandNote {
  var wire: Huirong_Demand_V1_DemandNote {
    .with {
      $0.text = text
      $0.actor = actor
      $0.role = role.rawValue
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension DemandClock {
  func wire(on date: BusinessDate, pausedFrom: BusinessDate?) -> Huirong_Demand_V1_Clock {
    .with {
      $0.kind = kind.wire
      $0.startedOn = startedOn.wire
      $0.dueOn = dueOn.wire
      if let metOn, metOn <= date { $0.metOn = metOn.wire }
      $0.standing = standing(on: date, pausedFrom: pausedFrom).wire
      $0.days = Int32(truncatingIfNeeded: days.count)
      $0.workingDays = days.kind == .working
      $0.citation = citation.wire
    }
  }
}
