/// SplitMix64: the same numbers on every run, so that a failing property test names its case.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Small, ordinary and extreme numbers in equal parts.
  mutating func amount() -> Int64 {
    switch next() % 4 {
    case 0: Int64.random(in: -1000...1000, using: &self)
    case 1: Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &self)
    case 2: Int64.random(in: .min ... .max, using: &self)
    default: [.min, .min + 1, -1, 0, 1, .max - 1, .max].randomElement(using: &self) ?? 0
    }
  }
}

/// The reason a body fails with; `nil` when it does not.
func reason(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)".split(separator: ":").first.map(String.init)
  }
}
