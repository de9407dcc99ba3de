package import Kernel

/// A service whose event log is followed.
package enum FeedSource: String, Sendable, Hashable, CaseIterable, Codable {
  case demand, fund
}

/// What one event of another service adds to an institution's month. Amounts are whole numbers in the indicator's unit.
package struct FeedEffect: Sendable, Hashable {
  package var institutionID: String
  package var entry: FeedIndicator.Entry
  package var amount: Int64

  /// One more of what is counted.
  package static func count(_ indicator: FeedIndicator, _ institutionID: String) -> FeedEffect {
    FeedEffect(institutionID: institutionID, entry: FeedIndicator.Entry(indicator: indicator, currency: nil), amount: 1)
  }

  /// An amount of money; each currency is an indicator of its own.
  package static func money(_ indicator: FeedIndicator, _ institutionID: String, _ money: Money) -> FeedEffect {
    FeedEffect(
      institutionID: institutionID, entry: FeedIndicator.Entry(indicator: indicator, currency: money.currency),
      amount: money.minorUnits)
  }
}

/// An event of another service, reduced to what it changes here. Most events change nothing and only move the cursor.
package struct FeedEvent: Sendable, Hashable {
  package var source: FeedSource
  /// Position in the source's gapless log.
  package var sequence: Int64
  /// The business day of what happened, as the source states it; its month is the month that is counted.
  package var day: BusinessDate
  package var effects: [FeedEffect]

  package init(source: FeedSource, sequence: Int64, day: BusinessDate, effects: [FeedEffect]) {
    self.source = source
    self.sequence = sequence
    self.day = day
    self.effects = effects
  }
}

/// The indicators that the service counts by itself. An entry joins the dictionary with the first event that needs it.
package enum FeedIndicator: String, Sendable, Hashable, CaseIterable {
  case demandsClaimed = "feed.demands-claimed"
  case demandsOffered = "feed.demands-offered"
  case demandsSigned = "feed.demands-signed"
  case amountSigned = "feed.amount-signed"
  case demandsDisbursed = "feed.demands-disbursed"
  case amountDisbursed = "feed.amount-disbursed"
  case demandsClosed = "feed.demands-closed"
  case guaranteesCommitted = "feed.guarantees-committed"
  case guaranteedAmount = "feed.guaranteed-amount"
  case claimsPaid = "feed.claims-paid"
  case claimedAmount = "feed.claimed-amount"

  /// A dictionary entry: a count, or an amount in one currency. 分 amounts have the plain id, others end in the currency.
  package struct Entry: Sendable, Hashable {
    package let indicator: FeedIndicator
    /// `nil` for counts.
    package let currency: Currency?

    package init(indicator: FeedIndicator, currency: Currency?) {
      self.indicator = indicator
      self.currency = currency
    }

    package var id: String {
      guard let currency, currency != .cny else { return indicator.rawValue }
      return "\(indicator.rawValue).\(currency.code.lowercased())"
    }

    package func indicator(createTime: Instant) -> Indicator {
      Indicator(
        id: id, titleZH: indicator.titles.zh, titleEN: indicator.titles.en,
        unit: currency.map(IndicatorUnit.money) ?? .count, direction: indicator.direction, source: .feed,
        aggregation: .sum, absentIsZero: true,
        basis: "counted from the event log of the \(indicator.source.rawValue) service, by the month of the event's "
          + "business day",
        createTime: createTime)
    }
  }

  package var source: FeedSource {
    switch self {
    case .demandsClaimed, .demandsOffered, .demandsSigned, .amountSigned, .demandsDisbursed, .amountDisbursed,
      .demandsClosed:
      .demand
    case .guaranteesCommitted, .guaranteedAmount, .claimsPaid, .claimedAmount: .fund
    }
  }

  fileprivate var direction: Direction {
    switch self {
    case .claimsPaid, .claimedAmount: .lowerIsBetter
    default: .higherIsBetter
    }
  }

  fileprivate var titles: (zh: String, en: String) {
    switch self {
    case .demandsClaimed: ("认领需求数", "Demands claimed")
    case .demandsOffered: ("报价需求数", "Offers made")
    case .demandsSigned: ("签约需求数", "Demands signed")
    case .amountSigned: ("签约金额", "Amount signed")
    case .demandsDisbursed: ("放款需求数", "Demands disbursed")
    case .amountDisbursed: ("放款金额", "Amount disbursed")
    case .demandsClosed: ("销号需求数", "Demands closed out")
    case .guaranteesCommitted: ("生效担保笔数", "Guarantees committed")
    case .guaranteedAmount: ("生效担保金额", "Amount guaranteed")
    case .claimsPaid: ("代偿笔数", "Claims paid")
    case .claimedAmount: ("代偿金额", "Amount of claims paid")
    }
  }
}

/// What to do with an event, given the cursor stored with the effects of its predecessors.
package enum FeedDecision: Sendable, Hashable {
  case apply
  /// Its effect is stored already: a replay after a reconnection or a restart.
  case alreadyApplied
  /// Events in between were not delivered; following starts again after the cursor.
  case gap(expected: Int64)

  package static func decide(cursor: Int64, sequence: Int64) -> FeedDecision {
    if sequence <= cursor { return .alreadyApplied }
    return sequence == cursor + 1 ? .apply : .gap(expected: cursor + 1)
  }
}
