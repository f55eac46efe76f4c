/** From the tree that people click together to CEL. */
import { isComplete, isGroup, type ConditionField, type Group, type Rule } from './fields'

const SIGNS: Partial<Record<Rule['operator'], string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
}

/** The condition as CEL; what is not filled in yet is left out, and nothing at all gives ''. */
export function writeCel(group: Group, fields: ConditionField[]): string {
  const known = new Map(fields.map((field) => [field.name, field]))
  return write(group, known)?.text ?? ''
}

interface Written {
  text: string
  /** Whether it can stand beside others as it is. */
  isWhole: boolean
}

function write(group: Group, known: Map<string, ConditionField>): Written | null {
  const parts = group.rules
    .map((one) => (isGroup(one) ? write(one, known) : writeRule(one, known.get(one.field))))
    .filter((one) => one !== null)
  const [first] = parts
  if (!first) return null
  if (parts.length === 1) {
    if (!group.not) return first
    return { text: `!(${first.text})`, isWhole: true }
  }
  const sign = group.combinator === 'and' ? ' && ' : ' || '
  const text = parts.map((one) => (one.isWhole ? one.text : `(${one.text})`)).join(sign)
  return group.not ? { text: `!(${text})`, isWhole: true } : { text, isWhole: false }
}

function writeRule(rule: Rule, field: ConditionField | undefined): Written | null {
  if (!field || !isComplete(rule, field)) return null
  return { text: textOf(rule, field), isWhole: true }
}

function textOf(rule: Rule, field: ConditionField): string {
  const { field: name, operator, value } = rule
  switch (operator) {
    case 'present':
      return `has(${name})`
    case 'absent':
      return `!has(${name})`
    case 'has':
      return `${literal(value, field)} in ${name}`
    case 'lacks':
      return `!(${literal(value, field)} in ${name})`
    case 'in':
      return `${name} in ${literal(value, field)}`
    case 'notIn':
      return `!(${name} in ${literal(value, field)})`
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return `${name}.${operator}(${literal(value, field)})`
    default:
      return `${name} ${SIGNS[operator] ?? '=='} ${literal(value, field)}`
  }
}

function literal(value: Rule['value'], field: ConditionField): string {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, field)).join(', ')}]`
  if (typeof value === 'string') {
    return field.type === 'timestamp' ? `timestamp(${quoted(value)})` : quoted(value)
  }
  return String(value)
}

/** JSON's escapes are CEL's too. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
