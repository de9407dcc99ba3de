import Foundation

/// xoshiro256++ seeded by SplitMix64 (Blackman and Vigna): the same seed and stream give the same numbers on every
/// machine, and each sample has a stream of its own, so that results do not depend on who draws when.
struct RandomSource {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64, stream: UInt64) {
    var mixer = SplitMix(state: seed)
    mixer.state = mixer.next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// - Parameter state: not all 0.
  init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  mutating func next() -> UInt64 {
    let sum = state.0 &+ state.3
    let result = (sum << 23 | sum >> 41) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 << 45 | state.3 >> 19
    return result
  }

  /// Above 0, at most 1, in steps of 2⁻⁵³: its logarithm is finite.
  mutating func unit() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

  mutating func exponential() -> Double { -log(unit()) }

  /// Standard normal, by Marsaglia's polar method.
  mutating func normal() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Gamma of unit scale (Marsaglia and Tsang 2000).
  /// - Parameter shape: above 0.
  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(unit(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      if root <= 0 { continue }
      let cube = root * root * root
      if log(unit()) < 0.5 * x * x + d - d * cube + d * log(cube) { return d * cube }
    }
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
