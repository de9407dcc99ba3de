import DemandDomain
import Kernel
import Storage

/// The payload of a log entry: JSON in UTF-8 with sorted keys. `type`, `subject` and `actor` stand beside it in the log
/// itself. Entries of firms have version 2, which holds the firm whole; version 1 held what demands see of it.
enum LogCodec {
  private static let version: Int64 = 1
  private static let firmVersion: Int64 = 2

  /// - Parameter handling: the demand's handling as it stands in its row.
  static func encode(
    _ event: DemandEvent, from: DemandState?, after: Demand, handling: String, _ context: EventContext
  ) -> NewEvent {
    var writer = JSONWriter(capacity: 1024)
    writer.open()
    writer.member("demand", after, handling: handling)
    writer.member("event", event.json)
    writer.member("from", from?.rawValue)
    close(&writer, context)
    return NewEvent(
      type: event.type, subject: "demands/\(after.id)", actor: context.actor, payload: writer.bytes)
  }

  /// - Parameter texts: what the firm's row keeps as JSON.
  static func encode(
    _ enterprise: Enterprise, _ texts: EnterpriseTexts, type: String, _ context: EventContext
  ) -> NewEvent {
    var writer = JSONWriter(capacity: 768)
    writer.open()
    writer.member("firm", enterprise, texts, policyDigest: context.policyDigest)
    close(&writer, context, version: firmVersion)
    return NewEvent(
      type: type, subject: "enterprises/\(enterprise.id)", actor: context.actor, payload: writer.bytes)
  }

  static func encode(_ matter: Case, type: String, _ context: EventContext) -> NewEvent {
    var members = common(context)
    members["case"] = matter.logJSON
    return NewEvent(
      type: type, subject: "cases/\(matter.id)", actor: context.actor, payload: JSONValue.object(members).bytes)
  }

  static func decode(_ stored: StoredEvent) throws -> LogEntry {
    try decode(
      LogRow(
        sequence: stored.sequence, committedAt: stored.commitTime, type: stored.type, subject: stored.subject,
        actor: stored.actor, payload: stored.payload, hash: stored.hash))
  }

  static func decode(_ stored: LogRow) throws -> LogEntry {
    let json = try JSONParser.parse(stored.payload)
    let found = try json.integer("version")
    guard found == version || (found == firmVersion && json["firm"] != .null) else {
      throw LogFormatError(description: "entry \(stored.sequence) has version \(found)")
    }
    let context = EventContext(
      actor: stored.actor, role: try json.word("role"), subject: try json.text("subject"),
      reason: try json.text("reason"), policyDigest: try json.text("policy_digest"), at: try json.time("time"))
    let content: LogEntry.Content
    if json["case"] != .null {
      content = .matter(try Case(logJSON: json["case"]))
    } else if json["firm"] != .null {
      let firm = try Enterprise(json: json["firm"], policyDigest: context.policyDigest)
      content = .enterprise(id: firm.id, firm.profile(on: try context.at.shanghaiDate()), firm)
    } else if json["enterprise"] != .null {
      content = .enterprise(id: try json.text("enterprise"), try EnterpriseProfile(json: json["profile"]), nil)
    } else {
      let after = try Demand(json: json["demand"], policyDigest: context.policyDigest)
      content = .demand(
        try DemandEvent(type: stored.type, json: json["event"], after: after), from: try json.optionalWord("from"),
        after: after)
    }
    return LogEntry(
      sequence: stored.sequence, committedAt: stored.committedAt, type: stored.type, subject: stored.subject,
      hash: stored.hash, context: context, content: content)
  }

  /// The members that every entry ends with.
  private static func close(_ writer: inout JSONWriter, _ context: EventContext, version: Int64 = version) {
    writer.member("policy_digest", context.policyDigest)
    writer.member("reason", context.reason)
    writer.member("role", context.role.rawValue)
    writer.member("subject", context.subject)
    writer.member("time", context.at.microseconds)
    writer.member("version", version)
    writer.close()
  }

  private static func common(_ context: EventContext) -> [String: JSONValue] {
    [
      "version": .integer(version), "role": .text(context.role.rawValue), "subject": .text(context.subject),
      "reason": .text(context.reason), "policy_digest": .text(context.policyDigest), "time": .time(context.at),
    ]
  }
}

/// An entry as it lies in the log.
struct LogRow {
  var sequence: Int64
  var committedAt: Instant
  var type: String
  var subject: String
  var actor: String
  var payload: [UInt8]
  var hash: [UInt8]
}

extension DemandEvent {
  fileprivate var json: JSONValue {
    switch self {
    // The demand right after says it all.
    case .submitted, .withdrawn: .null
    case .assessed(let assessment, let profile):
      .members(["assessment": assessment.json(withRules: true), "profile": profile.json])
    case .pushed(let push):
      .members([
        "mode": .text(push.mode.rawValue), "targets": .list(push.targets.map(\.json)),
        "citations": .list(push.citations.map(\.json)), "second_look": push.secondLook ? .flag(true) : .null,
      ])
    case .claimed(let institution): .members(["institution": .text(institution)])
    case .offered(let offer): offer.json
    case .signed(let contract): contract.json
    case .disbursed(let disbursement): disbursement.json
    case .closed(let closeOut): closeOut.json
    case .declined(let decline, let othersLeft):
      .members(["decline": decline.json, "others_left": .flag(othersLeft)])
    case .expired(let lastDay, let asOf): .members(["last_day": .day(lastDay), "as_of": .day(asOf)])
    case .escalated(let escalation): escalation.json
    case .planned(let plan): plan.json
    case .invited(let member): member.json
    case .joined(let institution), .contacted(let institution), .taken(let institution):
      .members(["institution": .text(institution)])
    case .acknowledged(let organisation): .members(["organisation": .text(organisation)])
    case .left(let decline): decline.json
    case .jointOffered(let offer): offer.json
    case .tendered(let offer, let revised): .members(["offer": offer.json, "revised": .flag(revised)])
    case .jointSigned(let institution, let contract), .awarded(let institution, let contract):
      .members(["institution": .text(institution), "contract": contract.json])
    case .jointDisbursed(let institution, let disbursement):
      .members(["institution": .text(institution), "disbursement": disbursement.json])
    case .paused(let pause), .resumed(let pause): pause.json
    case .clockMissed(let missed): missed.json
    case .noted(let note): note.json
    case .documentAttached(let document): document.json
    case .reopened(let closeOut): closeOut.json
    }
  }

  fileprivate init(type: String, json: JSONValue, after: Demand) throws {
    switch type {
    case "demand.submitted": self = .submitted(after)
    case "demand.assessed":
      self = .assessed(try Assessment(json: json["assessment"]), try EnterpriseProfile(json: json["profile"]))
    case "demand.pushed":
      self = .pushed(
        Push(
          mode: try json.word("mode"), targets: try json.list("targets").map(PushTarget.init(json:)),
          citations: try json.list("citations").map { try .init(json: $0) },
          secondLook: json["second_look"] == .flag(true)))
    case "demand.claimed": self = .claimed(institution: try json.text("institution"))
    case "demand.offered": self = .offered(try Offer(json: json))
    case "demand.signed": self = .signed(try Contract(json: json))
    case "demand.disbursed": self = .disbursed(try Disbursement(json: json))
    case "demand.closed": self = .closed(try CloseOut(json: json))
    case "demand.declined":
      self = .declined(try Decline(json: json["decline"]), othersLeft: try json.flag("others_left"))
    case "demand.withdrawn": self = .withdrawn
    case "demand.expired": self = .expired(lastDay: try json.day("last_day"), asOf: try json.day("as_of"))
    default: self = try Self.handling(type: type, json: json)
    }
  }

  private static func handling(type: String, json: JSONValue) throws -> DemandEvent {
    switch type {
    case "demand.escalated": .escalated(try Escalation(json: json))
    case "demand.planned": .planned(try ImprovementPlan(json: json))
    case "demand.invited": .invited(try JointMember(json: json))
    case "demand.joined": .joined(institution: try json.text("institution"))
    case "demand.left": .left(try Decline(json: json))
    case "demand.joint_offered": .jointOffered(try Offer(json: json))
    case "demand.joint_signed":
      .jointSigned(institution: try json.text("institution"), try Contract(json: json["contract"]))
    case "demand.joint_disbursed":
      .jointDisbursed(institution: try json.text("institution"), try Disbursement(json: json["disbursement"]))
    case "demand.taken": .taken(institution: try json.text("institution"))
    case "demand.tendered": .tendered(try Offer(json: json["offer"]), revised: try json.flag("revised"))
    case "demand.awarded":
      .awarded(institution: try json.text("institution"), try Contract(json: json["contract"]))
    case "demand.acknowledged": .acknowledged(organisation: try json.text("organisation"))
    case "demand.contacted": .contacted(institution: try json.text("institution"))
    case "demand.paused": .paused(try Pause(json: json))
    case "demand.resumed": .resumed(try Pause(json: json))
    case "demand.clock_missed": .clockMissed(try MissedClock(json: json))
    case "demand.noted": .noted(try DemandNote(json: json))
    case "demand.document_attached": .documentAttached(try DemandDocument(json: json))
    case "demand.reopened": .reopened(try CloseOut(json: json))
    default: throw LogFormatError(description: "no event of this service: \(type)")
    }
  }
}
