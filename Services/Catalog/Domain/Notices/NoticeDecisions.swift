package import Kernel

/// Publishing, taking back and acknowledging notices.
package enum NoticeDecisions {
  /// Characters of a notice's body; the longest published lists run to about 3000.
  private static let bodyCharacters = 4_000
  private static let productsLimit = 64

  /// - Parameter known: ids of products that exist, of those the notice names.
  /// - Throws: `RESOURCE_EXISTS`; `OUT_OF_SCOPE` for a region outside the publisher's; what is missing or malformed.
  package static func publish(
    _ draft: PolicyNotice, existing: Bool, known: Set<String>, caller: Caller, now: Instant
  ) throws(DomainError) -> PolicyNotice {
    guard ResourceName.isID(draft.id) else {
      throw .invalid("notice_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]")
    }
    if existing {
      throw DomainError(
        .resourceExists, "\(draft.name) already exists", field: "notice_id", metadata: ["resource": draft.name])
    }
    var notice = draft
    do throws(DomainError) {
      try validate(notice)
      if notice.target.regions.isEmpty, !caller.regionPrefix.isEmpty { notice.target.regions = [caller.regionPrefix] }
      for (index, region) in notice.target.regions.enumerated() where !caller.covers(region: region) {
        throw DomainError(
          .outOfScope, "\(caller.organisation) publishes inside \(caller.regionPrefix), not for \(region)",
          field: "target.regions[\(index)]")
      }
      for (index, id) in notice.products.enumerated() where !known.contains(id) {
        throw DomainError(
          .resourceNotFound, "\(Product.collection)/\(id) does not exist", field: "products[\(index)]",
          metadata: ["resource": "\(Product.collection)/\(id)"])
      }
    } catch { throw error.within("notice") }
    notice.state = .published
    notice.withdrawReason = ""
    notice.publisher = caller.organisation
    notice.createTime = now
    notice.updateTime = now
    notice.revision = 1
    return notice
  }

  private static func validate(_ notice: PolicyNotice) throws(DomainError) {
    if notice.title.zh.isEmpty { throw DomainError(.requiredFieldMissing, "a Chinese title", field: "title.zh") }
    if notice.body.zh.isEmpty { throw DomainError(.requiredFieldMissing, "a Chinese body", field: "body.zh") }
    try Text.limit(notice.title, CatalogLimits.titleCharacters, "title")
    try Text.limit(notice.body, bodyCharacters, "body")
    if notice.audiences.isEmpty { throw DomainError(.requiredFieldMissing, "whom it is for", field: "audiences") }
    guard Set(notice.audiences).count == notice.audiences.count else {
      throw .invalid("audiences", "an audience is named twice")
    }
    try RegionCode.validate(list: notice.target.regions, field: "target.regions")
    for (list, field) in [(notice.target.industries, "industries"), (notice.target.tags, "tags")]
    where list.count > CatalogLimits.conditionValues {
      throw .invalid("target.\(field)", "at most \(CatalogLimits.conditionValues) values")
    }
    for (index, code) in notice.target.industries.enumerated() {
      _ = try IndustryCode.canonical(code, field: "target.industries[\(index)]")
    }
    for (index, tag) in notice.target.tags.enumerated() where !Predicate.isWord(tag) {
      throw .invalid("target.tags[\(index)]", "lower-case words joined by hyphens")
    }
    guard notice.products.count <= productsLimit else {
      throw .invalid("products", "at most \(productsLimit) products")
    }
    try Text.validate(notice.sources, "sources")
    if let from = notice.effectiveFrom, let to = notice.effectiveTo, to < from {
      throw .invalid("effective_to", "\(to) lies before effective_from \(from)")
    }
  }

  /// - Throws: `OUT_OF_SCOPE` for another publisher's notice, `ETAG_MISMATCH`, `STATE_CONFLICT` when withdrawn already,
  ///   `REQUIRED_FIELD_MISSING` without a reason.
  package static func withdraw(
    _ notice: PolicyNotice, reason: String, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> PolicyNotice {
    guard caller.role == .operator || caller.organisation == notice.publisher else {
      throw DomainError(.outOfScope, "\(notice.name) was published by \(notice.publisher)")
    }
    if etag.isEmpty { throw DomainError(.requiredFieldMissing, "the etag the change is based on", field: "etag") }
    if etag != notice.etag {
      throw DomainError(
        .etagMismatch, "\(notice.name) has changed since: its etag is \(notice.etag)", field: "etag",
        metadata: ["resource": notice.name, "current_etag": notice.etag])
    }
    guard notice.state == .published else { throw DomainError(.stateConflict, "\(notice.name) is withdrawn already") }
    if reason.isEmpty { throw DomainError(.requiredFieldMissing, "a reason is required", field: "reason") }
    try Text.limit(reason, CatalogLimits.noteCharacters, "reason")
    var changed = notice
    changed.state = .withdrawn
    changed.withdrawReason = reason
    changed.updateTime = max(now, notice.updateTime)
    changed.revision += 1
    return changed
  }

  /// Acknowledges for the caller's organisation; a second time changes nothing.
  /// - Throws: `OUT_OF_SCOPE` for a notice that does not concern the caller; `STATE_CONFLICT` for one that was taken back.
  package static func acknowledge(
    _ notice: PolicyNotice, receipt: NoticeReceipt?, note: String, caller: Caller, now: Instant
  ) throws(DomainError) -> NoticeReceipt {
    guard receipt != nil || notice.isFor(caller) else {
      throw DomainError(.outOfScope, "\(notice.name) does not concern \(caller.organisation)")
    }
    guard notice.state == .published else { throw DomainError(.stateConflict, "\(notice.name) was taken back") }
    try Text.limit(note, CatalogLimits.noteCharacters, "note")
    var changed = receipt ?? NoticeReceipt(notice: notice.id, organisation: caller.organisation)
    if changed.acknowledgeTime != nil { return changed }
    changed.acknowledgeTime = now
    changed.subject = caller.subject
    changed.note = note
    return changed
  }

  /// Organisations it is pushed to by name: the institutions that serve where it concerns, when it is for institutions.
  package static func recipients(of notice: PolicyNotice, among institutions: [Institution]) -> [String] {
    guard notice.audiences.contains(.institutions) else { return [] }
    return institutions.filter { institution in
      let places = institution.serviceRegions + institution.branches.map(\.region)
      return places.isEmpty || places.contains { notice.target.touches(region: $0) }
    }.map(\.id)
  }
}
