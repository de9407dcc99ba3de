package import Kernel
package import Policy

/// One single change to a demand or its firm, and what the rules would then answer: what an explanation of a hard demand is
/// made of (难投讲清).
package struct Exploration: Sendable {
  /// "guarantee", "platform_grade:B", "consents:tax".
  package var change: String
  /// For a person, in Chinese.
  package var explanation: String
  package var subject: FeasibilityCase
  package var verdict: Verdict

  /// The case as it is, and every change worth asking about: a guarantee, collateral, each better grade, each missing consent.
  /// - Throws: what a judgement throws.
  package static func all(
    of situation: DemandSituation, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> (base: Exploration, rules: [RuleResult], changes: [Exploration]) {
    guard let demand = situation.demand, let enterprise = situation.enterprise else {
      throw DomainError(.resourceNotFound, "the demand or its firm does not exist")
    }
    let base = FeasibilityCase(
      demand: demand, profile: enterprise.profile(on: date),
      otherContracts: situation.otherContracts.filter { $0.stands(on: date) }, date: date)
    let rules = try Feasibility.judge(base, policy: policy)
    var changes: [Exploration] = []
    for (change, explanation, subject) in variants(of: base) {
      changes.append(
        Exploration(
          change: change, explanation: explanation, subject: subject,
          verdict: Feasibility.verdict(of: try Feasibility.judge(subject, policy: policy))))
    }
    let now = Exploration(change: "", explanation: "", subject: base, verdict: Feasibility.verdict(of: rules))
    return (now, rules, changes)
  }

  private static func variants(of base: FeasibilityCase) -> [(String, String, FeasibilityCase)] {
    var variants: [(String, String, FeasibilityCase)] = []
    func add(_ change: String, _ explanation: String, _ body: (inout FeasibilityCase) -> Void) {
      var subject = base
      body(&subject)
      variants.append((change, explanation, subject))
    }
    if base.demand.securityMode != .guarantee {
      add("guarantee", "取得融资担保。") { $0.demand.securityMode = .guarantee }
    }
    if base.demand.securityMode != .mortgage {
      add("mortgage", "提供抵押物。") { $0.demand.securityMode = .mortgage }
    }
    for grade in PlatformGrade.allCases.reversed() where base.profile.grade.map({ grade > $0 }) ?? true {
      add("platform_grade:\(grade.rawValue)", "平台评级达到 \(grade.rawValue) 级。") { $0.profile.grade = grade }
    }
    for kind in ConsentKind.allCases where !base.profile.consents.contains(where: { $0.kind == kind }) {
      add("consents:\(kind.rawValue)", "补签查询授权：\(kind.rawValue)。") {
        $0.profile.consents.append(HeldConsent(kind: kind, expiresOn: base.date))
      }
    }
    return variants
  }
}

/// The port to the catalog: how many products would match.
package protocol ProductCounting: Sendable {
  /// - Throws: `DEPENDENCY_UNAVAILABLE`.
  func count(_ subject: FeasibilityCase, for caller: Caller) async throws -> Int
}
