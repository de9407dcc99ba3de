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

/// Where a product stands. Draft → published ⇄ suspended, and any of them → withdrawn, which is final.
package enum ProductState: Int, Sendable, Codable, CaseIterable {
  case draft = 1
  case published, suspended, withdrawn
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
    }
  }
}
