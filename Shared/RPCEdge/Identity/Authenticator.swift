package import Kernel

/// What a caller presented.
package struct Credentials: Sendable {
  /// The `authorization` header.
  package let authorization: String?
  /// The `x-huirong-caller` header, read in development mode only.
  package let developmentCaller: String?
  /// The `x-huirong-on-behalf-of` header, read from services only.
  package let onBehalfOf: String?
  /// Address of the connection, for logs.
  package let peer: String

  package init(authorization: String?, developmentCaller: String?, onBehalfOf: String?, peer: String) {
    self.authorization = authorization
    self.developmentCaller = developmentCaller
    self.onBehalfOf = onBehalfOf
    self.peer = peer
  }
}

/// On whose behalf a call is made, and the service that made it for them.
package struct Identity: Sendable, Hashable {
  package let caller: Caller
  package let via: Caller?

  package init(caller: Caller, via: Caller? = nil) {
    self.caller = caller
    self.via = via
  }
}

/// Turns credentials into an identity.
package protocol Authenticator: Sendable {
  /// - Throws: `CREDENTIALS_MISSING`, `CREDENTIALS_INVALID`, `ROLE_NOT_ALLOWED`.
  func identify(_ credentials: Credentials) throws(DomainError) -> Identity
}

extension Authenticator {
  /// A service may act for somebody else; nobody else may.
  func delegate(_ authenticated: Caller, _ onBehalfOf: String?) throws(DomainError) -> Identity {
    guard let onBehalfOf else { return Identity(caller: authenticated) }
    guard authenticated.role == .service else {
      throw DomainError(
        .roleNotAllowed, "only the suite's own services may send \(CallerHeader.onBehalfOf)",
        metadata: ["role": authenticated.role.rawValue])
    }
    let caller = try CallerHeader.parse(onBehalfOf, header: CallerHeader.onBehalfOf)
    return Identity(caller: caller, via: authenticated)
  }
}
