import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Urgency: WireEnum {
  var wire: Huirong_Demand_V1_Urgency {
    switch self {
    case .normal: .normal
    case .urgent: .urgent
    }
  }
}

extension CollateralKind: WireEnum {
  var wire: Huirong_Demand_V1_CollateralKind {
    switch self {
    case .realEstate: .realEstate
    case .equipment: .equipment
    case .landManagementRight: .landManagementRight
    case .receivables: .receivables
    case .inventory: .inventory
    case .patent: .patent
    case .trademark: .trademark
    case .equity: .equity
    case .other: .other
    }
  }
}

extension HandlingLevel: WireEnum {
  var wire: Huirong_Demand_V1_HandlingLevel {
    switch self {
    case .town: .town
    case .county: .county
    case .city: .city
    }
  }
}

extension JointState: WireEnum {
  var wire: Huirong_Demand_V1_JointState {
    switch self {
    case .invited: .invited
    case .joined: .joined
    case .left: .left
    }
  }
}

extension ClockKind: WireEnum {
  var wire: Huirong_Demand_V1_ClockKind {
    switch self {
    case .accept: .accept
    case .contact: .contact
    case .decide: .decide
    }
  }
}

extension PushReason: WireEnum {
  var wire: Huirong_Demand_V1_PushReason {
    switch self {
    case .match: .match
    case .chainLead: .chainLead
    case .dutyBank: .dutyBank
    case .regulator: .regulator
    }
  }
}

extension Similarity: WireEnum {
  var wire: Huirong_Demand_V1_Similarity {
    switch self {
    case .resubmission: .resubmission
    case .split: .split
    }
  }
}

extension FigureDimension: WireEnum {
  var wire: Huirong_Demand_V1_FigureDimension {
    switch self {
    case .region: .region
    case .chain: .chain
    case .channel: .channel
    case .period: .period
    case .institution: .institution
    }
  }
}

extension CaseKind: WireEnum {
  var wire: Huirong_Demand_V1_CaseKind {
    switch self {
    case .visit: .visit
    case .adviser: .adviser
    case .adviserGroup: .adviserGroup
    case .pairing: .pairing
    case .question: .question
    case .complaint: .complaint
    case .park: .park
    case .workOrder: .workOrder
    case .chainTeam: .chainTeam
    case .dutyMonth: .dutyMonth
    case .matchingEvent: .matchingEvent
    case .eventDeal: .eventDeal
    case .whiteListEntry: .whiteListEntry
    case .listingEntry: .listingEntry
    case .riskEntry: .riskEntry
    case .publicLead: .publicLead
    case .collateralTask: .collateralTask
    case .diligenceFile: .diligenceFile
    case .meetingDecision: .meetingDecision
    case .notice: .notice
    case .firstLoanTarget: .firstLoanTarget
    case .renewal: .renewal
    case .sweep: .sweep
    case .report: .report
    }
  }
}

extension DemandClock.Standing {
  var wire: Huirong_Demand_V1_ClockStanding {
    switch self {
    case .running: .running
    case .paused: .paused
    case .met: .met
    case .metLate: .metLate
    case .overdue: .overdue
    }
  }
}
