package import Kernel

/// Addresses of pages: http or https, printable ASCII without blanks, so that they fit a QR code as they stand.
package enum PageURI {
  /// - Throws: `INVALID_ARGUMENT` naming the field.
  package static func validate(
    _ text: String, _ field: String, bytes: Int = CatalogLimits.uriBytes
  ) throws(DomainError) {
    guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count > 8, text.utf8.count <= bytes,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E })
    else { throw .invalid(field, "an http or https address of at most \(bytes) visible ASCII characters") }
  }
}
