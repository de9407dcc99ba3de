package import Kernel

/// From where the weights of a simulation are drawn.
package enum WeightSampling: Sendable, Hashable {
  /// Every set of weights is as likely as any other (uniform on the simplex).
  case uniform
  /// Dirichlet around the base weights: the larger the concentration the closer. The variance of a weight w is
  /// w·(1 − w) ÷ (concentration + 1).
  case dirichlet(concentration: Double)
  /// Each base weight times a uniform factor of 1 ± share, divided by the sum.
  case band(share: Double)

  package static let concentrations = 0.1...1e6

  /// - Throws: `INVALID_ARGUMENT` naming `concentration` or `share`.
  package func validate() throws(DomainError) {
    switch self {
    case .uniform: break
    case .dirichlet(let concentration):
      try Bounds.number(concentration, in: Self.concentrations, "concentration")
    case .band(let share): try Bounds.number(share, in: 0...1, "share")
    }
  }

  /// Draws one set of weights without allocating. A criterion of base weight 0 keeps weight 0, unless sampling is
  /// uniform. Where everything drawn rounds to 0 the base weights are the draw.
  func draw(
    _ random: inout RandomSource, base: UnsafeBufferPointer<Double>, into weights: UnsafeMutableBufferPointer<Double>
  ) {
    var sum = 0.0
    for index in base.indices {
      let amount: Double
      switch self {
      case .uniform: amount = random.exponential()
      case .dirichlet(let concentration):
        amount = base[index] > 0 ? random.gamma(concentration * base[index]) : 0
      case .band(let share): amount = base[index] * (1 + share * (2 * random.unit() - 1))
      }
      weights[index] = amount
      sum += amount
    }
    for index in base.indices { weights[index] = sum > 0 ? weights[index] / sum : base[index] }
  }
}
