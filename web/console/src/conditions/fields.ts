/** What a condition may look at, and what can be asked of each kind of field. */

export type FieldType = 'string' | 'int' | 'bool' | 'timestamp' | 'strings'

export interface ConditionField {
  /** As CEL names it: `member.tier`, `order.total`. */
  name: string
  label: string
  /** `strings`: a list of texts. */
  type: FieldType
  /** All that it can be, where there are few. */
  values?: { value: string; label: string }[]
  /** Whether it may be absent, so that one may ask for that. */
  isOptional?: boolean
}

export const OPERATORS = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'has',
  'lacks',
  'present',
  'absent',
] as const

export type Operator = (typeof OPERATORS)[number]

/** A comparison of one field. Lists for `in` and `notIn`, nothing for `present` and `absent`. */
export interface Rule {
  id?: string | undefined
  field: string
  operator: Operator
  value: Value
}

export interface Group {
  id?: string | undefined
  combinator: 'and' | 'or'
  not?: boolean | undefined
  rules: (Group | Rule)[]
}

export type Value = string | number | boolean | null | (string | number)[]

const BY_TYPE: Record<FieldType, Operator[]> = {
  string: ['eq', 'ne', 'in', 'notIn', 'contains', 'startsWith', 'endsWith'],
  int: ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'notIn'],
  bool: ['eq'],
  timestamp: ['ge', 'lt', 'gt', 'le'],
  strings: ['has', 'lacks'],
}

/** What can be asked of this field. */
export function operatorsOf(field: ConditionField): Operator[] {
  const few: Operator[] = ['eq', 'ne', 'in', 'notIn']
  const known = field.values && field.type === 'string' ? few : BY_TYPE[field.type]
  return field.isOptional ? [...known, 'present', 'absent'] : known
}

export function isGroup(one: Group | Rule): one is Group {
  return 'rules' in one
}

/** What a new comparison of this field begins with. */
export function firstValue(field: ConditionField, operator: Operator): Value {
  if (operator === 'in' || operator === 'notIn') return []
  if (operator === 'present' || operator === 'absent') return null
  if (field.type === 'bool') return true
  if (field.type === 'int' || field.type === 'timestamp') return null
  return field.values?.[0]?.value ?? ''
}

/** Whether enough is filled in for the comparison to be written. */
export function isComplete(rule: Rule, field: ConditionField | undefined): boolean {
  if (!field) return false
  if (rule.operator === 'present' || rule.operator === 'absent') return true
  if (Array.isArray(rule.value)) return rule.value.length > 0
  return rule.value !== null
}
