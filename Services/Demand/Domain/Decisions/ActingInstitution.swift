import Kernel

/// In whose name an institution's command is given.
enum ActingInstitution {
  static let field = "institution"

  /// The caller itself, or the institution that a service or an operator names.
  /// - Throws: `REQUIRED_FIELD_MISSING` when the house names none, `OUT_OF_SCOPE` when an institution names another,
  ///   `INVALID_ARGUMENT` for a malformed name.
  static func resolve(_ named: String, caller: Caller) throws(DomainError) -> String {
    if caller.role == .institution {
      guard named.isEmpty || named == caller.organisation else {
        throw DomainError(
          .outOfScope, "\(caller.organisation) may not act for \(named.prefix(64))", field: field,
          metadata: ["organisation": caller.organisation])
      }
      return try unreserved(caller.organisation, field: field)
    }
    if named.isEmpty { throw DomainError(.requiredFieldMissing, "institution is required", field: field) }
    return try organisation(named, field: field)
  }

  /// - Throws: `INVALID_ARGUMENT` unless 1 to 64 characters of an identifier.
  static func organisation(_ text: String, field: String) throws(DomainError) -> String {
    guard ResourceName.isID(text) else {
      throw DomainError.invalid(field, "\"\(text.prefix(64))\" is no organisation: 1 to 64 of A–Z a–z 0–9 . _ ~ -")
    }
    return try unreserved(text, field: field)
  }

  /// Regulators stand among the targets as `region-3703`; an institution of such a name would be taken for one.
  private static func unreserved(_ text: String, field: String) throws(DomainError) -> String {
    if text.hasPrefix(PushTarget.regulatorPrefix) {
      throw DomainError.invalid(field, "\"\(text.prefix(64))\" is reserved: it names the regulator of a region")
    }
    return text
  }

  /// The claimant, when it is the one that acts.
  /// - Throws: `ALREADY_CLAIMED` naming the claimant otherwise.
  static func requireClaimant(_ named: String, of demand: Demand, caller: Caller) throws(DomainError) -> String {
    let institution = try resolve(named, caller: caller)
    guard let claim = demand.claim else { throw DomainError(.stateConflict, "demands/\(demand.id) is not claimed") }
    if claim.institution != institution { throw DomainError.alreadyClaimed(demand, by: claim) }
    return institution
  }
}
