import DemandDomain
import Kernel

extension JSONValue {
  /// Absent when the list is empty: most demands have none of these.
  static func filled(_ list: [JSONValue]) -> JSONValue { list.isEmpty ? .null : .list(list) }

  func items(_ key: String) throws -> [JSONValue] { self[key] == .null ? [] : try list(key) }
}

extension Handling {
  /// What is written of a demand that nothing was done with: a page of many need not parse it.
  static let untouchedAtCounty = #"{"level":"county"}"#
  static let untouchedAtTown = #"{"level":"town"}"#

  /// As it stands in the demand's row and in its log entries.
  var text: String {
    let untouched =
      switch level {
      case .county: Self.untouchedAtCounty
      case .town: Self.untouchedAtTown
      case .city: ""
      }
    return !untouched.isEmpty && isUntouched ? untouched : json.string
  }

  /// Whether nothing but the level is known.
  private var isUntouched: Bool {
    urgency == .normal && collateral == nil && escalations.isEmpty && plan == nil && members.isEmpty && pushedAt == nil
      && takers.isEmpty && contactedAt == nil && decidedAt == nil && pauses.isEmpty && missed.isEmpty && similar.isEmpty
      && secondLooks == 0 && notes.isEmpty && documents.isEmpty && chain.isEmpty
  }

  private var json: JSONValue {
    .members([
      "level": .text(level.rawValue), "urgency": urgency == .normal ? .null : .text(urgency.rawValue),
      "collateral": .text(collateral?.rawValue), "escalations": .filled(escalations.map(\.json)),
      "plan": plan?.json ?? .null, "members": .filled(members.map(\.json)),
      "push_time": .integer(pushedAt?.microseconds), "contact_time": .integer(contactedAt?.microseconds),
      "decision_time": .integer(decidedAt?.microseconds), "pauses": .filled(pauses.map(\.json)),
      "missed": .filled(missed.map(\.json)), "similar": .filled(similar.map(\.json)),
      "second_looks": secondLooks == 0 ? .null : .integer(secondLooks), "notes": .filled(notes.map(\.json)),
      "chain": chain.isEmpty ? .null : .text(chain), "takers": .filled(takers.map(\.json)),
      "documents": .filled(documents.map(\.json)),
    ])
  }

  /// `null` in entries and rows that are older than this part of a demand.
  init(json: JSONValue, region: RegionCode) throws {
    self.init(region: region)
    if json == .null { return }
    level = try json.word("level")
    urgency = try json.optionalWord("urgency") ?? .normal
    collateral = try json.optionalWord("collateral")
    escalations = try json.items("escalations").map(Escalation.init(json:))
    if json["plan"] != .null { plan = try ImprovementPlan(json: json["plan"]) }
    members = try json.items("members").map(JointMember.init(json:))
    pushedAt = try json.optionalInteger("push_time").map(Instant.init(microseconds:))
    contactedAt = try json.optionalInteger("contact_time").map(Instant.init(microseconds:))
    decidedAt = try json.optionalInteger("decision_time").map(Instant.init(microseconds:))
    pauses = try json.items("pauses").map(Pause.init(json:))
    missed = try json.items("missed").map(MissedClock.init(json:))
    similar = try json.items("similar").map(SimilarDemand.init(json:))
    secondLooks = try json.optionalInteger("second_looks") ?? 0
    notes = try json.items("notes").map(DemandNote.init(json:))
    chain = try json.optionalText("chain") ?? ""
    takers = try json.items("takers").map(Taker.init(json:))
    documents = try json.items("documents").map(DemandDocument.init(json:))
  }
}

extension Escalation {
  var json: JSONValue {
    .members([
      "from": .text(from.rawValue), "to": .text(to.rawValue), "reason": .text(reason), "actor": .text(actor),
      "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      from: try json.word("from"), to: try json.word("to"), reason: try json.text("reason"),
      actor: try json.text("actor"), at: try json.time("time"))
  }
}

extension ImprovementPlan {
  var json: JSONValue {
    .members([
      "steps": .list(steps.map { .list([.text($0.rule), .text($0.text)]) }), "review_on": .day(reviewOn),
      "actor": .text(actor), "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      steps: try json.list("steps").map { step in
        guard case .list(let pair) = step, pair.count == 2 else {
          throw LogFormatError(description: "a step is no pair")
        }
        return Step(rule: try pair[0].textItem, text: try pair[1].textItem)
      }, reviewOn: try json.day("review_on"), actor: try json.text("actor"), at: try json.time("time"))
  }
}

extension JointMember {
  var json: JSONValue {
    .members([
      "institution": .text(institution), "share": share.json, "state": .text(state.rawValue),
      "offer": offer?.json ?? .null, "contract": contract?.json ?? .null,
      "disbursements": .filled(disbursements.map(\.json)),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      institution: try json.text("institution"), share: try Money(json: json["share"]), state: try json.word("state"),
      offer: json["offer"] == .null ? nil : try Offer(json: json["offer"]),
      contract: json["contract"] == .null ? nil : try Contract(json: json["contract"]),
      disbursements: try json.items("disbursements").map(Disbursement.init(json:)))
  }
}

extension Taker {
  var json: JSONValue {
    .members(["institution": .text(institution), "time": .time(claimedAt), "offer": offer?.json ?? .null])
  }

  init(json: JSONValue) throws {
    self.init(
      institution: try json.text("institution"), claimedAt: try json.time("time"),
      offer: json["offer"] == .null ? nil : try Offer(json: json["offer"]))
  }
}

extension Pause {
  var json: JSONValue { .members(["from": .day(from), "to": .day(to), "reason": .text(reason)]) }

  init(json: JSONValue) throws {
    self.init(from: try json.day("from"), to: try json.optionalDay("to"), reason: try json.text("reason"))
  }
}

extension MissedClock {
  var json: JSONValue {
    .members([
      "kind": .text(kind.rawValue), "due_on": .day(dueOn), "institution": .text(institution), "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      kind: try json.word("kind"), dueOn: try json.day("due_on"), institution: try json.optionalText("institution"),
      at: try json.time("time"))
  }
}

extension SimilarDemand {
  var json: JSONValue {
    .members([
      "demand": .text(demand), "similarity": .text(similarity.rawValue), "amount": amount.json,
      "enterprise": .text(enterprise), "region": .text(region?.text),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      demand: try json.text("demand"), similarity: try json.word("similarity"), amount: try Money(json: json["amount"]),
      enterprise: try json.optionalText("enterprise"),
      region: try json.optionalText("region").map { try RegionCode($0) })
  }
}

extension DemandDocument {
  var json: JSONValue {
    .members([
      "evidence": evidence.json, "issuer": .text(issuer), "amount": amount?.json ?? .null,
      "valid_until": .day(validUntil),
      "actor": .text(actor), "role": .text(role.rawValue), "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      evidence: try Evidence(json: json["evidence"]), issuer: try json.text("issuer"),
      amount: json["amount"] == .null ? nil : try Money(json: json["amount"]),
      validUntil: try json.optionalDay("valid_until"), actor: try json.text("actor"), role: try json.word("role"),
      at: try json.time("time"))
  }
}

extension DemandNote {
  var json: JSONValue {
    .members(["text": .text(text), "actor": .text(actor), "role": .text(role.rawValue), "time": .time(at)])
  }

  init(json: JSONValue) throws {
    self.init(
      text: try json.text("text"), actor: try json.text("actor"), role: try json.word("role"),
      at: try json.time("time"))
  }
}
