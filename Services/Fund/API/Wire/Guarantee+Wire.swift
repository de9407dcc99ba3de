import FundDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_LiabilitySplit {
  init(_ split: LiabilitySplit, _ currency: Currency) {
    self.init()
    bank = .init(split.bank, currency)
    guarantor = .init(split.guarantor, currency)
    reguarantor = .init(split.reguarantor, currency)
    national = .init(split.national, currency)
    city = .init(split.city, currency)
  }
}

extension LiabilityShares {
  init(_ wire: Huirong_Fund_V1_LiabilityShares) throws(DomainError) {
    try self.init(
      bankPPM: wire.bankPpm, guarantorPPM: wire.guarantorPpm, reguarantorPPM: wire.reguarantorPpm,
      nationalPPM: wire.nationalPpm, cityPPM: wire.cityPpm)
  }
}

extension Huirong_Fund_V1_Facility: OutcomeMessage {
  init(_ view: FacilityView) {
    self.init()
    let facility = view.facility
    name = facility.name
    pool = "pools/\(facility.pool)"
    displayName = facility.displayName
    bank = facility.bank
    product = facility.product
    relendingScope = facility.relendingScope
    shares = .with {
      $0.bankPpm = facility.shares.bankPPM
      $0.guarantorPpm = facility.shares.guarantorPPM
      $0.reguarantorPpm = facility.shares.reguarantorPPM
      $0.nationalPpm = facility.shares.nationalPPM
      $0.cityPpm = facility.shares.cityPPM
    }
    feeRate = .init(facility.feeRate)
    reguaranteeFeeRate = .init(facility.reguaranteeFeeRate)
    if let cap = facility.explicitFeeCap { explicitFeeCap = .init(cap) }
    claimRateCap = .init(facility.claimRateCap)
    claimRateBasis = .init(code: facility.claimRateBasis)
    limit = .init(facility.limit, facility.currency)
    liabilityInForce = .init(view.inForce, facility.currency)
    liabilityReserved = .init(view.reserved, facility.currency)
    available = .init(view.available, facility.currency)
    breaker = .init(code: facility.breaker)
    if let rate = view.claimRate { claimRate = .init(rate) }
    citations = facility.citations.map { .init($0) }
    createTime = .init(facility.createTime)
    updateTime = .init(facility.updateTime)
    etag = "\(facility.revision)"
    contracting = .init(code: facility.contracting)
    sources = Sources.facility(facility)
    if let cap = facility.borrowerCap { borrowerCap = .init(cap, facility.currency) }
    affiliateWindowDays = Int32(facility.affiliateWindowDays)
    if let dayCount = facility.dayCount { self.dayCount = .init(code: dayCount) }
    if let dayCount = facility.reguaranteeDayCount { reguaranteeDayCount = .init(code: dayCount) }
  }
}

extension Huirong_Fund_V1_Claim {
  init(_ claim: Claim, _ currency: Currency) {
    self.init()
    principal = .init(claim.principal, currency)
    interest = .init(claim.interest, currency)
    borne = .init(claim.borne, currency)
    payout = .init(claim.borne.payout, currency)
    maker = claim.maker.description
    checker = claim.checker?.description ?? ""
    submittedOn = .init(claim.submittedOn)
    if let date = claim.paidOn { paidOn = .init(date) }
    evidence = claim.evidence.map { .init($0) }
    recovered = .init(claim.recovered, currency)
    returned = .init(claim.returned, currency)
  }
}

extension Huirong_Fund_V1_Guarantee: OutcomeMessage {
  init(_ guarantee: Guarantee) {
    self.init()
    let currency = guarantee.currency
    name = guarantee.name
    facility = "facilities/\(guarantee.facility)"
    pool = "pools/\(guarantee.pool)"
    state = .init(code: guarantee.state)
    journey = guarantee.journey
    borrower = guarantee.borrower
    lender = guarantee.lender
    principal = .init(guarantee.principal, currency)
    guaranteedAmount = .init(guarantee.guaranteedAmount, currency)
    fee = .init(guarantee.fee, currency)
    reguaranteeFee = .init(guarantee.reguaranteeFee, currency)
    feeRate = .init(guarantee.feeRate)
    householdTotal = .init(guarantee.householdTotal, currency)
    reservedOn = .init(guarantee.reservedOn)
    expiresOn = .init(guarantee.expiresOn)
    if let date = guarantee.inForceFrom { inForceFrom = .init(date) }
    maturesOn = .init(guarantee.maturesOn)
    if let date = guarantee.endedOn { endedOn = .init(date) }
    remark = guarantee.remark
    if let claim = guarantee.claim { self.claim = .init(claim, currency) }
    citations = guarantee.citations.map { .init($0) }
    transfers = guarantee.transfers
    createTime = .init(guarantee.createTime)
    updateTime = .init(guarantee.updateTime)
    etag = "\(guarantee.revision)"
    if let size = guarantee.borrowerSize { borrowerSize = .init(code: size) }
    agricultural = guarantee.isAgricultural
    purpose = guarantee.purpose
  }
}

extension Huirong_Fund_V1_RejectedClaim {
  init(_ rejected: RejectedClaim) {
    self.init()
    guarantee = "guarantees/\(rejected.guarantee)"
    claim = .init(rejected.claim, rejected.currency)
    reason = rejected.reason
    rejectedOn = .init(rejected.rejectedOn)
    createTime = .init(rejected.stamp.created)
  }
}
