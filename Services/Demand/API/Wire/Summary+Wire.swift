import DemandDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension DemandSummary {
  func wire(prefix: String) -> Huirong_Demand_V1_SummarizeDemandsResponse {
    .with {
      $0.asOfSequence = sequence
      $0.regions = parts.map { $0.tally.wire(region: $0.prefix) }
      $0.total = total.wire(region: prefix)
    }
  }
}

extension DemandTally {
  fileprivate func wire(region: String) -> Huirong_Demand_V1_RegionSummary {
    .with {
      $0.regionCode = region
      $0.current = Self.wireCounts(current)
      $0.reached = Self.wireCounts(reached)
      $0.amounts = Self.wireAmounts(amounts)
    }
  }

  static func wireAmounts(_ amounts: [Currency: AmountTally]) -> [Huirong_Demand_V1_AmountSummary] {
    amounts.sorted { $0.key.code < $1.key.code }.map { $0.value.wire($0.key) }
  }

  /// In the order of the funnel, zeros left out.
  static func wireCounts(_ counts: [DemandState: Int64]) -> [Huirong_Demand_V1_StateCount] {
    DemandState.allCases.compactMap { state in
      guard let count = counts[state], count != 0 else { return nil }
      return .with {
        $0.state = state.wire
        $0.count = count
      }
    }
  }
}

extension AmountTally {
  fileprivate func wire(_ currency: Currency) -> Huirong_Demand_V1_AmountSummary {
    .with {
      $0.currencyCode = currency.code
      $0.wanted = Money(wanted, currency).wire
      $0.granted = Money(granted, currency).wire
      $0.signed = Money(signed, currency).wire
      $0.disbursed = Money(disbursed, currency).wire
      if let grantedRate { $0.grantedRate = grantedRate.wire }
      if let disbursedRate { $0.disbursedRate = disbursedRate.wire }
    }
  }
}
