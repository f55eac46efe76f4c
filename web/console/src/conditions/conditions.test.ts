import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isGroup, operatorsOf, type ConditionField, type Group, type Rule } from './fields'
import { readCel } from './reading'
import { writeCel } from './writing'

const FIELDS: ConditionField[] = [
  { name: 'member.tier', label: 'Tier', type: 'string' },
  { name: 'member.purchases', label: 'Purchases', type: 'int' },
  { name: 'member.enrolled_at', label: 'Enrolled', type: 'timestamp' },
  { name: 'member.attributes.staff', label: 'Staff', type: 'bool', isOptional: true },
  { name: 'member.attributes.city', label: 'City', type: 'string', isOptional: true },
  { name: 'order.payment_methods', label: 'Paid by', type: 'strings' },
]

function valueFor(field: ConditionField, operator: Rule['operator']): fc.Arbitrary<Rule['value']> {
  if (operator === 'present' || operator === 'absent') return fc.constant(null)
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  const whole = fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value))
  const many = operator === 'in' || operator === 'notIn'
  if (field.type === 'int') return many ? fc.array(whole, { minLength: 1, maxLength: 3 }) : whole
  if (field.type === 'bool') return fc.boolean()
  if (field.type === 'timestamp')
    return fc.constantFrom('2026-01-01T00:00:00Z', '2025-05-05T08:00:00+08:00')
  return many ? fc.array(text, { minLength: 1, maxLength: 3 }) : text
}

const rule: fc.Arbitrary<Rule> = fc
  .constantFrom(...FIELDS)
  .chain((field) =>
    fc
      .constantFrom(...operatorsOf(field))
      .chain((operator) =>
        valueFor(field, operator).map((value) => ({ field: field.name, operator, value })),
      ),
  )

/** Trees as reading gives them: groups within have two parts at least. */
const { group } = fc.letrec<{ group: Group; part: Group | Rule }>((tie) => ({
  part: fc.oneof({ maxDepth: 3, depthSize: 'small' }, rule, tie('group')),
  group: fc.record({
    combinator: fc.constantFrom('and' as const, 'or' as const),
    not: fc.constantFrom(undefined, true),
    rules: fc.array(tie('part'), { minLength: 2, maxLength: 4 }),
  }),
}))

describe('a condition', () => {
  test('comes back as the tree that it was written from', () => {
    fc.assert(
      fc.property(group, (tree) => {
        const found = readCel(writeCel(tree, FIELDS), FIELDS)
        expect('group' in found && plain(found.group)).toEqual(plain(tree))
      }),
      { numRuns: 500 },
    )
  })

  test('is written alike once it was read', () => {
    fc.assert(
      fc.property(group, (tree) => {
        const once = writeCel(tree, FIELDS)
        const found = readCel(once, FIELDS)
        expect('group' in found && writeCel(found.group, FIELDS)).toBe(once)
      }),
    )
  })

  test('that is any text never breaks the page', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const found = readCel(text, FIELDS)
        expect('group' in found || found.problem.why).toBeTruthy()
      }),
    )
  })

  test.each([
    ['member.tier == "gold"', 'member.tier == "gold"'],
    ["'gold' == member.tier", 'member.tier == "gold"'],
    ['5 < member.purchases', 'member.purchases > 5'],
    ['member.purchases >= -3', 'member.purchases >= -3'],
    ['member.attributes.staff', 'member.attributes.staff == true'],
    ['!member.attributes.staff', '!(member.attributes.staff == true)'],
    ['member.attributes.staff != true', 'member.attributes.staff == false'],
    ['!has(member.attributes.city)', '!has(member.attributes.city)'],
    ['!(member.tier in ["gold", "black"])', '!(member.tier in ["gold", "black"])'],
    ['"cash" in order.payment_methods', '"cash" in order.payment_methods'],
    ['member.tier.startsWith("go")', 'member.tier.startsWith("go")'],
    [
      'member.tier == "gold" || member.purchases > 5 && has(member.attributes.city)',
      'member.tier == "gold" || (member.purchases > 5 && has(member.attributes.city))',
    ],
    ['((member.tier == "gold"))', 'member.tier == "gold"'],
    ['member.enrolled_at < timestamp("2026-01-01T00:00:00Z")', null],
    [String.raw`member.tier == 'it\'s 金\u5361\n'`, String.raw`member.tier == "it's 金卡\n"`],
    ['', ''],
  ])('written as %j is shown, and written as we write', (cel, ours) => {
    const found = readCel(cel, FIELDS)
    if (!('group' in found)) throw found.problem
    expect(writeCel(found.group, FIELDS)).toBe(ours ?? cel)
  })

  test.each([
    ['member.secret == 1', 'field', 'member.secret'],
    ['member.tier == 5', 'type', 'member.tier'],
    ['member.tier < "gold"', 'form', '"'],
    ['member.purchases + 1 > 5', 'form', '+'],
    ['member.purchases > 1.5', 'unreadable', '1.5'],
    ['member.tier.matches("g.*")', 'form', 'member.tier.matches('],
    ['member.enrolled_at.getFullYear() == 2026', 'form', 'member.enrolled_at.getFullYear('],
    ['member.tier ==', 'unreadable', '=='],
    ['member.tier == "gold', 'unreadable', '"gold'],
    ['member.tier == "a" ? true : false', 'form', '?'],
    ['member.tier == "a" && (', 'unreadable', '('],
    ['member.purchases in [1, "2"]', 'type', 'member.purchases'],
    ['member.purchases > 99999999999999999999', 'form', '99999999999999999999'],
    ['member.tier == r"x"', 'form', 'r"x"'],
    ['order.lines.exists(l, l.amount > 1)', 'form', 'order.lines.exists('],
  ])('written as %j stays text, and says why', (cel, why, part) => {
    const found = readCel(cel, FIELDS)
    if (!('problem' in found)) throw new Error('is shown')
    expect(found.problem.why).toBe(why)
    expect(part === '"' || found.problem.part === part).toBe(true)
  })

  test('that is not filled in yet is left out', () => {
    const tree: Group = {
      combinator: 'and',
      rules: [
        { field: 'member.purchases', operator: 'gt', value: null },
        { field: 'member.tier', operator: 'in', value: [] },
        { combinator: 'or', rules: [] },
        { field: 'member.tier', operator: 'eq', value: 'gold' },
      ],
    }
    expect(writeCel(tree, FIELDS)).toBe('member.tier == "gold"')
    expect(writeCel({ combinator: 'and', not: true, rules: [] }, FIELDS)).toBe('')
  })
})

function plain(one: Group | Rule): unknown {
  if (!isGroup(one)) return { field: one.field, operator: one.operator, value: one.value }
  return { combinator: one.combinator, not: one.not ?? false, rules: one.rules.map(plain) }
}
