extension PolicyVocabulary {
  static let targets: [PolicyParameter] = [
    .init("target.loan_deposit_ratio.floor", .rate, .atLeast, "Loans over deposits of the city's banks."),
    .init("target.sme_loan_growth.floor", .rate, .atLeast, "Growth of loans to small and medium firms in the year."),
    .init("target.first_half_share.floor", .rate, .atLeast, "Share of the year's task due in the first half."),
    .init("target.bank_loan_growth", .money, "Loan growth assigned to one bank; entered as data."),
    .init("target.new_inclusive_loans.floor", .money, .atLeast, "New inclusive small and micro loans in the year."),
    .init(
      "target.inclusive_growth_at_least_all_loans", .boolean,
      "Whether inclusive loans must grow at least as fast as all loans."),
    .init("target.first_loan_firms.floor", .integer, .atLeast, "First-loan firms (首贷户) in the year."),
    .init("target.platform_firms.floor", .integer, .atLeast, "Verified firms on the platform."),
    .init("target.platform_products.floor", .integer, .atLeast, "Products and services on the platform."),
    .init("target.platform_financing.floor", .money, .atLeast, "Financing through the platform."),
    .init("target.supermarket_products.floor", .integer, .atLeast, "Products in the supermarket with QR codes."),
    .init("target.matching_events.floor", .integer, .atLeast, "Matching events in the year."),
    .init("target.firms_advised.floor", .integer, .atLeast, "Firms advised in the year."),
    .init("target.guarantee_balance.floor", .money, .atLeast, "Guaranteed balance at year end."),
    .init("target.renewal_balance.floor", .money, .atLeast, "Balance of renewals without repayment at year end."),
    .init("target.incentive_funds.floor", .money, .atLeast, "Incentive funds won for inclusive loans."),
    .init("target.cross_border_financing.floor", .money, .atLeast, "Financing through the cross-border platform."),
    .init("target.cross_border_growth.floor", .rate, .atLeast, "Growth of that financing."),
    .init("target.tech_firms.floor", .integer, .atLeast, "Firms served by technology finance."),
    .init("target.tech_loans.floor", .money, .atLeast, "Loans won by technology finance."),
  ]

  static let classification: [PolicyParameter] = [
    .init("size.by_staff", .bands(axis: .integer, of: .text), "Size of a firm by its staff (X, 从业人员)."),
    .init("size.by_revenue", .bands(axis: .money, of: .text), "Size of a firm by its yearly revenue (Y, 营业收入)."),
    .init("size.by_assets", .bands(axis: .money, of: .text), "Size of a firm by its total assets (Z, 资产总额)."),
  ]

  static let reference: [PolicyParameter] = [
    .init("lpr.one_year", .rate, everyDay: true, "One-year loan prime rate in force on the day (一年期 LPR)."),
    .init("calendar.holidays", .dates, everyDay: true, "Mondays to Fridays of the year that are public holidays."),
    .init("calendar.working_weekends", .dates, everyDay: true, "Saturdays and Sundays of the year that are worked."),
  ]
}
