import EvaluationDomain
import Kernel
import Testing

@Suite("Schemes are refused with the path of what is wrong") struct SchemeValidationTests {
  private let dictionary = [
    "x": Given.indicator("x"), "y": Given.indicator("y"), "m": Given.indicator("m", .money(.cny)),
  ]

  private func refusal(_ scheme: Scheme) -> DomainError? {
    do throws(DomainError) {
      try SchemeValidation.validate(scheme) { dictionary[$0] }
      return nil
    } catch { return error }
  }

  private func refusal(_ function: ScoringFunction) -> String? {
    let error = refusal(Given.scheme([Given.leaf("x", "x", function)]))
    #expect(error == nil || error?.reason == .schemeInvalid)
    return error?.field
  }

  @Test func `weights that do not sum to a million name the path`() {
    let scheme = Given.scheme([
      Given.dimension(
        "scale", 600_000, [Given.leaf("x", "x", 500_000, .minMax), Given.leaf("y", "y", 499_999, .minMax)]),
      Given.leaf("x", "x", 400_000, .minMax),
    ])
    #expect(refusal(scheme)?.field == "scheme.nodes[0].children")
    #expect(refusal(scheme)?.message == #"weights under "scale" sum to 999999 ppm, not 1000000"#)
    #expect(refusal(Given.scheme([Given.leaf("x", "x", 999_999, .minMax)]))?.field == "scheme.nodes")
  }

  @Test func `unknown indicators, repeated ids and empty trees`() {
    #expect(refusal(Given.scheme([]))?.field == "scheme.nodes")
    #expect(
      refusal(Given.scheme([Given.leaf("x", "nope", .minMax)]))?.field == "scheme.nodes[0].indicator_id")
    #expect(
      refusal(Given.scheme([Given.leaf("x", "x", 500_000, .minMax), Given.leaf("x", "y", 500_000, .minMax)]))?.field
        == "scheme.nodes[1].id")
    #expect(refusal(Given.scheme([Given.leaf("X", "x", .minMax)]))?.field == "scheme.nodes[0].id")
  }

  @Test func `function parameters`() {
    let base = "scheme.nodes[0].function"
    #expect(refusal(.attainment(.init(target: .fixed(0)))) == "\(base).attainment.target")
    #expect(
      refusal(.attainment(.init(target: .indicator("m")))) == "\(base).attainment.target_indicator_id",
      "a target in another unit")
    #expect(
      refusal(.attainment(.init(target: .fixed(1), cap: 5, floor: 5))) == "\(base).attainment.floor_micro_points")
    #expect(refusal(.rankSteps(.init(step: 0, floor: 0))) == "\(base).rank_steps.step_micro_points")
    #expect(refusal(.tieredBands([])) == "\(base).tiered_bands.tiers")
    #expect(
      refusal(.tieredBands([.init(lowerBound: 1, inclusive: true, points: 0)]))
        == "\(base).tiered_bands.tiers[0].lower_bound")
    #expect(
      refusal(
        .tieredBands([
          .init(lowerBound: nil, inclusive: true, points: 0), .init(lowerBound: 5, inclusive: true, points: 1),
          .init(lowerBound: 4, inclusive: true, points: 2),
        ])) == "\(base).tiered_bands.tiers[2].lower_bound")
    #expect(refusal(.zScore(.init(center: 0, perSigma: 0))) == "\(base).z_score.per_sigma_micro_points")
    #expect(refusal(.perEvent(.init(base: 0, perEvent: 0))) == "\(base).per_event.per_event_micro_points")
    #expect(refusal(.minMax) == nil)
  }

  @Test func `a leaf must say what a missing value means`() {
    let node = SchemeNode(
      id: "x", titleZH: "x", titleEN: "x", weightPPM: 1_000_000,
      content: .leaf(indicatorID: "x", function: .minMax, missing: nil))
    #expect(refusal(Given.scheme([node]))?.field == "scheme.nodes[0].missing")
  }

  @Test func `composites neither nest nor fall short`() {
    func composite(_ parts: [ScoringFunction.CompositePart]) -> Scheme {
      Given.scheme([
        SchemeNode(
          id: "x", titleZH: "x", titleEN: "x", weightPPM: 1_000_000,
          content: .leaf(indicatorID: nil, function: .composite(parts), missing: nil))
      ])
    }
    func part(_ weight: Int64, _ function: ScoringFunction = .minMax) -> ScoringFunction.CompositePart {
      .init(indicatorID: "x", weightPPM: weight, function: function, missing: .zeroPoints)
    }
    #expect(refusal(composite([part(1_000_000)]))?.field == "scheme.nodes[0].function.composite.parts")
    #expect(
      refusal(composite([part(800_000), part(100_000)]))?.message
        == "weights of the parts sum to 900000 ppm, not 1000000")
    #expect(
      refusal(composite([part(800_000), part(200_000, .composite([]))]))?.field
        == "scheme.nodes[0].function.composite.parts[1].function")
  }

  @Test func `grades, bonuses, gates and tie-breakers`() {
    var scheme = Given.scheme([Given.leaf("x", "x", .minMax)], ties: .tieBreakers([]))
    #expect(refusal(scheme)?.field == "scheme.tie_breaker_ids")
    scheme.tieRule = .standard
    scheme.regularMinimum = 1
    #expect(refusal(scheme)?.field == "scheme.regular_minimum_micro_points")
    scheme.grades = [GradeBand(grade: "A", lowerBound: 5, inclusive: true)]
    #expect(refusal(scheme)?.field == "scheme.grades[0].lower_bound_micro_points")
    scheme.grades.append(GradeBand(grade: "B", lowerBound: nil, inclusive: true))
    #expect(refusal(scheme) == nil)
    scheme.gates = [
      Gate(
        id: "g", titleZH: "g", titleEN: "g", indicatorID: "x", comparison: .less, bound: 0,
        effect: .zeroNode(path: "nowhere"))
    ]
    #expect(refusal(scheme)?.field == "scheme.gates[0].node_path")
    scheme.gates = []
    scheme.bonuses = [
      Bonus(
        id: "b", titleZH: "b", titleEN: "b", indicatorID: "x", function: .minMax, cap: 1, missing: .zeroPoints)
    ]
    #expect(refusal(scheme)?.field == "scheme.bonus_cap_micro_points")
    scheme.bonusCap = 1
    #expect(refusal(scheme) == nil)
    scheme.decimals = 7
    #expect(refusal(scheme)?.field == "scheme.decimals")
  }
}
