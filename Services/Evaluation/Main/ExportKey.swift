import EvaluationStore
import ServiceHost

/// The key that signs exports, kept apart from the store so that a copy of the store signs nothing.
enum ExportKey {
  static let key = ConfigurationKey(
    "export-key", .path,
    "File of the Ed25519 key that signs exports, made at the first start; beside the store as `<store>.export-key` when unset."
  )

  /// - Throws: when the file is damaged or cannot be written.
  static func load(_ configuration: Configuration) throws -> ExportKeyFile {
    let path = try configuration.text(key.name) ?? configuration.required("store") + ".export-key"
    return try ExportKeyFile(path: path)
  }
}
