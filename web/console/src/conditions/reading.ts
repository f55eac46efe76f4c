/** From CEL to the tree, where the text is one that can be clicked together. */
import type { ConditionField, Group, Operator, Rule, Value } from './fields'
import { NotShown, tokensOf, type Token } from './tokens'

export type Reading = { group: Group } | { problem: NotShown }

/** The tree of a condition, or why it can only be shown as text. */
export function readCel(cel: string, fields: ConditionField[]): Reading {
  if (!cel.trim()) return { group: { combinator: 'and', rules: [] } }
  try {
    const found = new Reader(tokensOf(cel), fields).whole()
    return { group: asGroup(found) }
  } catch (error) {
    if (error instanceof NotShown) return { problem: error }
    throw error
  }
}

function asGroup(found: Group | Rule): Group {
  return 'rules' in found ? found : { combinator: 'and', rules: [found] }
}

type Operand =
  | { kind: 'field'; field: ConditionField }
  | { kind: 'value'; value: Exclude<Value, null>; type: 'text' | 'number' | 'bool' | 'instant' }
  | { kind: 'list'; values: (string | number)[] }

const COMPARED: Record<string, Operator> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}
const FLIPPED: Partial<Record<Operator, Operator>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' }
const NEGATED: Partial<Record<Operator, Operator>> = {
  in: 'notIn',
  has: 'lacks',
  present: 'absent',
}
const TYPES = { string: 'text', int: 'number', bool: 'bool', timestamp: 'instant', strings: 'text' }

class Reader {
  private at = 0
  private readonly tokens: Token[]
  private readonly fields: Map<string, ConditionField>

  constructor(tokens: Token[], fields: ConditionField[]) {
    this.tokens = tokens
    this.fields = new Map(fields.map((field) => [field.name, field]))
  }

  whole(): Group | Rule {
    const found = this.chain('or')
    if (this.at < this.tokens.length) throw this.stop('form')
    return found
  }

  private chain(combinator: 'and' | 'or'): Group | Rule {
    const sign = combinator === 'and' ? '&&' : '||'
    const one = () => (combinator === 'or' ? this.chain('and') : this.unary())
    const rules = [one()]
    while (this.took(sign)) rules.push(one())
    const [first] = rules
    return rules.length === 1 && first ? first : { combinator, rules }
  }

  private unary(): Group | Rule {
    if (!this.took('!')) return this.primary()
    const found = this.unary()
    if ('rules' in found) {
      return found.not ? { combinator: 'and', not: true, rules: [found] } : { ...found, not: true }
    }
    const operator = NEGATED[found.operator]
    if (operator) return { ...found, operator }
    return { combinator: 'and', not: true, rules: [found] }
  }

  private primary(): Group | Rule {
    if (!this.took('(')) return this.comparison()
    const found = this.chain('or')
    this.expect(')')
    return found
  }

  private comparison(): Rule {
    const token = this.tokens[this.at]
    if (token?.kind === 'name' && token.text === 'has') return this.presence()
    const left = this.operand()
    const call = this.call(left)
    if (call) return call
    const sign = this.tokens[this.at]
    if (sign?.kind === 'name' && sign.text === 'in') {
      this.at += 1
      return this.membership(left, this.operand())
    }
    const operator = sign?.kind === 'sign' ? COMPARED[sign.text] : undefined
    if (!operator) {
      // A field that is true or false stands for itself.
      if (left.kind === 'field' && left.field.type === 'bool') return ruleOf(left.field, 'eq', true)
      throw this.stop('form')
    }
    this.at += 1
    const right = this.operand()
    if (left.kind === 'field') return this.compared(left.field, operator, right)
    if (right.kind !== 'field') throw this.stop('form')
    return this.compared(right.field, FLIPPED[operator] ?? operator, left)
  }

  private compared(field: ConditionField, operator: Operator, other: Operand): Rule {
    if (other.kind !== 'value' || field.type === 'strings') throw this.stop('form')
    if (other.type !== TYPES[field.type]) throw new NotShown('type', field.name)
    const isOrder = operator !== 'eq' && operator !== 'ne'
    if (isOrder && field.type === 'string') throw this.stop('form')
    if (!isOrder && field.type === 'timestamp') throw this.stop('form')
    if (field.type === 'bool') {
      if (isOrder) throw this.stop('form')
      return ruleOf(field, 'eq', operator === 'eq' ? other.value : other.value === false)
    }
    return ruleOf(field, operator, other.value)
  }

  private membership(left: Operand, right: Operand): Rule {
    if (left.kind === 'field' && right.kind === 'list' && right.values.length) {
      const wanted = left.field.type === 'int' ? 'number' : 'string'
      const fits = left.field.type === 'int' || left.field.type === 'string'
      if (!fits || right.values.some((one) => typeof one !== wanted))
        throw new NotShown('type', left.field.name)
      return ruleOf(left.field, 'in', right.values)
    }
    if (left.kind === 'value' && right.kind === 'field' && right.field.type === 'strings') {
      if (left.type !== 'text') throw new NotShown('type', right.field.name)
      return ruleOf(right.field, 'has', left.value)
    }
    throw this.stop('form')
  }

  private presence(): Rule {
    this.at += 1
    this.expect('(')
    const found = this.operand()
    this.expect(')')
    if (found.kind !== 'field') throw this.stop('form')
    return ruleOf(found.field, 'present', null)
  }

  private call(left: Operand): Rule | null {
    const name = this.pendingCall
    this.pendingCall = null
    if (!name) return null
    this.expect('(')
    const value = this.operand()
    this.expect(')')
    const isText = value.kind === 'value' && value.type === 'text'
    if (left.kind !== 'field' || left.field.type !== 'string' || !isText) throw this.stop('form')
    return ruleOf(left.field, name, value.value)
  }

  private pendingCall: 'contains' | 'startsWith' | 'endsWith' | null = null

  private operand(): Operand {
    const token = this.tokens[this.at]
    if (!token) throw this.stop('unreadable')
    if (token.kind === 'text') {
      this.at += 1
      return { kind: 'value', value: token.text, type: 'text' }
    }
    if (token.kind === 'number') {
      this.at += 1
      return { kind: 'value', value: token.value, type: 'number' }
    }
    if (this.took('-')) {
      const number = this.tokens[this.at]
      if (number?.kind !== 'number') throw this.stop('form')
      this.at += 1
      return { kind: 'value', value: number.value === 0 ? 0 : -number.value, type: 'number' }
    }
    if (this.took('[')) return this.list()
    if (token.kind !== 'name') throw this.stop('unreadable')
    if (token.text === 'true' || token.text === 'false') {
      this.at += 1
      return { kind: 'value', value: token.text === 'true', type: 'bool' }
    }
    return token.text === 'timestamp' ? this.instant() : this.path()
  }

  private list(): Operand {
    const values: (string | number)[] = []
    while (!this.took(']')) {
      if (values.length) this.expect(',')
      const one = this.operand()
      if (one.kind !== 'value' || one.type === 'bool' || one.type === 'instant')
        throw this.stop('form')
      values.push(one.value as string | number)
    }
    return { kind: 'list', values }
  }

  private instant(): Operand {
    this.at += 1
    this.expect('(')
    const token = this.tokens[this.at]
    if (token?.kind !== 'text') throw this.stop('form')
    this.at += 1
    this.expect(')')
    return { kind: 'value', value: token.text, type: 'instant' }
  }

  private path(): Operand {
    const names: string[] = []
    do {
      const token = this.tokens[this.at]
      if (token?.kind !== 'name') throw this.stop('unreadable')
      names.push(token.text)
      this.at += 1
    } while (this.took('.'))
    const last = names[names.length - 1]
    const isCalled = this.sign() === '('
    if (isCalled && (last === 'contains' || last === 'startsWith' || last === 'endsWith')) {
      this.pendingCall = last
      names.pop()
    } else if (isCalled) throw new NotShown('form', `${names.join('.')}(`)
    const name = names.join('.')
    const field = this.fields.get(name)
    if (!field) throw new NotShown('field', name)
    return { kind: 'field', field }
  }

  private sign(): string | null {
    const token = this.tokens[this.at]
    return token?.kind === 'sign' ? token.text : null
  }

  private took(sign: string): boolean {
    if (this.sign() !== sign) return false
    this.at += 1
    return true
  }

  private expect(sign: string): void {
    if (!this.took(sign)) throw this.stop('unreadable')
  }

  private stop(why: NotShown['why']): NotShown {
    const token = this.tokens[Math.min(this.at, this.tokens.length - 1)]
    if (!token) return new NotShown(why, '')
    return new NotShown(why, token.kind === 'number' ? String(token.value) : token.text)
  }
}

function ruleOf(field: ConditionField, operator: Operator, value: Value): Rule {
  return { field: field.name, operator, value }
}
