/// Something about a firm or its need that could be otherwise.
package enum Variable: Hashable, Sendable {
  case ordered(OrderedAttribute)
  case choice(ChoiceAttribute)
  case code(CodeAttribute)
  case word(SetAttribute, String)

  package var key: String {
    switch self {
    case .ordered(let attribute): attribute.key
    case .choice(let attribute): attribute.key
    case .code(let attribute): attribute.key
    case .word(let attribute, let word): "\(attribute.key):\(word)"
    }
  }

  package var changeClass: ChangeClass {
    switch self {
    case .ordered(let attribute): attribute.changeClass
    case .choice(let attribute): attribute.changeClass
    case .code(let attribute): attribute.changeClass
    case .word(let attribute, _): attribute.changeClass
    }
  }

  /// Its value in a profile.
  package func value(in profile: Profile) -> Value {
    switch self {
    case .ordered(let attribute): .number(profile[attribute])
    case .choice(let attribute): .choices(profile[attribute])
    case .code(let attribute): .code(profile[attribute])
    case .word(let attribute, let word): .present(profile[attribute].contains(word))
    }
  }

  /// A value as people read it; `nil` when unknown.
  package func text(_ value: Value) -> String? {
    switch (self, value) {
    case (.ordered(let attribute), .number(let number)): number.map(attribute.text)
    case (.choice(let attribute), .choices(let mask)): mask == 0 ? nil : attribute.text(mask)
    case (_, .code(let code)): code
    case (_, .present(let present)): present ? "present" : "absent"
    default: nil
    }
  }

  package enum Value: Hashable, Sendable {
    case number(Int64?)
    case choices(UInt64)
    case code(String?)
    case present(Bool)
  }
}

extension Profile {
  /// The profile after a change.
  package mutating func apply(_ variable: Variable, _ value: Variable.Value) {
    switch (variable, value) {
    case (.ordered(let attribute), .number(let number)): self[attribute] = number
    case (.choice(let attribute), .choices(let mask)): self[attribute] = mask
    case (.code(let attribute), .code(let code)): self[attribute] = code
    case (.word(let attribute, let word), .present(let present)):
      if present { self[attribute].insert(word) } else { self[attribute].remove(word) }
    default: break
    }
  }
}
