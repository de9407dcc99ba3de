import Crypto
import DemandDomain
import Kernel
import Policy
import Storage

/// One item of a device inside the transaction of its batch.
struct FieldTransaction {
  let session: WriteSession
  let policy: PolicyBook
  let caller: Caller
  let now: Instant

  /// The same item is known by its content: an identifier that comes back with other content is refused, so that nothing which a
  /// device recorded is lost unseen.
  func run(_ item: FieldItem) throws -> SyncedItem {
    let content = Array(SHA256.hash(data: item.content))
    if let known = try known(item.clientID) {
      return known.content == content ? .known(known.resource) : .refused(Self.taken(item.clientID, known.resource))
    }
    do {
      let command = try item.command.get()
      if case .visit(let visit) = command, let stored = try older(visit) { return stored }
      let resource = try session.savepoint { try run(command) }
      try session.execute(
        "INSERT INTO field_items (organisation, client_id, content, resource) VALUES (?, ?, ?, ?)",
        [.text(caller.organisation), .text(item.clientID), .blob(content), .text(resource)])
      return .stored(resource)
    } catch let error as DomainError {
      return .refused(error)
    }
  }

  private func run(_ command: FieldItem.Command) throws -> String {
    switch command {
    case .enterprise(let command):
      let firm = try EnterpriseTransaction(session: session, policy: policy, caller: caller, now: now).run(command)
      return "enterprises/\(firm.id)"
    case .demand(let command):
      let demand = try DemandTransaction(session: session, policy: policy, caller: caller, now: now).run(
        .submit(command))
      return "demands/\(demand.id)"
    case .visit(let command):
      let visit = try CaseTransaction(session: session, policy: policy, caller: caller, now: now).run(command)
      return "cases/\(visit.id)"
    }
  }

  private func known(_ clientID: String) throws -> (content: [UInt8], resource: String)? {
    try session.first(
      "SELECT content, resource FROM field_items WHERE organisation = ? AND client_id = ?",
      [.text(caller.organisation), .text(clientID)]
    ) { (content: try $0.blob(0), resource: try $0.text(1)) }
  }

  /// A visit that an older store kept without its content: what the row says is compared.
  private func older(_ visit: OpenCase) throws -> SyncedItem? {
    guard let row = try CaseRows.load(client: visit.clientID, of: caller.organisation, session) else { return nil }
    let isSame =
      row.kind == visit.kind && row.title == visit.title && row.enterprise == visit.enterprise
      && row.region == visit.region && row.fields == visit.fields.filter { !$0.value.isEmpty }
    return isSame ? .known("cases/\(row.id)") : .refused(Self.taken(visit.clientID, "cases/\(row.id)"))
  }

  private static func taken(_ clientID: String, _ resource: String) -> DomainError {
    DomainError(
      .resourceExists, "\(resource) came with client_id \(clientID) and other content", field: "client_id",
      metadata: ["resource": resource])
  }
}
