package import Kernel

/// Proof that a file is the export of a run: a signature over its bytes, and its SHA-256 in the log's hash chain.
package struct ExportSeal: Sendable, Hashable {
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case csv, json
    case jsonLines = "json-lines"
    case html
  }
  package var runID: String
  package var format: Format
  /// Hexadecimal.
  package var sha256: String
  package var size: Int
  /// Hexadecimal digests of the run's inputs and results.
  package var digest: String
  package var resultDigest: String
  /// Ed25519 over the file's bytes, 64 bytes.
  package var signature: [UInt8]
  /// Ed25519, 32 bytes.
  package var publicKey: [UInt8]
  /// Position of the log entry; 0 before it is entered.
  package var sequence: Int64 = 0

  package init(
    run: Run, format: Format, sha256: String, size: Int, signature: [UInt8], publicKey: [UInt8]
  ) {
    runID = run.id
    self.format = format
    self.sha256 = sha256
    self.size = size
    digest = run.digest
    resultDigest = run.resultDigest
    self.signature = signature
    self.publicKey = publicKey
  }
}

/// Signs what leaves the service.
package protocol ExportSigner: Sendable {
  /// Ed25519 public key, 32 bytes.
  var publicKey: [UInt8] { get }
  func sha256(_ bytes: [UInt8]) -> String
  /// 64 bytes.
  func sign(_ bytes: [UInt8]) throws -> [UInt8]
}

extension Run {
  /// - Throws: `STATE_CONFLICT` unless the run was published.
  package func requireSealable() throws(DomainError) {
    guard state == .published || state == .corrected else {
      throw DomainError(
        .stateConflict, "runs/\(id) is in state \(state.rawValue): only what was published is sealed",
        metadata: ["state": state.rawValue])
    }
  }
}
