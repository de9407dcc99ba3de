package import Kernel
package import SwiftProtobuf

/// The fields that an update changes (AIP-134).
package struct UpdateMask: Sendable, Hashable {
  private let paths: Set<String>

  /// - Parameter updatable: the paths that callers may change, in snake_case. An empty mask or `*` means all of them.
  /// - Throws: `INVALID_ARGUMENT` naming a path that is unknown, output-only or given twice.
  package init(
    _ mask: Google_Protobuf_FieldMask, updatable: [String], field: String = "update_mask"
  ) throws(DomainError) {
    if mask.paths.isEmpty || mask.paths == ["*"] {
      paths = Set(updatable)
      return
    }
    var seen: Set<String> = []
    for path in mask.paths {
      guard updatable.contains(path) else {
        throw .invalid(
          field, "\"\(path.prefix(64))\" cannot be updated; what can: \(updatable.joined(separator: ", "))")
      }
      guard seen.insert(path).inserted else { throw .invalid(field, "names \(path) twice") }
    }
    paths = seen
  }

  package func contains(_ path: String) -> Bool { paths.contains(path) }
}
