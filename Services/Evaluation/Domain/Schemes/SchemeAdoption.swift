package import Kernel

/// Who wrote a version of a scheme and who adopted it. A version is a draft until another person adopts it.
package struct SchemeAdoption: Sendable, Hashable {
  /// `organisation/person`; empty for versions from before schemes were adopted.
  package var creator: String
  package var adopter: String
  /// `nil` for a draft.
  package var adoptTime: Instant?

  package init(creator: String, adopter: String = "", adoptTime: Instant? = nil) {
    self.creator = creator
    self.adopter = adopter
    self.adoptTime = adoptTime
  }

  package var isAdopted: Bool { adoptTime != nil }
}

/// A scheme with the digest of its canonical text.
package struct StoredScheme: Sendable, Hashable {
  package var scheme: Scheme
  /// Hexadecimal SHA-256.
  package var digest: String
  package var adoption: SchemeAdoption

  package init(scheme: Scheme, digest: String, adoption: SchemeAdoption) {
    self.scheme = scheme
    self.digest = digest
    self.adoption = adoption
  }

  /// The draft as a second person adopts it, having read the version with this digest.
  /// - Throws: `STATE_CONFLICT`, `SAME_OFFICER`; `ETAG_MISMATCH` when another text was read.
  package func adopted(by caller: Caller, digest read: String, now: Instant) throws(DomainError) -> StoredScheme {
    let name = "schemes/\(scheme.id) version \(scheme.version)"
    guard !adoption.isAdopted else { throw DomainError(.stateConflict, "\(name) was adopted by \(adoption.adopter)") }
    guard read == digest else {
      throw DomainError(.etagMismatch, "the digest of \(name) is \(digest)", field: "digest")
    }
    guard Run.person(caller) != adoption.creator else {
      throw DomainError(.sameOfficer, "\(adoption.creator) wrote \(name); another person adopts it")
    }
    var stored = self
    stored.adoption.adopter = Run.person(caller)
    stored.adoption.adoptTime = now
    return stored
  }
}
