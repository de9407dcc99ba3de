import Crypto
package import EvaluationDomain
import Foundation
import Kernel

/// The service's Ed25519 key, 32 bytes in base64 in a file that only its owner reads.
package struct ExportKeyFile: ExportSigner {
  private let key: Curve25519.Signing.PrivateKey

  package var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// Reads the key; makes one when there is no file yet.
  /// - Throws: when the file cannot be read or written, or holds something else: a damaged key is never replaced.
  package init(path: String) throws {
    if FileManager.default.fileExists(atPath: path) {
      let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      guard let bytes = Data(base64Encoded: text) else {
        throw DomainError(.internal, "\(path) holds no base64 of an Ed25519 key")
      }
      key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
      return
    }
    key = Curve25519.Signing.PrivateKey()
    let text = key.rawRepresentation.base64EncodedString() + "\n"
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw DomainError(.internal, "\(path) cannot be written") }
  }

  package func sha256(_ bytes: [UInt8]) -> String { Hex.text(Array(SHA256.hash(data: bytes))) }

  package func sign(_ bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes)) }
}
