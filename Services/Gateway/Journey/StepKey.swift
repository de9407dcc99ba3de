import Crypto
package import Protos

/// Idempotency keys of the gateway's own steps, derived from the journey and what the step rests on: whoever repeats
/// the step, before or after a crash, uses the same key.
package enum StepKey {
  /// `j.<demand id>.<step>.<digest of the basis>`; at most 64 characters for ids of up to 32.
  package static func make(_ demandName: String, _ step: String, basis: String...) -> String {
    let id = demandName.split(separator: "/").last.map(String.init) ?? demandName
    let hash = SHA256.hash(data: Array(([demandName, step] + basis).joined(separator: "\u{1F}").utf8))
    let digest = hash.prefix(8).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
    return "j.\(id.prefix(30)).\(step.prefix(14)).\(digest)"
  }
}
