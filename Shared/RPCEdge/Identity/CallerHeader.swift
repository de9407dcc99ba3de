package import Kernel

/// A caller as one header: `organisation=bank-icbc-zibo;role=institution;region=3703;subject=zhang`.
package enum CallerHeader {
  package static let development = "x-huirong-caller"
  package static let onBehalfOf = "x-huirong-on-behalf-of"

  /// Longest accepted header, in bytes.
  static let maximumLength = 512

  package static func format(_ caller: Caller) -> String {
    "organisation=\(caller.organisation);role=\(caller.role.rawValue);region=\(caller.regionPrefix);subject=\(caller.subject)"
  }

  /// `region` may be left out or empty (everywhere); the other three are required. Keys come in any order, none twice.
  /// - Throws: `CREDENTIALS_INVALID` that names the part.
  package static func parse(_ text: String, header: String) throws(DomainError) -> Caller {
    guard text.utf8.count <= maximumLength else { throw wrong(header, "is longer than \(maximumLength) bytes") }
    var parts: [Substring: Substring] = [:]
    for part in text.split(separator: ";") {
      guard let equals = part.firstIndex(of: "=") else { throw wrong(header, "has a part without \"=\"") }
      let key = part[..<equals]
      guard ["organisation", "role", "region", "subject"].contains(key) else {
        throw wrong(header, "has an unknown part \"\(key.prefix(32))\"")
      }
      guard parts.updateValue(part[part.index(after: equals)...], forKey: key) == nil else {
        throw wrong(header, "gives \(key) twice")
      }
    }
    guard let roleName = parts["role"], let role = Role(rawValue: String(roleName)) else {
      throw wrong(header, "needs role, one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return try validated(
      Caller(
        organisation: String(parts["organisation"] ?? ""), role: role, regionPrefix: String(parts["region"] ?? ""),
        subject: String(parts["subject"] ?? "")), source: header)
  }

  /// The limits that `Caller` documents.
  static func validated(_ caller: Caller, source: String) throws(DomainError) -> Caller {
    for (name, text) in [("organisation", caller.organisation), ("subject", caller.subject)] {
      guard isToken(text) else {
        throw wrong(source, "needs \(name): 1 to 64 visible ASCII characters other than \";\" and \"=\"")
      }
    }
    guard caller.regionPrefix.utf8.count <= 12, caller.regionPrefix.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw wrong(source, "needs region: at most 12 digits") }
    return caller
  }

  private static func isToken(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "=") }
  }

  private static func wrong(_ source: String, _ what: String) -> DomainError {
    DomainError(.credentialsInvalid, "\(source) \(what)")
  }
}
