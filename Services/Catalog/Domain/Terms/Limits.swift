/// The limits on what one catalog entry may hold. They bound memory, index size and the search for a smallest change.
package enum CatalogLimits {
  /// Registered names of institutions and titles of products; the longest registered names run to about 60 characters.
  package static let titleCharacters = 128
  /// A few sentences.
  package static let summaryCharacters = 2_000
  /// Notes, quotes and reasons: a clause or two.
  package static let noteCharacters = 500
  package static let features = 64
  /// Published fee schedules of one product run to about 100 entries.
  package static let fees = 128
  package static let discounts = 16
  package static let tiers = 16
  /// Conditions and rate notes that a source states in words.
  package static let notes = 256
  package static let branches = 500
  package static let collateralKinds = 32
  package static let uriBytes = 500
  package static let documents = 64
  package static let sources = 16
  package static let bundle = 16
  package static let serviceRegions = 64
  /// Members of one list condition.
  package static let conditionValues = 64
  /// Levels of an eligibility tree: deep enough for any published rule, shallow enough for recursion without care.
  package static let predicateDepth = 8
  /// Nodes of an eligibility tree.
  package static let predicateNodes = 128
  /// 50 years in months; the longest public loans run to 30.
  package static let tenorMonths = 600
  package static let tenorDays = 18_250
  /// No yearly rate above 100 % and no spread beyond it is a loan; it is a slip of units.
  package static let ratePPM: Int64 = 1_000_000
  package static let importRows = 1_000
  package static let referenceRates = 1_000
  /// Strings in one of a firm's lists.
  package static let profileStrings = 256
}
