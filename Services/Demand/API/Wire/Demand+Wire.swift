import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Demand {
  var wire: Huirong_Demand_V1_Demand {
    .with {
      $0.name = "demands/\(id)"
      $0.enterprise = "enterprises/\(enterprise)"
      $0.state = state.wire
      $0.amount = amount.wire
      $0.tenorMonths = Int32(truncatingIfNeeded: tenorMonths)
      $0.purpose = purpose
      $0.securityMode = securityMode.wire
      $0.instrument = instrument.wire
      $0.regionCode = region.text
      $0.channel = channel.wire
      if let wantedDate { $0.wantedDate = wantedDate.wire }
      if let validUntil { $0.validUntil = validUntil.wire }
      if let contact { $0.contact = contact.wire }
      $0.profile = profile.wire
      $0.submittedBy = submittedBy
      $0.policyDigest = policyDigest
      $0.createTime = Google_Protobuf_Timestamp(createdAt)
      $0.updateTime = Google_Protobuf_Timestamp(updatedAt)
      $0.etag = String(revision)
      fillProgress(of: &$0)
    }
  }

  private func fillProgress(of wire: inout Huirong_Demand_V1_Demand) {
    if let assessment { wire.assessment = assessment.wire }
    wire.pushMode = pushMode?.wire ?? .unspecified
    wire.targets = targets.map(\.wire)
    if let claim {
      wire.claimedInstitution = claim.institution
      wire.claimTime = Google_Protobuf_Timestamp(claim.at)
    }
    if let offer { wire.offer = offer.wire }
    if let contract { wire.contract = contract.wire }
    wire.disbursements = disbursements.map(\.wire)
    wire.disbursed = disbursedByAll.wire
    if let signedSatisfaction { wire.signedSatisfaction = signedSatisfaction.wire }
    if let disbursedSatisfaction { wire.disbursedSatisfaction = disbursedSatisfaction.wire }
    wire.declines = declines.map(\.wire)
    if let closeOut { wire.closeOut = closeOut.wire }
    wire.endReason = endReason ?? ""
    handling.fill(&wire)
  }
}

extension Contact {
  var wire: Huirong_Demand_V1_Contact {
    .with {
      $0.person = person
      $0.phone = phone
    }
  }
}

extension Assessment {
  var wire: Huirong_Demand_V1_Assessment {
    .with {
      $0.number = Int32(truncatingIfNeeded: number)
      $0.verdict = verdict.wire
      $0.rules = rules.map(\.wire)
      $0.asOf = asOf.wire
      $0.policyDigest = policyDigest
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension RuleResult {
  var wire: Huirong_Demand_V1_RuleResult {
    .with {
      $0.rule = rule
      $0.inputs = inputs.map { input in
        .with {
          $0.name = input.name
          $0.value = input.value
        }
      }
      $0.outcome = outcome.wire
      $0.explanation = explanation
      $0.citations = citations.map(\.wire)
      $0.remedies = remedies.map { remedy in
        .with {
          $0.field = remedy.field
          $0.from = remedy.from
          $0.to = remedy.to
          $0.explanation = remedy.explanation
        }
      }
    }
  }
}

extension PushTarget {
  var wire: Huirong_Demand_V1_PushTarget {
    .with {
      $0.kind = kind.wire
      $0.organisation = organisation
      $0.product = product
      $0.score = score.wire
      $0.state = state.wire
      $0.pushTime = Google_Protobuf_Timestamp(pushedAt)
      $0.reason = reason.wire
      if let acknowledgedAt { $0.acknowledgeTime = Google_Protobuf_Timestamp(acknowledgedAt) }
    }
  }
}

extension Offer {
  var wire: Huirong_Demand_V1_Offer {
    .with {
      $0.institution = institution
      $0.amount = amount.wire
      $0.rate = rate.wire
      $0.tenorMonths = Int32(truncatingIfNeeded: tenorMonths)
      $0.guaranteeNeeded = guaranteeNeeded
      $0.product = product
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}

extension Contract {
  init(_ wire: Huirong_Demand_V1_Contract, field: String) throws(DomainError) {
    self.init(
      number: wire.number, amount: try .required(wire.hasAmount, wire.amount, "\(field).amount"),
      signedOn: try .required(wire.hasSignedOn, wire.signedOn, "\(field).signed_on"), revolving: wire.revolving,
      drawBy: try .optional(wire.hasDrawBy, wire.drawBy, "\(field).draw_by"))
  }

  var wire: Huirong_Demand_V1_Contract {
    .with {
      $0.number = number
      $0.amount = amount.wire
      $0.signedOn = signedOn.wire
      $0.revolving = revolving
      if let drawBy { $0.drawBy = drawBy.wire }
      $0.firstLoan = firstLoan
    }
  }
}

extension Disbursement {
  init(_ wire: Huirong_Demand_V1_Disbursement, field: String) throws(DomainError) {
    self.init(
      amount: try .required(wire.hasAmount, wire.amount, "\(field).amount"),
      paidOn: try .required(wire.hasPaidOn, wire.paidOn, "\(field).paid_on"),
      evidence: try Evidence(wire.evidence, field: "\(field).evidence"))
  }

  var wire: Huirong_Demand_V1_Disbursement {
    .with {
      $0.amount = amount.wire
      $0.paidOn = paidOn.wire
      $0.evidence = evidence.wire
    }
  }
}

extension Decline {
  var wire: Huirong_Demand_V1_Decline {
    .with {
      $0.institution = institution
      $0.reason = reason
      $0.time = Google_Protobuf_Timestamp(at)
      $0.fromState = fromState.wire
    }
  }
}

extension CloseOut {
  var wire: Huirong_Demand_V1_CloseOut {
    .with {
      $0.evidence = evidence.map(\.wire)
      $0.closedBy = closedBy
      $0.role = role.rawValue
      $0.note = note
      $0.time = Google_Protobuf_Timestamp(at)
    }
  }
}
