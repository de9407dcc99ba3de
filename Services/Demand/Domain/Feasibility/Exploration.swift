package import Kernel
package import Policy

/// One single change to a demand or its firm, and what the rules would then answer: what an explanation of a hard demand is
/// made of (难投讲清).
package struct Exploration: Sendable {
  /// "guarantee", "collateral:patent", "platform_grade:B", "consents:tax", "documents:renewal-commitment".
  package var change: String
  /// For a person, in Chinese.
  package var explanation: String
  package var subject: FeasibilityCase
  package var verdict: Verdict

  /// The case as it is, and every change worth asking about: a guarantee, each kind of collateral, each better grade, each
  /// missing consent, and the bank's commitment for a renewal.
  /// - Throws: what a judgement throws.
  package static func all(
    of situation: DemandSituation, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) -> (base: Exploration, rules: [RuleResult], changes: [Exploration]) {
    guard let demand = situation.demand, let enterprise = situation.enterprise else {
      throw DomainError(.resourceNotFound, "the demand or its firm does not exist")
    }
    let base = FeasibilityCase(
      demand: demand, profile: enterprise.profile(on: date),
      otherContracts: situation.otherContracts.filter { $0.stands(on: date) }, otherDemands: situation.earlier,
      date: date, enterprise: enterprise)
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
    for (kind, mode, chinese) in Self.collateral
    where base.demand.securityMode != mode || base.demand.handling.collateral != kind {
      add("collateral:\(kind.rawValue)", "提供\(chinese)作为\(mode == .mortgage ? "抵押" : "质押")。") {
        $0.demand.securityMode = mode
        $0.demand.handling.collateral = kind
      }
    }
    if base.demand.instrument == .bridgeLoan, !base.demand.hasRenewalCommitment(on: base.date) {
      add("documents:\(DemandDocument.renewalCommitment)", "提供贷款银行续贷承诺书。") {
        $0.demand.handling.documents.append(.assumed(for: $0.demand))
      }
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

  /// What a firm can give, how, and its name; a general mortgage is asked about by itself.
  private static let collateral: [(CollateralKind, SecurityMode, String)] = [
    (.realEstate, .mortgage, "房地产"), (.equipment, .mortgage, "机器设备"), (.landManagementRight, .mortgage, "土地经营权"),
    (.receivables, .pledge, "应收账款"), (.inventory, .pledge, "存货仓单"), (.patent, .pledge, "专利权"),
    (.trademark, .pledge, "商标权"), (.equity, .pledge, "股权"),
  ]
}

extension Demand {
  package func hasRenewalCommitment(on date: BusinessDate) -> Bool {
    handling.documents.contains { $0.evidence.kind == DemandDocument.renewalCommitment && $0.holds(on: date) }
  }
}

extension DemandDocument {
  /// A commitment large enough for any share of it that a policy may ask for.
  fileprivate static func assumed(for demand: Demand) -> DemandDocument {
    DemandDocument(
      evidence: Evidence(storedKind: renewalCommitment, reference: "assumed", sha256: []), issuer: "",
      amount: Money(Amounts.maximumMinorUnits, demand.amount.currency), validUntil: nil, actor: "", role: .service,
      at: demand.createdAt)
  }
}

/// The port to the catalog: how many products would match.
package protocol ProductCounting: Sendable {
  /// - Parameter limit: what is left of the asking call's time; `nil` when it has no end.
  /// - Throws: `DEPENDENCY_UNAVAILABLE`.
  func count(_ subject: FeasibilityCase, for caller: Caller, within limit: Duration?) async throws -> Int
}
