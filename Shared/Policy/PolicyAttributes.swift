package import Kernel

/// What a rule may ask about the firm or the contract. Adding one takes a case here, a field in `PolicyAttributes` and
/// a row in `PolicyAttributes.fact(_:)`.
package enum PolicyAttribute: String, Sendable, Hashable, CaseIterable {
  case size
  case industry
  case agricultural
  case grade
  case borrowerKind = "borrower_kind"
  case loanKind = "loan_kind"
  case pledgeKind = "pledge_kind"
  case listingBoard = "listing_board"
  case relendingScope = "relending_scope"
  case guaranteeTotal = "guarantee_total"

  /// How a condition on the attribute is written in a pack.
  package enum Form: Sendable, Hashable {
    /// `true` or `false`.
    case flag
    /// One of these words, or a list of them.
    case choice([String])
    /// `grade_at_least: C`.
    case grade
    /// `{more_than: 5_000_000.00, at_most: …}` in CNY.
    case money
  }

  package var form: Form {
    switch self {
    case .size: .choice(SizeBand.allCases.map(\.rawValue))
    case .industry: .choice(IndustrySector.allCases.map(\.rawValue))
    case .borrowerKind: .choice(BorrowerKind.allCases.map(\.rawValue))
    case .loanKind: .choice(LoanKind.allCases.map(\.rawValue))
    case .pledgeKind: .choice(PledgeKind.allCases.map(\.rawValue))
    case .listingBoard: .choice(ListingBoard.allCases.map(\.rawValue))
    case .agricultural, .relendingScope: .flag
    case .grade: .grade
    case .guaranteeTotal: .money
    }
  }
}

/// The scale of a firm by 工信部联企业〔2011〕300号; `notAFirm` is a borrower that is none (a farmer, a sole trader).
package enum SizeBand: String, Sendable, Hashable, CaseIterable {
  case notAFirm = "not_a_firm"
  case micro, small, medium, large
}

/// The sixteen sectors of 工信部联企业〔2011〕300号, article 四 (一) to (十六).
package enum IndustrySector: String, Sendable, Hashable, CaseIterable {
  /// 农、林、牧、渔业
  case agriculture
  /// 工业
  case industry
  /// 建筑业
  case construction
  /// 批发业
  case wholesale
  /// 零售业
  case retail
  /// 交通运输业
  case transport
  /// 仓储业
  case warehousing
  /// 邮政业
  case post
  /// 住宿业
  case lodging
  /// 餐饮业
  case catering
  /// 信息传输业
  case telecommunications
  /// 软件和信息技术服务业
  case software
  /// 房地产开发经营
  case realEstate = "real_estate"
  /// 物业管理
  case propertyManagement = "property_management"
  /// 租赁和商务服务业
  case leasingAndBusinessServices = "leasing_and_business_services"
  /// 其他未列明行业
  case other
}

package enum BorrowerKind: String, Sendable, Hashable, CaseIterable {
  case company
  case legalRepresentative = "legal_representative"
  case soleTrader = "sole_trader"
  case farmer
  /// A member of a merchant alliance (信用商户联盟).
  case allianceMerchant = "alliance_merchant"
}

package enum LoanKind: String, Sendable, Hashable, CaseIterable {
  /// 信用贷款
  case credit
  /// 保证贷款
  case guaranteed
  /// 权利质押贷款
  case rightsPledge = "rights_pledge"
  /// 抵押贷款
  case mortgage
}

package enum PledgeKind: String, Sendable, Hashable, CaseIterable {
  /// 发明专利
  case patent
  /// 商标
  case trademark
}

package enum ListingBoard: String, Sendable, Hashable, CaseIterable {
  /// Shanghai, Shenzhen or Beijing stock exchange.
  case exchange
  /// 新三板
  case neeq
  /// 区域性股权市场
  case regional
}

/// What the caller knows about the firm or the contract. A fact that was not given is not assumed: when a rule depends
/// on it, the reading fails and names it.
package struct PolicyAttributes: Sendable, Hashable {
  package var size: SizeBand?
  package var industry: IndustrySector?
  /// A 三农 subject.
  package var agricultural: Bool?
  /// Grade on the city's platform.
  package var grade: Grade?
  package var borrowerKind: BorrowerKind?
  package var loanKind: LoanKind?
  package var pledgeKind: PledgeKind?
  package var listingBoard: ListingBoard?
  /// Whether the loan is inside the central bank's relending or rediscount scope.
  package var relendingScope: Bool?
  /// 单户担保金额: everything guaranteed for the borrower, the contract in question included.
  package var guaranteeTotal: Money?

  package init(
    size: SizeBand? = nil, industry: IndustrySector? = nil, agricultural: Bool? = nil, grade: Grade? = nil,
    borrowerKind: BorrowerKind? = nil, loanKind: LoanKind? = nil, pledgeKind: PledgeKind? = nil,
    listingBoard: ListingBoard? = nil, relendingScope: Bool? = nil, guaranteeTotal: Money? = nil
  ) {
    self.size = size
    self.industry = industry
    self.agricultural = agricultural
    self.grade = grade
    self.borrowerKind = borrowerKind
    self.loanKind = loanKind
    self.pledgeKind = pledgeKind
    self.listingBoard = listingBoard
    self.relendingScope = relendingScope
    self.guaranteeTotal = guaranteeTotal
  }

  enum Fact: Hashable, Sendable {
    case flag(Bool)
    case choice(String)
    case grade(Grade)
    case money(Money)
  }

  /// The attribute in the form conditions compare with; `nil` when it was not given.
  func fact(_ attribute: PolicyAttribute) -> Fact? {
    switch attribute {
    case .size: size.map { .choice($0.rawValue) }
    case .industry: industry.map { .choice($0.rawValue) }
    case .borrowerKind: borrowerKind.map { .choice($0.rawValue) }
    case .loanKind: loanKind.map { .choice($0.rawValue) }
    case .pledgeKind: pledgeKind.map { .choice($0.rawValue) }
    case .listingBoard: listingBoard.map { .choice($0.rawValue) }
    case .agricultural: agricultural.map { .flag($0) }
    case .relendingScope: relendingScope.map { .flag($0) }
    case .grade: grade.map { .grade($0) }
    case .guaranteeTotal: guaranteeTotal.map { .money($0) }
    }
  }
}

/// What a reading is about: where, which product, and what is known.
package struct PolicyScope: Sendable, Hashable {
  /// GB/T 2260 code of the firm or facility; a rule for `3706` holds for `370602`. Empty means nowhere in particular:
  /// only rules without a region hold.
  package var region: String
  /// Product the reading is about, e.g. `guarantee`, `bridge_loan`; `nil` when it is about no product.
  package var product: String?
  package var attributes: PolicyAttributes

  package init(region: String = "", product: String? = nil, attributes: PolicyAttributes = PolicyAttributes()) {
    self.region = region
    self.product = product
    self.attributes = attributes
  }
}
