package import Kernel
internal import Synchronization

/// Development mode: callers say who they are in `x-huirong-caller`. It believes anybody, so a process that uses it binds
/// to loopback only and warns in its log.
package final class DevelopmentAuthenticator: Authenticator {
  /// Headers remembered, so that a repeated one is not parsed again.
  private static let rememberedHeaders = 1024

  private let remembered = Mutex<[String: Caller]>([:])

  package init() {}

  package func identify(_ credentials: Credentials) throws(DomainError) -> Identity {
    guard let header = credentials.developmentCaller else {
      throw DomainError(
        .credentialsMissing,
        "development mode: send metadata \(CallerHeader.development): organisation=…;role=…;region=…;subject=…")
    }
    if credentials.authorization != nil {
      throw DomainError(.credentialsInvalid, "development mode knows no keys: send either authorization or a caller")
    }
    return try delegate(try caller(header), credentials.onBehalfOf)
  }

  private func caller(_ header: String) throws(DomainError) -> Caller {
    if let known = remembered.withLock({ $0[header] }) { return known }
    let parsed = try CallerHeader.parse(header, header: CallerHeader.development)
    remembered.withLock { remembered in
      if remembered.count >= Self.rememberedHeaders { remembered.removeAll(keepingCapacity: true) }
      remembered[header] = parsed
    }
    return parsed
  }
}
