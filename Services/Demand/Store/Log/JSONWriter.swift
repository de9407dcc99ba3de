import DemandDomain
import Kernel
import Policy

/// Writes JSON as the log keeps it, straight into bytes: for what every entry has. Whoever writes an object writes its
/// members in the order of their keys.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func open() {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// A member's name; its value comes next.
  mutating func key(_ key: StaticString) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = true
  }

  /// Without a value the member is left out, here and below.
  mutating func member(_ key: StaticString, _ text: String?) {
    guard let text else { return }
    self.key(key)
    JSONValue.write(text, to: &bytes)
  }

  mutating func member(_ key: StaticString, _ integer: Int64?) {
    guard let integer else { return }
    self.key(key)
    bytes.append(contentsOf: String(integer).utf8)
  }

  mutating func member(_ key: StaticString, _ value: JSONValue) {
    if value == .null { return }
    self.key(key)
    value.write(to: &bytes)
  }

  /// JSON that is written already.
  mutating func member(_ key: StaticString, written: String) {
    self.key(key)
    bytes.append(contentsOf: written.utf8)
  }

  mutating func member(_ key: StaticString, _ amount: Money) {
    self.key(key)
    open()
    member("currency", amount.currency.code)
    member("minor", amount.minorUnits)
    close()
  }

  mutating func member(_ key: StaticString, _ profile: EnterpriseProfile) {
    self.key(key)
    open()
    member("consents", JSONValue.list(profile.consents.map(\.json)))
    self.key("first_loan")
    bytes.append(contentsOf: (profile.firstLoan ? "true" : "false").utf8)
    member("grade", profile.grade?.rawValue)
    member("industry", profile.industry.text)
    member("name", profile.displayName)
    member("region", profile.region.text)
    member("size", profile.sizeBand?.rawValue)
    member("tags", JSONValue.list(profile.tags.map(JSONValue.text)))
    close()
  }

  /// The demand without contact data, which the log must not keep, and without its judgement's rules, which their own
  /// event keeps. Its policy is the entry's.
  /// - Parameter handling: as it stands in the demand's row.
  mutating func member(_ key: StaticString, _ demand: Demand, handling: String) {
    self.key(key)
    open()
    member("amount", demand.amount)
    member("assessment", demand.assessment?.json(withRules: false) ?? .null)
    member("channel", demand.channel.rawValue)
    member("claim_time", demand.claim?.at.microseconds)
    member("claimed_by", demand.claim?.institution)
    member("close_out", demand.closeOut?.json ?? .null)
    member("contract", demand.contract?.json ?? .null)
    member("create_time", demand.createdAt.microseconds)
    member("declines", .filled(demand.declines.map(\.json)))
    member("disbursements", .filled(demand.disbursements.map(\.json)))
    member("end_reason", demand.endReason)
    member("enterprise", demand.enterprise)
    member("handling", written: handling)
    member("id", demand.id)
    member("instrument", demand.instrument.rawValue)
    member("offer", demand.offer?.json ?? .null)
    member("profile", demand.profile)
    member("purpose", demand.purpose)
    member("push_mode", demand.pushMode?.rawValue)
    member("reached", JSONValue.list(demand.reached.map(\.rawValue).sorted().map(JSONValue.text)))
    member("region", demand.region.text)
    member("revision", demand.revision)
    member("security_mode", demand.securityMode.rawValue)
    member("state", demand.state.rawValue)
    member("submitted_by", demand.submittedBy)
    member("targets", .filled(demand.targets.map(\.json)))
    member("tenor_months", demand.tenorMonths)
    member("update_time", demand.updatedAt.microseconds)
    member("valid_until", demand.validUntil?.description)
    member("wanted_date", demand.wantedDate?.description)
    close()
  }
}
