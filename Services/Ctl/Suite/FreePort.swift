import Foundation
import Kernel

/// A port of loopback that is free now.
enum FreePort {
  /// - Throws: `DEPENDENCY_UNAVAILABLE` when the system gives none.
  static func find() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw DomainError(.dependencyUnavailable, "no socket: error \(errno)") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard isBound else { throw DomainError(.dependencyUnavailable, "no free port: error \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
