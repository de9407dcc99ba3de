import CatalogDomain
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

/// The suite's CSV template: one product a line. Plain properties have columns that people edit; what is nested has one column
/// of protobuf JSON. Reading what was written gives the same product.
package enum ProductCSV {
  /// One column: how it is written, and how it is read into a product.
  struct Column: Sendable {
    let name: String
    let write: @Sendable (Huirong_Catalog_V1_Product) throws -> String
    let read: @Sendable (String, inout Huirong_Catalog_V1_Product) throws(DomainError) -> Void
  }

  package static let header = ["product_id"] + columns.map(\.name)

  package static func headerLine() -> String { CSVText.line(header) }

  package static func line(_ product: Huirong_Catalog_V1_Product) throws -> String {
    let id = String(product.name.drop { $0 != "/" }.dropFirst())
    return CSVText.line([id] + (try columns.map { try $0.write(product) }))
  }

  static let columns: [Column] =
    [
      .text("institution", \.institution), .word("instrument", \.instrument, EnumWords(\Instrument.key)),
      .text("title_zh", \.title.zh), .text("title_en", \.title.en),
    ] + amountColumns + tenorColumns + rateColumns + [
      .words("security_modes", \.securityModes, EnumWords(\SecurityMode.key)),
      .words("repayment_methods", \.repaymentMethods, EnumWords(\RepaymentMethod.key)),
      .words("customer_classes", \.customerClasses, EnumWords(\CustomerClass.key)),
      .list("service_regions", \.serviceRegions),
      .list("collateral_kinds", \.collateralKinds), .list("programmes", \.programmes), .list("bundle", \.bundle),
      .date("effective_from", \.effectiveFrom, has: \.hasEffectiveFrom),
      .date("effective_to", \.effectiveTo, has: \.hasEffectiveTo), .text("predecessor", \.predecessor),
      .text("page_uri", \.pageUri),
      .json("summary", isEmpty: { !$0.hasSummary }, { $0.summary = $1.summary }),
      .json("marketing", isEmpty: { !$0.hasMarketing }, { $0.marketing = $1.marketing }),
      .json("process", isEmpty: { !$0.hasProcess }, { $0.process = $1.process }),
      .json("fees", isEmpty: { $0.fees.isEmpty }, { $0.fees = $1.fees }),
      .json("eligibility", isEmpty: { !$0.hasEligibility }, { $0.eligibility = $1.eligibility }),
      .json("documents", isEmpty: { $0.documents.isEmpty }, { $0.documents = $1.documents }),
      .json("features", isEmpty: { $0.features.isEmpty }, { $0.features = $1.features }),
      .json("sources", isEmpty: { $0.sources.isEmpty }, { $0.sources = $1.sources }),
      .json(
        "conditions_in_words", isEmpty: { $0.conditionsInWords.isEmpty },
        { $0.conditionsInWords = $1.conditionsInWords }),
    ]

  private static let amountColumns: [Column] = [
    .money("amount_min", \.amount.min, has: { $0.hasAmount && $0.amount.hasMin }),
    .flag("amount_min_excluded", \.amount.minExclusive),
    .money("amount_max", \.amount.max, has: { $0.hasAmount && $0.amount.hasMax }),
    .flag("amount_max_excluded", \.amount.maxExclusive),
  ]

  private static let tenorColumns: [Column] = [
    .tenor("tenor_min", \.tenor.min, has: { $0.hasTenor && $0.tenor.hasMin }),
    .tenor("tenor_max", \.tenor.max, has: { $0.hasTenor && $0.tenor.hasMax }),
  ]

  private static let rateColumns: [Column] = [
    .word("rate_basis", \.rate.basis, EnumWords(\RateBasis.key)),
    .rate("rate_lowest_ppm", \.rate.lowest, has: { $0.hasRate && $0.rate.hasLowest }),
    .rate("rate_highest_ppm", \.rate.highest, has: { $0.hasRate && $0.rate.hasHighest }),
    // Tiers, day count and notes; the three columns before stand in this message too, empty.
    Column(
      name: "rate_more",
      write: { product in
        var more = product.rate
        more.basis = .unspecified
        more.clearLowest()
        more.clearHighest()
        return more == .init() ? "" : try ProductJSON.text(more)
      },
      read: { (cell, product) throws(DomainError) in
        let more: Huirong_Catalog_V1_InterestRate = try ProductJSON.read(cell, "rate_more")
        product.rate.tierMethod = more.tierMethod
        product.rate.tiers = more.tiers
        product.rate.dayCount = more.dayCount
        product.rate.notes = more.notes
      }),
  ]
}
