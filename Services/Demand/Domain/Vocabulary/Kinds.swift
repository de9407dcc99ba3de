/// The instrument a firm wants (投、贷、保、担、融(租)). Raw values are what stores and logs keep.
package enum Instrument: String, Sendable, Hashable, CaseIterable {
  case loan, guarantee, lease, insurance, equity
  case bridgeLoan = "bridge_loan"
  case factoring, bond

  /// Whether the PBOC credit system records it as a loan or a bill discount, so that after it no firm is a first-loan firm: a
  /// guarantee stands for the loan that it secures.
  package var isLoan: Bool {
    switch self {
    case .loan, .guarantee, .bridgeLoan, .factoring: true
    case .lease, .insurance, .equity, .bond: false
    }
  }
}

/// How a debt can be secured (担保方式).
package enum SecurityMode: String, Sendable, Hashable, CaseIterable {
  case credit, guarantee, mortgage, pledge
}

/// How a demand came in.
package enum Channel: String, Sendable, Hashable, CaseIterable {
  case online, grid, branch, hotline, event
  case chainTeam = "chain_team"
}

/// The platform's grade of a firm; `a` is best.
package enum PlatformGrade: String, Sendable, Hashable, CaseIterable, Comparable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
  case e = "E"

  /// Greater is better.
  package static func < (left: PlatformGrade, right: PlatformGrade) -> Bool { left.rawValue > right.rawValue }
}

/// The kind of query a firm's consent allows; 双查 needs the first two (泰金监字〔2023〕2号).
package enum ConsentKind: String, Sendable, Hashable, CaseIterable {
  case pbocCredit = "pboc_credit"
  case publicCredit = "public_credit"
  case tax
}

/// Who may claim a pushed demand.
package enum PushMode: String, Sendable, Hashable, CaseIterable {
  /// Only the institutions it was pushed to.
  case directed
  /// 抢单: any institution whose scope holds the region; the first valid claim wins.
  case open
  /// 广播: every institution whose scope holds the region may take it up and offer, without a race; the firm chooses, and
  /// whoever signs with it is the claimant.
  case broadcast

  /// Whether institutions that were not named may act, too.
  package var reachesRegion: Bool { self != .directed }
}

package enum TargetKind: String, Sendable, Hashable, CaseIterable {
  case institution
  case cityRegulator = "city_regulator"
  case countyRegulator = "county_regulator"
}

package enum TargetState: String, Sendable, Hashable, CaseIterable {
  case pushed, claimed, declined
}

/// The answer of a rapid feasibility judgement (可行性快速评判).
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// Every rule passes.
  case feasible
  /// No rule fails, at least one asks for something.
  case conditional
  /// 难投: at least one rule fails.
  case hard
}

package enum RuleOutcome: String, Sendable, Hashable, CaseIterable {
  case pass, conditional, fail
  case notApplicable = "not_applicable"
  case notStated = "not_stated"
}
