package import Kernel

/// An institution maintains its own products and no others; the operator maintains any, for imports and corrections.
package enum Ownership {
  /// - Throws: `OUT_OF_SCOPE` for another institution's products; `ROLE_NOT_ALLOWED` for anyone who maintains none.
  package static func require(_ caller: Caller, maintains institution: String) throws(DomainError) {
    switch caller.role {
    case .operator: return
    case .institution:
      guard caller.organisation == institution else {
        throw DomainError(
          .outOfScope, "\(caller.organisation) may not maintain products of institutions/\(institution)",
          metadata: ["institution": institution])
      }
    case .enterprise, .gridWorker, .regulator, .adviser, .analyst, .service:
      throw DomainError(.roleNotAllowed, "\(caller.role.rawValue) maintains no products")
    }
  }
}
