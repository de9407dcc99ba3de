/// What an institution is. Raw values are the wire's and the store's.
package enum InstitutionKind: Int, Sendable, Codable, CaseIterable {
  case bank = 1
  case guarantor, reGuarantor, leasing, insurance, microLoan, factoring, fund, securities, futures, exchange
}

/// The kind of instrument (投、贷、保、担、融(租)). Raw values are those of `huirong.common.v1.Instrument`.
package enum Instrument: Int, Sendable, Codable, CaseIterable {
  case loan = 1
  case guarantee, lease, insurance, equity, bridgeLoan, factoring, bond
}

/// How a debt is secured (担保方式). Raw values are those of `huirong.common.v1.SecurityMode`.
package enum SecurityMode: Int, Sendable, Codable, CaseIterable {
  case credit = 1
  case guarantee, mortgage, pledge
}

/// Groups of customers a product is meant for; published fee caps refer to them.
package enum CustomerClass: Int, Sendable, Codable, CaseIterable {
  case smallMicro = 1
  case agriculture, soleTrader, farmer, medium, large, talent, publicBody
}

/// Where a product stands. Draft → submitted → reviewed → published ⇄ suspended, and any of them → withdrawn, which is
/// final. A published product stays published while its next version goes through review: `Review` tells of that.
package enum ProductState: Int, Sendable, Codable, CaseIterable {
  case draft = 1
  case published, suspended, withdrawn, submitted, reviewed
}

/// Where a version stands between its author and its publication.
package enum ReviewState: Int, Sendable, Codable, CaseIterable {
  case notSubmitted = 1
  case submitted, approved, rejected
}

/// How the principal is repaid.
package enum RepaymentMethod: Int, Sendable, Codable, CaseIterable {
  case bullet = 1
  case interestMonthly, interestQuarterly, equalInstalments, equalPrincipal, revolving

  package var key: String {
    switch self {
    case .bullet: "BULLET"
    case .interestMonthly: "INTEREST_MONTHLY"
    case .interestQuarterly: "INTEREST_QUARTERLY"
    case .equalInstalments: "EQUAL_INSTALMENTS"
    case .equalPrincipal: "EQUAL_PRINCIPAL"
    case .revolving: "REVOLVING"
    }
  }
}

/// Which versions of products are meant.
package enum EffectiveFilter: Int, Sendable, CaseIterable {
  case current = 1
  case future, all
}

extension InstitutionKind {
  /// The word used in filters.
  package var key: String {
    switch self {
    case .bank: "BANK"
    case .guarantor: "GUARANTOR"
    case .reGuarantor: "RE_GUARANTOR"
    case .leasing: "LEASING"
    case .insurance: "INSURANCE"
    case .microLoan: "MICRO_LOAN"
    case .factoring: "FACTORING"
    case .fund: "FUND"
    case .securities: "SECURITIES"
    case .futures: "FUTURES"
    case .exchange: "EXCHANGE"
    }
  }
}

extension Instrument {
  /// The word used in filters and reasons.
  package var key: String {
    switch self {
    case .loan: "LOAN"
    case .guarantee: "GUARANTEE"
    case .lease: "LEASE"
    case .insurance: "INSURANCE"
    case .equity: "EQUITY"
    case .bridgeLoan: "BRIDGE_LOAN"
    case .factoring: "FACTORING"
    case .bond: "BOND"
    }
  }
}

extension SecurityMode {
  package var key: String {
    switch self {
    case .credit: "CREDIT"
    case .guarantee: "GUARANTEE"
    case .mortgage: "MORTGAGE"
    case .pledge: "PLEDGE"
    }
  }
}

extension ProductState {
  /// The word used in filters and messages.
  package var key: String {
    switch self {
    case .draft: "DRAFT"
    case .published: "PUBLISHED"
    case .suspended: "SUSPENDED"
    case .withdrawn: "WITHDRAWN"
    case .submitted: "SUBMITTED"
    case .reviewed: "REVIEWED"
    }
  }
}

extension CustomerClass {
  package var key: String {
    switch self {
    case .smallMicro: "SMALL_MICRO"
    case .agriculture: "AGRICULTURE"
    case .soleTrader: "SOLE_TRADER"
    case .farmer: "FARMER"
    case .medium: "MEDIUM"
    case .large: "LARGE"
    case .talent: "TALENT"
    case .publicBody: "PUBLIC"
    }
  }
}
