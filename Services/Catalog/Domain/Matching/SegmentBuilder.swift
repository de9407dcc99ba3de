/// Compiles offers into the parts of a segment. Bits 0 ..< 64 × productWords stand for offers (group by group, each
/// beginning at a word), the bits after them for atoms inside shapes.
struct SegmentBuilder {
  private(set) var positions: [Int: Int] = [:]
  private(set) var groups: [ShapeGroup] = []
  private(set) var productWords = 0
  private(set) var totalWords = 0
  private var low: [[(key: Int64, bit: UInt32)]]
  private var high: [[(key: Int64, bit: UInt32)]]
  private var choices: [[(mask: UInt64, bit: UInt32)]]
  private var codes: [[WordIndex<CodeKey>.Entry]]
  private var sets: [[WordIndex<String>.Entry]]
  /// Bits of products that can never be eligible.
  private(set) var neverBits: [UInt32] = []

  /// One offer reduced to what must hold plainly and what is left.
  private struct Reduced {
    var offer: Int
    var atoms: [Atom]
    var shape: Shape?
    var columns: [Atom]
  }

  init(_ offers: [Offer]) {
    low = Array(repeating: [], count: OrderedAttribute.allCases.count)
    high = low
    choices = Array(repeating: [], count: ChoiceAttribute.allCases.count)
    codes = Array(repeating: [], count: CodeAttribute.allCases.count)
    sets = Array(repeating: [], count: SetAttribute.allCases.count)
    let reduced = offers.indices.map { Self.reduce(offers[$0], $0) }
    lay(reduced)
    totalWords = max(totalWords, 1)
  }

  private static func reduce(_ offer: Offer, _ index: Int) -> Reduced {
    var members = offer.implied.map { Formula(.condition($0.condition)) }
    if let eligibility = offer.terms.eligibility { members.append(Formula(eligibility)) }
    let (atoms, rest) = Formula.gate(required: members.count, members).split()
    var merged = AtomMerge(atoms)
    merged.rest.append(contentsOf: rest)
    var columns: [Atom] = []
    let shape = merged.rest.isEmpty ? nil : Shape.extract(merged.rest, atoms: &columns)
    return Reduced(offer: index, atoms: merged.atoms, shape: shape, columns: columns)
  }

  /// Gives every offer its bit and every column its words: plain offers first, then one group per shape in the order of
  /// first appearance, so that the layout depends on the offers alone.
  private mutating func lay(_ reduced: [Reduced]) {
    var order: [Shape] = []
    var members: [Shape: [Int]] = [:]
    var plain: [Int] = []
    for (index, entry) in reduced.enumerated() {
      guard let shape = entry.shape else {
        plain.append(index)
        continue
      }
      if members[shape] == nil { order.append(shape) }
      members[shape, default: []].append(index)
    }
    place(plain, reduced)
    var pending: [(shape: Shape, first: Int, members: [Int])] = []
    for shape in order {
      let list = members[shape] ?? []
      pending.append((shape, productWords, list))
      place(list, reduced)
    }
    totalWords = productWords
    for group in pending { layColumns(group.shape, group.first, group.members, reduced) }
  }

  private mutating func place(_ members: [Int], _ reduced: [Reduced]) {
    for (offset, index) in members.enumerated() {
      let bit = productWords * 64 + offset
      positions[reduced[index].offer] = bit
      for atom in reduced[index].atoms { add(atom, UInt32(bit)) }
    }
    productWords += (members.count + 63) / 64
  }

  private mutating func layColumns(_ shape: Shape, _ first: Int, _ members: [Int], _ reduced: [Reduced]) {
    let words = (members.count + 63) / 64
    groups.append(ShapeGroup(shape, firstWord: first, words: words, firstColumnWord: totalWords))
    for (offset, index) in members.enumerated() {
      for (column, atom) in reduced[index].columns.enumerated() {
        add(atom, UInt32((totalWords + column * words) * 64 + offset))
      }
    }
    totalWords += words * (reduced[members[0]].columns.count)
  }

  private mutating func add(_ atom: Atom, _ bit: UInt32) {
    switch atom {
    case .low(let attribute, let bound): low[attribute.rawValue].append((~bound, bit))
    case .high(let attribute, let bound): high[attribute.rawValue].append((bound, bit))
    case .choice(let attribute, let mask):
      if mask == 0 { neverBits.append(bit) } else { choices[attribute.rawValue].append((mask, bit)) }
    case .code(let attribute, let prefixes, let holds):
      codes[attribute.rawValue].append((prefixes.map { CodeKey($0) }, holds, bit))
    case .words(let attribute, let words, let holds): sets[attribute.rawValue].append((words, holds, bit))
    }
  }

  // A low bound fails queries below it: ~ reverses the order of Int64 without overflow, so one structure serves both.
  func lowIndexes() -> [ThresholdIndex?] { low.map { $0.isEmpty ? nil : ThresholdIndex($0, words: totalWords) } }
  func highIndexes() -> [ThresholdIndex?] { high.map { $0.isEmpty ? nil : ThresholdIndex($0, words: totalWords) } }
  func choiceIndexes() -> [ChoiceIndex?] {
    choices.map { $0.isEmpty ? nil : ChoiceIndex($0, words: totalWords) }
  }
  func codeIndexes() -> [WordIndex<CodeKey>?] { codes.map { $0.isEmpty ? nil : WordIndex($0, words: totalWords) } }
  func setIndexes() -> [WordIndex<String>?] { sets.map { $0.isEmpty ? nil : WordIndex($0, words: totalWords) } }
}

/// Makes the atoms of one conjunction fit one bit each per index: sets of values and lists of prefixes on the same attribute
/// are intersected; a second list of words has no such form and goes back to be evaluated as a column.
private struct AtomMerge {
  var atoms: [Atom] = []
  var rest: [Formula] = []

  init(_ all: [Atom]) {
    var choices: [ChoiceAttribute: UInt64] = [:]
    var prefixes: [CodeAttribute: [String]] = [:]
    var words: Set<SetAttribute> = []
    for atom in all {
      switch atom {
      case .low, .high: atoms.append(atom)
      case .choice(let attribute, let mask):
        choices[attribute] = (choices[attribute] ?? .max) & mask
      case .code(let attribute, let list, holds: true):
        prefixes[attribute] = prefixes[attribute].map { Self.intersect($0, list) } ?? list
      case .code: atoms.append(atom)
      case .words(let attribute, _, let holds):
        if !holds || words.insert(attribute).inserted {
          atoms.append(atom)
        } else {
          rest.append(.gate(required: 1, [.atom(atom)]))
        }
      }
    }
    for attribute in ChoiceAttribute.allCases {
      if let mask = choices[attribute] { atoms.append(.choice(attribute, mask)) }
    }
    for attribute in CodeAttribute.allCases {
      if let list = prefixes[attribute] { atoms.append(.code(attribute, list, holds: true)) }
    }
  }

  /// A code within both lists begins with the longer of two prefixes of which one begins with the other.
  private static func intersect(_ left: [String], _ right: [String]) -> [String] {
    var result: [String] = []
    for a in left {
      for b in right {
        if a.hasPrefix(b) { result.append(a) } else if b.hasPrefix(a) { result.append(b) }
      }
    }
    return result
  }
}
