internal import Crypto
package import Kernel

/// API keys: `authorization: Bearer <key>`. The process knows only the SHA-256 of each key.
package struct KeyAuthenticator: Authenticator {
  /// Longest accepted key, in bytes.
  static let maximumKeyLength = 256

  private let callers: [[UInt8]: Caller]

  package init(_ file: KeyFile) {
    callers = Dictionary(file.entries.map { ($0.sha256, $0.caller) }) { first, _ in first }
  }

  package func identify(_ credentials: Credentials) throws(DomainError) -> Identity {
    guard let authorization = credentials.authorization else {
      throw DomainError(.credentialsMissing, "send metadata authorization: Bearer <key>")
    }
    guard let key = Self.bearer(authorization) else {
      throw DomainError(.credentialsInvalid, "authorization must be Bearer <key> with a key of 1 to 256 bytes")
    }
    // Looking up a digest tells a guesser nothing about how near a guess came.
    guard let caller = callers[Array(SHA256.hash(data: Array(key.utf8)))] else {
      throw DomainError(.credentialsInvalid, "the key is not known here")
    }
    return try delegate(caller, credentials.onBehalfOf)
  }

  private static func bearer(_ header: String) -> Substring? {
    guard let space = header.firstIndex(of: " "), header[..<space].lowercased() == "bearer" else { return nil }
    let key = header[header.index(after: space)...]
    return (1...maximumKeyLength).contains(key.utf8.count) ? key : nil
  }
}
