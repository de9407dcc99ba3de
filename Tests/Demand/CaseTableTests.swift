import DemandDomain
import Kernel
import Policy
import Testing

/// Every row of every kind's table, by every role, with everything it asks for and with each thing missing.
@Suite struct CaseTableTests {
  /// The advisers' rules of Qinghai, in force everywhere.
  private static func policy() throws -> PolicyBook {
    try Fixture.policy { name, yaml in
      name == "qinghai-2022-31" ? yaml.replacing("region: \"63\"\n", with: "") : yaml
    }
  }

  private static func value(_ field: CaseField) -> String {
    switch field.value {
    case .text: field.name == "period" ? "2025-01" : "x"
    case .date: field.name == "matures_on" ? "2025-06-30" : "2025-01-02"
    case .amount: "100"
    case .count: "3"
    case .word(let words): words[0]
    case .list: Fixture.id(7)
    }
  }

  /// A case that stands where a row begins, with every field filled.
  private static func matter(_ rule: CaseRule, in state: String) throws -> Case {
    let fields = Dictionary(uniqueKeysWithValues: rule.fields.map { ($0.name, value($0)) })
    return Case(
      id: Fixture.id(1), kind: rule.kind, state: state, region: try RegionCode(Fixture.region), title: "t",
      enterprise: Fixture.uscc, organisation: "bank-a", demand: "", parent: "", fields: fields, dueOn: nil, steps: [],
      openedBy: "somebody", clientID: "", createdAt: Fixture.noon, updatedAt: Fixture.noon, revision: 1)
  }

  /// Everything that any row looks at: one adviser, who is everybody's.
  private static func situation(_ current: Case) throws -> CaseSituation {
    var adviser = try matter(CaseTable.rule(.adviser), in: "appointed")
    adviser.id = Fixture.id(7)
    adviser.fields["account"] = Fixture.adviser.organisation
    var situation = CaseSituation()
    situation.current = current
    situation.adviser = adviser
    situation.members = [adviser]
    situation.successor = adviser
    if current.kind == .visit {
      let policy = try Fixture.policy()
      var desk = try Desk(policy)
      try desk.run(try Fixture.command(.submit), by: Fixture.firm)
      situation.demand = desk.demand
    }
    return situation
  }

  private static func taking(
    _ rule: CaseRule, _ row: CaseAction, from state: String, by role: Role, without missing: String? = nil,
    policy: PolicyBook
  ) -> DomainError? {
    do {
      var fields: [String: String] = [:]
      for name in row.gives where name != missing {
        fields[name] =
          name == "demand" ? "demands/\(Fixture.id(1))" : name == "leader" ? Fixture.id(7) : rule.field(name).map(value)
      }
      if rule.kind == .adviserGroup, row.name != "amend", fields["period"] != nil {
        fields["period"] = ["note": "2025-01", "summary": "2025-Q1", "report": "2025"][row.name]
      }
      let evidence = row.evidence && missing != "evidence" ? [try Fixture.evidence()] : []
      let act = try ActOnCase(
        id: Fixture.id(1), action: row.name, fields: fields, evidence: evidence,
        reason: row.reason && missing != "reason" ? "x" : "")
      let current = try matter(rule, in: state)
      let next = try act.decide(
        try situation(current), policy: policy, caller: Fixture.caller(role), now: Fixture.noon)
      return next.state == row.to && next.steps.last?.action == row.name && next.revision == 2
        ? nil : DomainError(.internal, "\(next)")
    } catch {
      return error as? DomainError ?? DomainError(.internal, "\(error)")
    }
  }

  @Test(arguments: CaseTable.rules.map(\.kind))
  func `each row is taken by its roles with all it asks for, and by nobody else`(_ kind: CaseKind) throws {
    let rule = CaseTable.rule(kind)
    let policy = try Self.policy()
    for row in rule.actions {
      for state in row.from {
        for role in Role.allCases {
          let error = Self.taking(rule, row, from: state, by: role, policy: policy)
          let sees = CaseScope.sees(try Self.matter(rule, in: state), Fixture.caller(role))
          if !sees {
            #expect(error?.reason == .outOfScope, "\(kind) \(row.name) \(role): \(error as Any)")
          } else if !row.who.contains(role) {
            #expect(error?.reason == .roleNotAllowed, "\(kind) \(row.name) \(role): \(error as Any)")
          } else {
            #expect(error == nil, "\(kind) \(row.name) \(role): \(error as Any)")
          }
        }
      }
    }
  }

  @Test(arguments: CaseTable.rules.map(\.kind))
  func `each row names what it misses`(_ kind: CaseKind) throws {
    let rule = CaseTable.rule(kind)
    let policy = try Self.policy()
    for row in rule.actions {
      let state = row.from[0]
      let asked = row.gives + (row.reason ? ["reason"] : []) + (row.evidence ? ["evidence"] : [])
      for missing in asked {
        let error = Self.taking(rule, row, from: state, by: .operator, without: missing, policy: policy)
        let expected: ErrorReason = missing == "evidence" ? .evidenceMissing : .requiredFieldMissing
        #expect(error?.reason == expected, "\(kind) \(row.name) without \(missing): \(error as Any)")
        #expect(error?.field?.hasSuffix(missing) == true, "\(kind) \(row.name) without \(missing): \(error as Any)")
      }
    }
  }

  @Test(arguments: CaseTable.rules.map(\.kind))
  func `what its state does not allow is refused and says what it does`(_ kind: CaseKind) throws {
    let rule = CaseTable.rule(kind)
    let policy = try Fixture.policy()
    let states = Set(rule.actions.flatMap { $0.from + [$0.to] } + [rule.first])
    for row in rule.actions {
      let admitted = Set(rule.actions.filter { $0.name == row.name }.flatMap(\.from))
      for state in states.subtracting(admitted) {
        let matter = try Self.matter(rule, in: state)
        guard CaseScope.sees(matter, Fixture.operators) else { continue }
        let error = Self.taking(rule, row, from: state, by: .operator, policy: policy)
        #expect(error?.reason == .stateConflict && error?.metadata["state"] == state, "\(kind) \(row.name) \(state)")
      }
    }
  }

  // MARK: Opening

  /// Opens a case of a kind with all it asks for but one thing.
  private static func opening(_ rule: CaseRule, by role: Role, without missing: String? = nil) throws -> Case {
    let policy = try policy()
    var desk = try Desk(policy)
    try desk.run(try Fixture.command(.submit), by: Fixture.firm)
    desk.demand?.claim = Claim(institution: "bank-a", at: Fixture.noon)
    desk.demand?.submittedBy = "bank-a"
    var situation = CaseSituation()
    situation.enterprise = desk.enterprise
    situation.demand = desk.demand
    situation.members = try [CaseKind.adviser].map { kind in
      var adviser = try matter(CaseTable.rule(kind), in: "appointed")
      adviser.id = Fixture.id(7)
      return adviser
    }
    if let parent = rule.parent {
      var matter = try matter(
        CaseTable.rule(parent),
        in: ["adviser": "appointed", "matching_event": "held"][parent.rawValue] ?? CaseTable.rule(parent).first)
      matter.id = Fixture.id(9)
      matter.fields["account"] = Fixture.adviser.organisation
      situation.parent = matter
    }
    var fields: [String: String] = [:]
    for field in rule.fields where field.required && field.name != missing {
      fields[field.name] = field.name == "leader" ? Fixture.id(7) : value(field)
    }
    if rule.kind == .chainTeam { fields["speciality"] = "x" }
    func link(_ link: CaseRule.Link, _ value: String) -> String {
      rule.needs.contains(link) && link.rawValue != missing ? value : ""
    }
    let open = try OpenCase(
      id: Fixture.id(1), kind: rule.kind, region: RegionCode(Fixture.region), title: "t",
      enterprise: link(.enterprise, Fixture.uscc), organisation: link(.organisation, "bank-a"),
      demand: link(.demand, Fixture.id(1)), parent: link(.parent, Fixture.id(9)), fields: fields, clientID: "")
    return try open.decide(situation, policy: policy, caller: Fixture.caller(role), now: Fixture.noon)
  }

  @Test(arguments: CaseTable.rules.map(\.kind))
  func `each kind is opened by the roles of its table and by nobody else`(_ kind: CaseKind) throws {
    let rule = CaseTable.rule(kind)
    for role in Role.allCases {
      let error = refusal { try Self.opening(rule, by: role) }
      if !rule.opens.contains(role) {
        #expect(error?.reason == .roleNotAllowed, "\(kind) \(role): \(error as Any)")
      } else if kind == .dutyMonth || kind == .report {
        #expect(error?.field == "matter.kind", "\(kind) \(role): \(error as Any)")
      } else if kind == .renewal {
        // No pack of the fixture's states its deadline.
        #expect(error?.reason == .policyNotStated, "\(kind) \(role): \(error as Any)")
      } else {
        #expect(error == nil, "\(kind) \(role): \(error as Any)")
      }
    }
  }

  @Test(arguments: CaseTable.rules.map(\.kind))
  func `each kind names the field or the link that is missing`(_ kind: CaseKind) throws {
    let rule = CaseTable.rule(kind)
    for missing in rule.fields.filter(\.required).map(\.name) + rule.needs.map(\.rawValue) {
      let error = refusal { try Self.opening(rule, by: .operator, without: missing) }
      #expect(error?.reason == .requiredFieldMissing, "\(kind) without \(missing): \(error as Any)")
      #expect(error?.field?.hasSuffix(".\(missing)") == true, "\(kind) without \(missing): \(error as Any)")
    }
  }
}
