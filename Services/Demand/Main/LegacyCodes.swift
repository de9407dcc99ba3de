import Kernel
import ServiceHost

/// Codes that fail the last check of GB 32100 but were issued: the operator has seen each licence.
enum LegacyCodes {
  static let key = ConfigurationKey(
    "legacy-codes", .list,
    "Unified social credit codes of the early pilot that are accepted although position 18 fails.")

  /// - Throws: `ConfigurationError` naming a code that is none.
  static func load(_ configuration: Configuration) throws -> Set<String> {
    let codes = configuration.list(key.name)
    for code in codes {
      do {
        _ = try UnifiedSocialCreditCode(code)
      } catch {
        throw configuration.wrong(key.name, "lists \(code.prefix(32)): \(error.message)")
      }
    }
    return Set(codes)
  }
}
