package import Kernel

/// A firm on a bank's white list for renewals.
package struct WhiteListEntry: FundRecord {
  package static let kind = RecordKind.whiteListEntry
  package let bank: String
  package let firm: String
  package let regionCode: String
  package var isListed: Bool
  package var reason: String
  package var businessDate: BusinessDate
  package var stamp: RecordStamp

  package var id: String { Self.id(bank: bank, firm: firm) }
  package var owner: String { bank }
  package var party: String { firm }
  package var stateCode: Int64 { isListed ? 1 : 2 }

  static func id(bank: String, firm: String) -> String { "\(bank)/\(firm)" }
}

/// Where a renewal stands. Legal steps: applied → signed | refused.
package enum RenewalState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case applied = 1
  case signed = 2
  case refused = 3
}

/// A renewal without repayment (无还本续贷).
package struct Renewal: FundRecord {
  package static let kind = RecordKind.renewal
  package let id: String
  package let bank: String
  package let firm: String
  package let regionCode: String
  package let loanNumber: String
  package let amount: Int64
  package let currency: Currency
  package let maturesOn: BusinessDate
  package let appliedOn: BusinessDate
  /// Last day for the decision; nil when no pack sets a clock.
  package let decideBy: BusinessDate?
  package var state: RenewalState
  package var decidedOn: BusinessDate?
  package var isLate: Bool
  package var staysNormal: Bool
  package var failedConditions: [String]
  package var remark: String
  package var citations: [Citation]
  package var stamp: RecordStamp

  package var owner: String { bank }
  package var party: String { firm }
  package var stateCode: Int64 { state.rawValue }
  package var attentionOn: BusinessDate? { state == .applied ? decideBy : nil }
  package var name: String { "renewals/\(id)" }
}

/// A deferral of principal or interest.
package struct Deferral: FundRecord {
  package static let kind = RecordKind.deferral
  package let id: String
  package let bank: String
  package let firm: String
  package let loanNumber: String
  package let dueOn: BusinessDate
  package let deferredTo: BusinessDate
  package let penaltyInterest: Bool
  package let citations: [Citation]
  package let stamp: RecordStamp

  package var owner: String { bank }
  package var party: String { "\(bank)/\(loanNumber)" }
}
