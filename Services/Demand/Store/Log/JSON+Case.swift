import DemandDomain
import Kernel

extension Case {
  /// The case with its last step only: the steps before stand in entries of their own.
  var logJSON: JSONValue {
    .members([
      "id": .text(id), "kind": .text(kind.rawValue), "state": .text(state), "region": .text(region.text),
      "title": .text(title), "enterprise": .text(enterprise), "organisation": .text(organisation),
      "demand": .text(demand), "parent": .text(parent), "fields": fieldsJSON, "due_on": .day(dueOn),
      "step": steps.last?.json ?? .null, "opened_by": .text(openedBy), "client_id": .text(clientID),
      "create_time": .time(createdAt), "update_time": .time(updatedAt), "revision": .integer(revision),
    ])
  }

  var fieldsJSON: JSONValue { Self.json(fields) }

  static func json(_ fields: [String: String]) -> JSONValue { .object(fields.mapValues(JSONValue.text)) }

  init(logJSON json: JSONValue) throws {
    self.init(
      id: try json.text("id"), kind: try json.word("kind"), state: try json.text("state"),
      region: try RegionCode(try json.text("region")), title: try json.text("title"),
      enterprise: try json.text("enterprise"), organisation: try json.text("organisation"),
      demand: try json.text("demand"), parent: try json.text("parent"), fields: try Self.fields(json["fields"]),
      dueOn: try json.optionalDay("due_on"), steps: json["step"] == .null ? [] : [try CaseStep(json: json["step"])],
      openedBy: try json.text("opened_by"), clientID: try json.text("client_id"),
      createdAt: try json.time("create_time"), updatedAt: try json.time("update_time"),
      revision: try json.integer("revision"))
    openedWith = nil
  }

  static func fields(_ json: JSONValue) throws -> [String: String] {
    guard case .object(let object) = json else { throw LogFormatError(description: "fields are no object") }
    return try object.mapValues { try $0.textItem }
  }
}

extension CaseStep {
  var json: JSONValue {
    .members([
      "action": .text(action), "from": .text(from), "to": .text(to), "actor": .text(actor),
      "role": .text(role.rawValue), "reason": .text(reason), "evidence": .filled(evidence.map(\.json)),
      "fields": fields.isEmpty ? .null : Case.json(fields), "time": .time(at),
    ])
  }

  init(json: JSONValue) throws {
    self.init(
      action: try json.text("action"), from: try json.text("from"), to: try json.text("to"),
      actor: try json.text("actor"), role: try json.word("role"), reason: try json.text("reason"),
      evidence: try json.items("evidence").map(Evidence.init(json:)),
      fields: json["fields"] == .null ? [:] : try Case.fields(json["fields"]), at: try json.time("time"))
  }
}
