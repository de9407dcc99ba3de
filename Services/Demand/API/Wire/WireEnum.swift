import DemandDomain
import Kernel
import Policy
import Protos
import RPCEdge
import SwiftProtobuf

/// An enumeration of the domain and the one that stands for it on the wire.
protocol WireEnum: CaseIterable {
  associatedtype Wire: SwiftProtobuf.Enum & CaseIterable
  var wire: Wire { get }
}

extension WireEnum {
  /// - Throws: `REQUIRED_FIELD_MISSING` for the zero value, `INVALID_ARGUMENT` for an unknown one.
  init(_ wire: Wire, _ field: String) throws(DomainError) {
    try Require.value(wire, field)
    guard let value = Self.allCases.first(where: { $0.wire == wire }) else {
      throw .invalid(field, "has no value \(wire.rawValue)")
    }
    self = value
  }

  /// `nil` for the zero value.
  /// - Throws: `INVALID_ARGUMENT` for an unknown one.
  static func optional(_ wire: Wire, _ field: String) throws(DomainError) -> Self? {
    wire.rawValue == 0 ? nil : try Self(wire, field)
  }
}

extension DemandState: WireEnum {
  var wire: Huirong_Demand_V1_DemandState {
    switch self {
    case .submitted: .submitted
    case .assessed: .assessed
    case .hard: .hard
    case .pushed: .pushed
    case .claimed: .claimed
    case .offered: .offered
    case .signed: .signed
    case .disbursed: .disbursed
    case .closed: .closed
    case .declined: .declined
    case .withdrawn: .withdrawn
    case .expired: .expired
    }
  }
}

extension Channel: WireEnum {
  var wire: Huirong_Demand_V1_Channel {
    switch self {
    case .online: .online
    case .grid: .grid
    case .branch: .branch
    case .hotline: .hotline
    case .event: .event
    case .chainTeam: .chainTeam
    }
  }
}

extension Instrument: WireEnum {
  var wire: Huirong_Common_V1_Instrument {
    switch self {
    case .loan: .loan
    case .guarantee: .guarantee
    case .lease: .lease
    case .insurance: .insurance
    case .equity: .equity
    case .bridgeLoan: .bridgeLoan
    case .factoring: .factoring
    case .bond: .bond
    }
  }
}

extension SecurityMode: WireEnum {
  var wire: Huirong_Common_V1_SecurityMode {
    switch self {
    case .credit: .credit
    case .guarantee: .guarantee
    case .mortgage: .mortgage
    case .pledge: .pledge
    }
  }
}

extension PlatformGrade: WireEnum {
  var wire: Huirong_Common_V1_PlatformGrade {
    switch self {
    case .a: .a
    case .b: .b
    case .c: .c
    case .d: .d
    case .e: .e
    }
  }
}

extension ConsentKind: WireEnum {
  var wire: Huirong_Demand_V1_ConsentKind {
    switch self {
    case .pbocCredit: .pbocCredit
    case .publicCredit: .publicCredit
    case .tax: .tax
    }
  }
}

extension PushMode: WireEnum {
  var wire: Huirong_Demand_V1_PushMode {
    switch self {
    case .directed: .directed
    case .open: .open
    case .broadcast: .broadcast
    }
  }
}

extension TargetKind: WireEnum {
  var wire: Huirong_Demand_V1_TargetKind {
    switch self {
    case .institution: .institution
    case .cityRegulator: .cityRegulator
    case .countyRegulator: .countyRegulator
    }
  }
}

extension TargetState: WireEnum {
  var wire: Huirong_Demand_V1_TargetState {
    switch self {
    case .pushed: .pushed
    case .claimed: .claimed
    case .declined: .declined
    }
  }
}

extension Verdict: WireEnum {
  var wire: Huirong_Demand_V1_Verdict {
    switch self {
    case .feasible: .feasible
    case .conditional: .conditional
    case .hard: .hard
    }
  }
}

extension RuleOutcome: WireEnum {
  var wire: Huirong_Demand_V1_RuleOutcome {
    switch self {
    case .pass: .pass
    case .conditional: .conditional
    case .fail: .fail
    case .notApplicable: .notApplicable
    case .notStated: .notStated
    }
  }
}

extension SizeBand? {
  var wire: Huirong_Common_V1_SizeBand {
    switch self {
    case nil, .notAFirm?: .unspecified
    case .micro?: .micro
    case .small?: .small
    case .medium?: .medium
    case .large?: .large
    }
  }
}
