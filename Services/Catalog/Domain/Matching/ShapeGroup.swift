/// The part of an eligibility tree that is not a plain conjunction, without its atoms: products that differ only in the
/// values of their atoms share one shape and are evaluated 64 at a time.
indirect enum Shape: Hashable, Sendable {
  /// Column of the atom, counted from the left.
  case atom(Int)
  case gate(required: Int, [Shape])

  /// Takes the atoms out of formulas, all of which must hold.
  static func extract(_ formulas: [Formula], atoms: inout [Atom]) -> Shape {
    .gate(required: formulas.count, formulas.map { extract($0, &atoms) })
  }

  private static func extract(_ formula: Formula, _ atoms: inout [Atom]) -> Shape {
    switch formula {
    case .atom(let atom):
      atoms.append(atom)
      return .atom(atoms.count - 1)
    case .gate(let required, let members):
      return .gate(required: required, members.map { extract($0, &atoms) })
    }
  }
}

/// Products of one shape: `words` words of the product area, and a column of as many words for each atom.
struct ShapeGroup: Sendable {
  /// First word of the group in the product area.
  let firstWord: Int
  let words: Int
  /// First word of column 0; column c begins at `firstColumnWord + c × words`.
  let firstColumnWord: Int
  private let program: [Instruction]
  private let depth: Int

  /// One step of a shape in postfix order, over words in which a set bit means "fails".
  private enum Instruction: Sendable {
    case load(column: Int)
    /// Fails where any of the top n fails.
    case all(Int)
    /// Fails where all of the top n fail.
    case any(Int)
    /// Fails where fewer than `required` of the top n hold.
    case quorum(required: Int, of: Int)
    case constant(fails: Bool)
  }

  init(_ shape: Shape, firstWord: Int, words: Int, firstColumnWord: Int) {
    self.firstWord = firstWord
    self.words = words
    self.firstColumnWord = firstColumnWord
    var program: [Instruction] = []
    depth = Self.compile(shape, into: &program)
    self.program = program
  }

  /// - Returns: how many words the stack needs.
  private static func compile(_ shape: Shape, into program: inout [Instruction]) -> Int {
    switch shape {
    case .atom(let column):
      program.append(.load(column: column))
      return 1
    case .gate(let required, let members):
      if required <= 0 || required > members.count {
        program.append(.constant(fails: required > 0))
        return 1
      }
      var depth = 0
      for (index, member) in members.enumerated() { depth = max(depth, index + compile(member, into: &program)) }
      if required == members.count {
        program.append(.all(members.count))
      } else if required == 1 {
        program.append(.any(members.count))
      } else {
        program.append(.quorum(required: required, of: members.count))
      }
      return depth
    }
  }

  /// Adds the group's failures to the product area of `fail`.
  func addFailures(to fail: UnsafeMutablePointer<UInt64>) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: depth) { stack in
      for word in 0..<words {
        // What already fails everywhere need not be looked into.
        if fail[firstWord + word] == .max { continue }
        fail[firstWord + word] |= evaluate(word, fail, stack)
      }
    }
  }

  private func evaluate(
    _ word: Int, _ fail: UnsafeMutablePointer<UInt64>, _ stack: UnsafeMutableBufferPointer<UInt64>
  ) -> UInt64 {
    var top = 0
    for instruction in program {
      switch instruction {
      case .load(let column):
        stack[top] = fail[firstColumnWord + column * words + word]
        top += 1
      case .constant(let fails):
        stack[top] = fails ? .max : 0
        top += 1
      case .all(let count):
        var result: UInt64 = 0
        for index in top - count..<top { result |= stack[index] }
        top -= count - 1
        stack[top - 1] = result
      case .any(let count):
        var result = UInt64.max
        for index in top - count..<top { result &= stack[index] }
        top -= count - 1
        stack[top - 1] = result
      case .quorum(let required, let count):
        let result = Self.tooFew(stack, from: top - count, count: count, required: required)
        top -= count - 1
        stack[top - 1] = result
      }
    }
    return stack[0]
  }

  /// Bit-sliced counting: 64 counters of 8 bits, one per bit position, count the members that hold; the result marks the
  /// positions whose counter stays below `required`. 8 bits hold every count a tree of 128 nodes can have.
  private static func tooFew(
    _ stack: UnsafeMutableBufferPointer<UInt64>, from first: Int, count: Int, required: Int
  ) -> UInt64 {
    var slices = SIMD8<UInt64>(repeating: 0)
    for index in first..<first + count {
      var carry = ~stack[index]
      for slice in 0..<8 {
        let sum = slices[slice] ^ carry
        carry &= slices[slice]
        slices[slice] = sum
        if carry == 0 { break }
      }
    }
    var less: UInt64 = 0
    var equal = UInt64.max
    for slice in stride(from: 7, through: 0, by: -1) {
      if required >> slice & 1 == 1 {
        less |= equal & ~slices[slice]
        equal &= slices[slice]
      } else {
        equal &= ~slices[slice]
      }
    }
    return less
  }
}
