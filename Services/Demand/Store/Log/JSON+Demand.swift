import DemandDomain
import Kernel

extension RuleResult {
  var json: JSONValue {
    .members([
      "rule": .text(rule), "outcome": .text(outcome.rawValue), "explanation": .text(explanation),
      "inputs": .list(inputs.map { .list([.text($0.name), .text($0.value)]) }),
      "citations": .list(citations.map(\.json)),
      "remedies": .list(
        remedies.map {
          .members([
            "field": .text($0.field), "from": .text($0.from), "to": .text($0.to), "explanation": .text($0.explanation),
          ])
        }),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      rule: try json.text("rule"),
      inputs: try json.list("inputs").map { input in
        guard case .list(let pair) = input, pair.count == 2 else {
          throw LogFormatError(description: "an input is no pair")
        }
        return RuleInput(try pair[0].textItem, try pair[1].textItem)
      }, outcome: try json.word("outcome"), explanation: try json.text("explanation"),
      citations: try json.list("citations").map { try .init(json: $0) },
      remedies: try json.list("remedies").map {
        Remedy(
          field: try $0.text("field"), from: try $0.text("from"), to: try $0.text("to"),
          explanation: try $0.text("explanation"))
      })
  }
}

extension Assessment {
  func json(withRules: Bool) -> JSONValue {
    .members([
      "number": .integer(number), "verdict": .text(verdict.rawValue), "as_of": .day(asOf),
      "policy_digest": .text(policyDigest), "time": .time(at), "rules": withRules ? .list(rules.map(\.json)) : .null,
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      number: try json.integer("number"), verdict: try json.word("verdict"),
      rules: json["rules"] == .null ? [] : try json.list("rules").map(RuleResult.init(json:)),
      asOf: try json.day("as_of"), policyDigest: try json.text("policy_digest"), at: try json.time("time"))
  }
}

extension PushTarget {
  var json: JSONValue {
    .members([
      "kind": .text(kind.rawValue), "organisation": .text(organisation), "product": .text(product),
      "score": .integer(score.ppm), "state": .text(state.rawValue), "time": .time(pushedAt),
      "reason": reason == .match ? .null : .text(reason.rawValue),
      "acknowledge_time": .integer(acknowledgedAt?.microseconds),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      kind: try json.word("kind"), organisation: try json.text("organisation"), product: try json.text("product"),
      score: Rate(ppm: try json.integer("score")), state: try json.word("state"), pushedAt: try json.time("time"),
      reason: try json.optionalWord("reason") ?? .match,
      acknowledgedAt: try json.optionalInteger("acknowledge_time").map(Instant.init(microseconds:)))
  }
}

extension Offer {
  var json: JSONValue {
    .members([
      "institution": .text(institution), "amount": amount.json, "rate": .integer(rate.ppm),
      "tenor_months": .integer(tenorMonths), "guarantee_needed": .flag(guaranteeNeeded), "product": .text(product),
      "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      institution: try json.text("institution"), amount: try Money(json: json["amount"]),
      rate: Rate(ppm: try json.integer("rate")), tenorMonths: try json.integer("tenor_months"),
      guaranteeNeeded: try json.flag("guarantee_needed"), product: try json.text("product"), at: try json.time("time"))
  }
}

extension Contract {
  var json: JSONValue {
    .members([
      "number": .text(number), "amount": amount.json, "signed_on": .day(signedOn), "revolving": .flag(revolving),
      "draw_by": .day(drawBy), "first_loan": firstLoan ? .flag(true) : .null,
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      number: try json.text("number"), amount: try Money(json: json["amount"]), signedOn: try json.day("signed_on"),
      revolving: try json.flag("revolving"), drawBy: try json.optionalDay("draw_by"),
      firstLoan: json["first_loan"] == .flag(true))
  }
}

extension Disbursement {
  var json: JSONValue {
    .members(["amount": amount.json, "paid_on": .day(paidOn), "evidence": evidence.json])
  }

  init(json: JSONValue) throws {
    self.init(
      amount: try Money(json: json["amount"]), paidOn: try json.day("paid_on"),
      evidence: try Evidence(json: json["evidence"]))
  }
}

extension Decline {
  var json: JSONValue {
    .members([
      "institution": .text(institution), "reason": .text(reason), "time": .time(at), "from": .text(fromState.rawValue),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      institution: try json.text("institution"), reason: try json.text("reason"), at: try json.time("time"),
      fromState: try json.word("from"))
  }
}

extension CloseOut {
  var json: JSONValue {
    .members([
      "evidence": .list(evidence.map(\.json)), "closed_by": .text(closedBy), "role": .text(role.rawValue),
      "note": .text(note), "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      evidence: try json.list("evidence").map(Evidence.init(json:)), closedBy: try json.text("closed_by"),
      role: try json.word("role"), note: try json.text("note"), at: try json.time("time"))
  }
}

extension Demand {
  /// As `JSONWriter` writes it; entries of older stores name the policy in the demand and their empty lists as well.
  init(json: JSONValue, policyDigest: String) throws {
    self.init(
      id: try json.text("id"), enterprise: try json.text("enterprise"), state: try json.word("state"),
      amount: try Money(json: json["amount"]), tenorMonths: try json.integer("tenor_months"),
      purpose: try json.text("purpose"), securityMode: try json.word("security_mode"),
      instrument: try json.word("instrument"), region: try RegionCode(try json.text("region")),
      channel: try json.word("channel"), wantedDate: try json.optionalDay("wanted_date"),
      validUntil: try json.optionalDay("valid_until"), contact: nil,
      profile: try EnterpriseProfile(json: json["profile"]),
      submittedBy: try json.text("submitted_by"), policyDigest: policyDigest,
      createdAt: try json.time("create_time"), updatedAt: try json.time("update_time"),
      revision: try json.integer("revision"))
    reached = Set(try json.list("reached").map { try DemandState(logged: try $0.textItem) })
    if json["assessment"] != .null { assessment = try Assessment(json: json["assessment"]) }
    pushMode = try json.optionalWord("push_mode")
    targets = try json.items("targets").map(PushTarget.init(json:))
    if let institution = try json.optionalText("claimed_by") {
      claim = Claim(institution: institution, at: try json.time("claim_time"))
    }
    if json["offer"] != .null { offer = try Offer(json: json["offer"]) }
    if json["contract"] != .null { contract = try Contract(json: json["contract"]) }
    disbursements = try json.items("disbursements").map(Disbursement.init(json:))
    declines = try json.items("declines").map(Decline.init(json:))
    if json["close_out"] != .null { closeOut = try CloseOut(json: json["close_out"]) }
    endReason = try json.optionalText("end_reason")
    handling = try Handling(json: json["handling"], region: region)
  }
}

extension DemandState {
  init(logged text: String) throws {
    guard let state = DemandState(rawValue: text) else { throw LogFormatError(description: "no state: \(text)") }
    self = state
  }
}
