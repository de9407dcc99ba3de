package import Kernel

/// A reference to evidence that is kept outside the suite.
package struct Evidence: Hashable, Sendable {
  /// Lower-case words joined by hyphens: "contract", "drawdown-slip".
  package var kind: String
  /// A URI or an archive number.
  package var reference: String
  /// SHA-256 of the evidence, 32 bytes; empty when it has no digital form.
  package var sha256: [UInt8]

  package static let maximumKind = 40

  /// - Throws: `EVIDENCE_MISSING`, `INVALID_ARGUMENT`, naming the field.
  package init(kind: String, reference: String, sha256: [UInt8], field: String) throws(DomainError) {
    guard !kind.isEmpty, !reference.isEmpty else {
      throw DomainError(.evidenceMissing, "evidence needs a kind and a reference", field: field)
    }
    guard kind.utf8.count <= Self.maximumKind,
      kind.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
    else {
      throw DomainError.invalid("\(field).kind", "kind must be lower-case words joined by hyphens")
    }
    guard sha256.isEmpty || sha256.count == 32 else {
      throw DomainError.invalid("\(field).sha256", "sha256 has \(sha256.count) bytes; it needs 32, or none")
    }
    self.kind = kind
    self.reference = try Texts.optional(reference, "\(field).reference", maximum: Texts.maximumReference)
    self.sha256 = sha256
  }

  /// What a store or a log kept: checked when it was taken in.
  package init(storedKind kind: String, reference: String, sha256: [UInt8]) {
    self.kind = kind
    self.reference = reference
    self.sha256 = sha256
  }
}
