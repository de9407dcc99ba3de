package import Kernel

/// Roles that may call a method.
package struct RoleSet: OptionSet, Sendable, Hashable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let enterprise = RoleSet(.enterprise)
  package static let gridWorker = RoleSet(.gridWorker)
  package static let institution = RoleSet(.institution)
  package static let regulator = RoleSet(.regulator)
  package static let adviser = RoleSet(.adviser)
  package static let analyst = RoleSet(.analyst)
  package static let `operator` = RoleSet(.operator)
  package static let service = RoleSet(.service)

  /// Every role: anyone who is authenticated.
  package static let everyone = RoleSet(Role.allCases)

  package init(_ role: Role) { rawValue = Self.bit(role) }
  package init(_ roles: [Role]) { rawValue = roles.reduce(0) { $0 | Self.bit($1) } }

  package func contains(_ role: Role) -> Bool { rawValue & Self.bit(role) != 0 }

  private static func bit(_ role: Role) -> UInt16 {
    switch role {
    case .enterprise: 1 << 0
    case .gridWorker: 1 << 1
    case .institution: 1 << 2
    case .regulator: 1 << 3
    case .adviser: 1 << 4
    case .analyst: 1 << 5
    case .operator: 1 << 6
    case .service: 1 << 7
    }
  }
}
