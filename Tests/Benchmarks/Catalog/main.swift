import CatalogDomain
import Foundation
import Kernel

// huirong-catalog-bench WHAT PRODUCTS: one line of JSON.
//   match   matches of one firm with the ranked top 20, compiled
//   naive   the same eligibility by walking every product's tree
//   search  pages of 20 with facets, by words and filters in turn
//   rules   the products' rules, firms and who fits what, for other engines

let level = ReferenceLevel(oneYearPPM: 30_000, fiveYearPPM: 35_000)
let arguments = CommandLine.arguments
guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
  FileHandle.standardError.write(Data("usage: huirong-catalog-bench match|naive|search|rules PRODUCTS\n".utf8))
  exit(64)
}
var source = BenchCatalog()
let rules = source.rules(count)
let firms = source.firms(200)
let offers = rules.map(BenchCatalog.offer)
let profiles = firms.map(BenchCatalog.profile)

/// Runs `body` over and over for some seconds; latencies in microseconds.
func measure(seconds: Int, _ body: (Int) -> Void) -> [String: Any] {
  let clock = ContinuousClock()
  for index in 0..<min(200, profiles.count) { body(index) }
  var nanoseconds: [Int64] = []
  let start = clock.now
  while clock.now - start < .seconds(seconds) {
    let before = clock.now
    body(nanoseconds.count)
    nanoseconds.append((clock.now - before).components.attoseconds / 1_000_000_000)
  }
  let elapsed = clock.now - start
  let total = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
  nanoseconds.sort()
  func quantile(_ share: Double) -> Double {
    Double(nanoseconds[min(nanoseconds.count - 1, Int(Double(nanoseconds.count) * share))]) / 1000
  }
  return [
    "rate": Double(nanoseconds.count) / total, "calls": nanoseconds.count, "p50_us": quantile(0.5),
    "p99_us": quantile(0.99), "max_us": Double(nanoseconds[nanoseconds.count - 1]) / 1000,
  ]
}

func print(json: [String: Any]) throws {
  FileHandle.standardOutput.write(try JSONSerialization.data(withJSONObject: json, options: [.sortedKeys]))
  FileHandle.standardOutput.write(Data("\n".utf8))
}

/// The compiled answer is the naive one, or the bench has failed.
func check(_ index: CatalogIndex) {
  for profile in profiles.prefix(20) {
    let expected = offers.filter { NaiveEvaluator.isEligible($0, profile) }.map(\.id)
    guard index.eligibleIDs(profile) == expected else {
      FileHandle.standardError.write(Data("the compiled matcher and the naive one differ\n".utf8))
      exit(1)
    }
  }
}

switch arguments[1] {
case "match":
  let index = CatalogIndex(offers)
  check(index)
  var found = 0
  var result = measure(seconds: 2) { number in
    found += index.match(profiles[number % profiles.count], limit: 20, level: level).eligible
  }
  result["eligible"] = found
  try print(json: result)
case "naive":
  var found = 0
  var result = measure(seconds: 2) { number in
    let profile = profiles[number % profiles.count]
    found += offers.count { NaiveEvaluator.isEligible($0, profile) }
  }
  result["eligible"] = found
  try print(json: result)
case "search":
  let index = SearchIndex(offers)
  let words = ["首贷", "惠农", "loan", "产品 loan", "", "银行"]
  var found = 0
  var result = measure(seconds: 3) { number in
    var question = SearchQuestion(asOf: BenchCatalog.today)
    question.query = words[number % words.count]
    question.order = SearchOrder(rawValue: number % 5 + 1)
    if number % 3 == 0 { question.region = "370302" }
    if number % 4 == 0 { question.filters = [.institution: ["institutions/bank-1", "institutions/bank-2"]] }
    found += index.search(question, limit: 20, after: nil, withFacets: true, level: level).total
  }
  result["found"] = found
  try print(json: result)
case "rules":
  let index = CatalogIndex(offers)
  check(index)
  try print(json: [
    "products": rules.map { rule -> [String: Any] in
      var entry: [String: Any] = [
        "id": rule.id, "regions": rule.regions, "industries": rule.industries, "sizes": rule.sizes,
        "amount_min": rule.amount.lowerBound, "amount_max": rule.amount.upperBound, "days_max": rule.longestDays,
        "months_min": rule.months, "revenue_min": rule.revenue,
      ]
      if let first = rule.firstLoan { entry["first_loan"] = first }
      return entry
    },
    "firms": zip(firms, profiles).map { firm, profile -> [String: Any] in
      [
        "region": firm.region, "industry": firm.industry, "size": firm.size, "amount": firm.amount,
        "days": profile[.tenorDays] ?? 0, "months": firm.months, "revenue": firm.revenue, "first_loan": firm.firstLoan,
      ]
    },
    "eligible": profiles.map { index.eligibleIDs($0) },
  ])
default:
  FileHandle.standardError.write(Data("no measurement is called \(arguments[1])\n".utf8))
  exit(64)
}
