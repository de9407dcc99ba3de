package import Kernel

/// Entering institutions and reference rates.
package enum InstitutionDecisions {
  /// - Throws: `RESOURCE_EXISTS`, and what `validate` throws.
  package static func create(
    _ draft: Institution, existing: Institution?, now: Instant
  ) throws(DomainError) -> Institution {
    var institution = draft
    institution.createTime = now
    institution.updateTime = now
    institution.revision = 1
    try institution.validate()
    if existing != nil {
      throw DomainError(
        .resourceExists, "\(institution.name) already exists", field: "institution_id",
        metadata: ["resource": institution.name])
    }
    return institution
  }

  /// New names, branches, service regions and sources. What binds an institution to caps (its kind, its government backing)
  /// and who it is (its code) is changed by the operator and the regulator only.
  /// - Throws: `OUT_OF_SCOPE` for another institution; `ETAG_MISMATCH`; `ROLE_NOT_ALLOWED`; and what `validate` throws.
  package static func update(
    _ stored: Institution, to wanted: Institution, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> Institution {
    if caller.role != .regulator { try Ownership.require(caller, maintains: stored.id) }
    if etag.isEmpty { throw DomainError(.requiredFieldMissing, "the etag the change is based on", field: "etag") }
    if etag != stored.etag {
      throw DomainError(
        .etagMismatch, "\(stored.name) has changed since: its etag is \(stored.etag), not \(etag.prefix(32))",
        field: "etag", metadata: ["resource": stored.name, "current_etag": stored.etag])
    }
    if caller.role == .institution {
      for (same, field) in [
        (wanted.kind == stored.kind, "kind"), (wanted.governmentBacked == stored.governmentBacked, "government_backed"),
        (wanted.uscc == stored.uscc, "uscc"),
      ] where !same {
        throw DomainError(
          .roleNotAllowed, "the operator or the regulator changes \(field)", field: "institution.\(field)")
      }
    }
    var changed = wanted
    changed.id = stored.id
    changed.createTime = stored.createTime
    changed.updateTime = stored.updateTime
    changed.revision = stored.revision
    try changed.validate()
    if changed == stored { return stored }
    changed.updateTime = max(now, stored.updateTime)
    changed.revision += 1
    return changed
  }
}

package enum ReferenceRateDecisions {
  /// The rates that are new; equal ones are accepted, different ones refused: a published rate never changes.
  /// - Throws: `RESOURCE_EXISTS` naming the entry; `INVALID_ARGUMENT` for a rate outside 0 to 100 % or a fixed basis.
  package static func new(
    _ rates: [ReferenceRate], known: ReferenceRateTable
  ) throws(DomainError) -> [ReferenceRate] {
    var fresh: [ReferenceRate] = []
    for (index, rate) in rates.enumerated() {
      let field = "rates[\(index)]"
      if rate.basis == .fixed { throw .invalid("\(field).basis", "LPR_1Y or LPR_5Y") }
      guard (0...CatalogLimits.ratePPM).contains(rate.rate.ppm) else {
        throw .invalid("\(field).rate", "\(rate.rate) is not a yearly rate: rates are in parts per million")
      }
      let same = (known.rates + fresh).first { $0.basis == rate.basis && $0.effectiveFrom == rate.effectiveFrom }
      guard let same else {
        fresh.append(rate)
        continue
      }
      if same.rate != rate.rate {
        throw DomainError(
          .resourceExists, "for \(rate.effectiveFrom) the rate \(same.rate) is already recorded, not \(rate.rate)",
          field: field)
      }
    }
    return fresh
  }
}
