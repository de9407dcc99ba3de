/// How pressing a need is.
package enum Urgency: String, Sendable, Hashable, CaseIterable {
  case normal, urgent
}

/// What is mortgaged or pledged.
package enum CollateralKind: String, Sendable, Hashable, CaseIterable {
  case realEstate = "real_estate"
  case equipment
  /// 土地经营权.
  case landManagementRight = "land_management_right"
  case receivables, inventory, patent, trademark, equity, other
}

/// The level of government that handles a demand; levels only ever rise (提级办理, 淄金稳办发〔2023〕11号 二(二)2, 二(三)).
package enum HandlingLevel: String, Sendable, Hashable, CaseIterable, Comparable {
  case town, county, city

  /// Longest region prefix of a regulator or grid worker that stands at this level or above.
  package var longestPrefix: Int {
    switch self {
    case .town: 12
    case .county: 6
    case .city: 4
    }
  }

  /// The next one up; `nil` from the city.
  package var above: HandlingLevel? {
    switch self {
    case .town: .county
    case .county: .city
    case .city: nil
    }
  }

  package static func < (left: HandlingLevel, right: HandlingLevel) -> Bool {
    left.longestPrefix > right.longestPrefix
  }
}

/// Where a member of a joint credit stands.
package enum JointState: String, Sendable, Hashable, CaseIterable {
  case invited, joined, left
}

/// What a deadline is for.
package enum ClockKind: String, Sendable, Hashable, CaseIterable {
  /// From the push to the claim.
  case accept
  /// From the claim to the first talk with the firm.
  case contact
  /// From the claim to an offer or a refusal.
  case decide
}

/// Why a demand was pushed to a receiver.
package enum PushReason: String, Sendable, Hashable, CaseIterable {
  case match
  /// 主办银行.
  case chainLead = "chain_lead"
  /// 轮值行.
  case dutyBank = "duty_bank"
  case regulator
}

/// Why two demands look like one need.
package enum Similarity: String, Sendable, Hashable, CaseIterable {
  /// The same firm, instrument, amount and tenor.
  case resubmission
  /// Another amount of the same instrument by the firm or its affiliates inside the anti-splitting window.
  case split
}
