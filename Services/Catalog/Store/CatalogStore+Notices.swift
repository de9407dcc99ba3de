package import CatalogDomain
package import Kernel
import Storage

extension CatalogStore {
  package func publishNotice(
    _ draft: PolicyNotice, envelope: CommandEnvelope, encode: @escaping Encode<PolicyNotice>
  ) async throws -> CommandReply<PolicyNotice> {
    try await store.command(envelope, encode: encode) { session in
      let known = try draft.products.filter { try ProductRows.load($0, session) != nil }
      var notice = try NoticeDecisions.publish(
        draft, existing: try NoticeRows.load(draft.id, session) != nil, known: Set(known), caller: envelope.caller,
        now: envelope.now)
      let recipients = NoticeDecisions.recipients(of: notice, among: try InstitutionRows.all(session))
      notice.pushed = recipients.count
      try NoticeRows.insert(notice, session)
      for organisation in recipients {
        try NoticeRows.save(
          NoticeReceipt(notice: notice.id, organisation: organisation, pushTime: envelope.now), session)
      }
      try EventCodec.append(.noticePublished, notice, actor: envelope.caller.organisation, session)
      return notice
    }
  }

  package func withdrawNotice(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<PolicyNotice>
  ) async throws -> CommandReply<PolicyNotice> {
    try await store.command(envelope, encode: encode) { session in
      let stored = try NoticeRows.require(id, session)
      let changed = try NoticeDecisions.withdraw(
        stored, reason: reason, etag: etag, caller: envelope.caller, now: envelope.now)
      try NoticeRows.update(changed, session)
      try EventCodec.append(.noticeWithdrawn, changed, actor: envelope.caller.organisation, session)
      return changed
    }
  }

  package func acknowledgeNotice(
    id: String, note: String, envelope: CommandEnvelope, encode: @escaping Encode<NoticeReceipt>
  ) async throws -> CommandReply<NoticeReceipt> {
    try await store.command(envelope, encode: encode) { session in
      var notice = try NoticeRows.require(id, session)
      let stored = try NoticeRows.receipt(id, envelope.caller.organisation, session)
      let receipt = try NoticeDecisions.acknowledge(
        notice, receipt: stored, note: note, caller: envelope.caller, now: envelope.now)
      if receipt == stored { return receipt }
      try NoticeRows.save(receipt, session)
      notice.acknowledged += 1
      try NoticeRows.update(notice, session)
      try EventCodec.append(.noticeAcknowledged, notice, actor: envelope.caller.organisation, session)
      return receipt
    }
  }

  package func notice(_ id: String) async throws -> PolicyNotice {
    try await store.read { try NoticeRows.require(id, $0) }
  }

  package func notices(_ filter: NoticeFilter, after: String?, limit: Int) async throws -> [PolicyNotice] {
    try await store.read { try NoticeRows.page(filter, after: after, limit: limit, $0) }
  }

  package func noticeReceipts(
    of id: String, pendingOnly: Bool, after: String?, limit: Int
  ) async throws -> [NoticeReceipt] {
    try await store.read { session in
      _ = try NoticeRows.require(id, session)
      return try NoticeRows.receipts(of: id, pendingOnly: pendingOnly, after: after, limit: limit, session)
    }
  }
}
