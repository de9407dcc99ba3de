import EvaluationRatings
import Kernel
import Testing

@Suite("Scorecards as data") struct ScorecardTests {
  private func path(_ change: (inout Scorecard) -> Void) -> String? {
    var card = Given.card
    change(&card)
    return domainError { () throws(DomainError) in try ScorecardValidation.validate(card) }?.metadata["path"]
  }

  @Test func `a scorecard whose bins cover everything once is accepted`() { #expect(path { _ in } == nil) }

  @Test func `a gap, an overlap and a closed end are refused with their path`() {
    let bins = "characteristics[0].bins"
    #expect(path { $0.characteristics[0].bins[1] = Given.range(11, 100, 10) } == "\(bins)[1].range.lower")
    #expect(path { $0.characteristics[0].bins[1] = Given.range(9, 100, 10) } == "\(bins)[1].range.lower")
    #expect(path { $0.characteristics[0].bins[0] = Given.range(0, 10, -20) } == "\(bins)[0].range.lower")
    #expect(path { $0.characteristics[0].bins[2] = Given.range(100, 200, 40) } == "\(bins)[2].range.upper")
    #expect(path { $0.characteristics[0].bins.remove(at: 1) } == "\(bins)[1].range.lower")
  }

  @Test func `a bound belongs to exactly one of two ranges`() {
    let path1 = "characteristics[0].bins[1].range.lower_inclusive"
    #expect(path { $0.characteristics[0].bins[1] = Given.range(10, 100, 10, lowerInclusive: true) } == path1)
    #expect(path { $0.characteristics[0].bins[0] = Given.range(nil, 10, -20, upperInclusive: false) } == path1)
    #expect(
      path {
        $0.characteristics[0].bins[0] = Given.range(nil, 10, -20, upperInclusive: false)
        $0.characteristics[0].bins[1] = Given.range(10, 100, 10, lowerInclusive: true)
      } == nil)
    #expect(
      path { $0.characteristics[0].bins.insert(Given.range(10, 11, 0, upperInclusive: false), at: 1) }
        == "characteristics[0].bins[1].range", "no whole number lies between 10 and 11")
  }

  @Test func `missing values have exactly one bin, at the end`() {
    #expect(path { $0.characteristics[0].bins.removeLast() } == "characteristics[0].bins")
    #expect(
      path { $0.characteristics[0].bins.insert(Bin(label: "?", cover: .missing, points: 0), at: 0) }
        == "characteristics[0].bins[0].missing")
  }

  @Test func `no category is in two groups and the others have one bin`() {
    #expect(
      path { $0.characteristics[1].bins[1].cover = .group(["farm", "kiosk"]) }
        == "characteristics[1].bins[1].group.values[1]")
    #expect(path { $0.characteristics[1].bins.remove(at: 2) } == "characteristics[1].bins")
    #expect(path { $0.characteristics[1].bins[2].cover = .range(ValueRange(lower: nil, upper: nil)) } != nil)
  }

  @Test func `points run as declared`() {
    #expect(path { $0.characteristics[0].bins[2].points = 9 } == "characteristics[0].bins[2].points")
    #expect(path { $0.characteristics[0].order = .falling } == "characteristics[0].bins[1].points")
    #expect(
      path {
        $0.characteristics[0].order = .any
        $0.characteristics[0].bins[2].points = 9
      } == nil)
  }

  @Test func `cut-offs fall strictly and only the worst grade has none`() {
    #expect(path { $0.grades[1].minimum = 560 } == "grades[1].minimum_points")
    #expect(path { $0.grades[0].minimum = nil } == "grades[0].minimum_points")
    #expect(path { $0.grades[2].minimum = 1 } == "grades[2].minimum_points")
    #expect(path { $0.grades[1].grade = "AAAA" } == "grades[1].grade")
    #expect(path { $0.grades.swapAt(0, 1) } != nil)
    #expect(path { $0.platformGrades.removeLast() } == "platform_grades")
    #expect(path { $0.platformGrades[3].minimum = 510 } == "platform_grades[3].minimum_points")
    #expect(
      path {
        $0.purpose = .technology
        $0.platformGrades = []
        $0.grades = [GradeCut(grade: "T1", minimum: 1), GradeCut(grade: "T2", minimum: nil)]
      } == nil, "other purposes name their own levels and need none of the platform's")
  }

  @Test func `what a reader must know is required`() {
    #expect(path { $0.card.limits = [] } == "card.limits")
    #expect(path { $0.card.fairness = "" } == "card.fairness")
    #expect(path { $0.characteristics[0].source = .ownChoice(reason: "") } == "characteristics[0].source.own_choice")
    #expect(
      path { $0.cutoffSource = .document(ruleID: "", document: "x", article: "", quote: "") }
        == "cutoff_source.citation.article")
  }

  @Test func `a rating adds points, grades them and names the largest losses first`() throws {
    let result = try Given.card.rate(Given.inputs(.number(10), .category("kiosk")))
    #expect(result.total == 485)
    #expect(result.grade == "D")
    #expect(result.platformGrade == .d)
    #expect(result.pointsToNextGrade == 25)
    #expect(result.reasons.map(\.characteristicID) == ["revenue", "sector"])
    #expect(result.reasons.map(\.lostPoints) == [60, 20])
    #expect(result.contributions.map(\.points) == [-20, 5])
    let best = try Given.card.rate(Given.inputs(.number(101), .category("farm")))
    #expect(best.grade == "AAA")
    #expect(best.reasons.isEmpty)
    #expect(best.pointsToNextGrade == nil)
  }

  @Test(
    "a value on a bound goes where the bound belongs",
    arguments: [(10, -20), (11, 10), (100, 10), (101, 40), (Int64.min, -20), (Int64.max, 40)] as [(Int64, Int64)])
  func bounds(value: Int64, points: Int64) throws {
    let result = try Given.card.rate(Given.inputs(.number(value), .missing))
    #expect(result.contributions[0].points == points)
    #expect(result.reasons.last?.isMissing == true || result.reasons.first?.isMissing == true)
  }

  @Test func `nothing is defaulted: an input is given once, of its kind, or said to be missing`() {
    func field(_ inputs: [(id: String, value: RatingValue)]) -> String? {
      domainError { () throws(DomainError) in _ = try Given.card.rate(inputs) }?.field
    }
    #expect(field([(id: "revenue", value: .number(1))]) == "inputs")
    #expect(field(Given.inputs(.category("x"), .missing)) == "inputs[0].category")
    #expect(field(Given.inputs(.number(1), .number(1))) == "inputs[1].number")
    #expect(field(Given.inputs(.number(1), .category(""))) == "inputs[1].category")
    #expect(field(Given.inputs(.number(1), .missing) + [(id: "age", value: .missing)]) == "inputs[2].characteristic_id")
    #expect(
      field(Given.inputs(.number(1), .missing) + [(id: "revenue", value: .missing)]) == "inputs[2].characteristic_id")
  }

  @Test func `the digest changes with points and not with titles`() throws {
    let first = try StoredScorecard(Given.card, creator: Given.caller("li"), now: Given.now)
    var card = Given.card
    card.titleEN = "Another title"
    #expect(try StoredScorecard(card, creator: Given.caller("li"), now: Given.now).digest == first.digest)
    card.characteristics[0].bins[0].points -= 1
    #expect(try StoredScorecard(card, creator: Given.caller("li"), now: Given.now).digest != first.digest)
  }

  @Test(
    "SHA-256 gives the standard's answers",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, digest: String) { #expect(SHA256Digest.hex(text) == digest) }
}
