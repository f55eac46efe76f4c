import { expect, test } from 'vitest'

import {
  columnOf,
  constantOf,
  fieldOf,
  missing,
  namingOf,
  specFor,
  withField,
  withGrouping,
  withNaming,
  withReceipt,
  withTime,
  type Mapping,
  type Target,
} from './mapping'

const GUESS: Mapping = {
  id: '{小票号}',
  subject: 'card:{会员卡号}',
  time: { column: '日期', clock: '时间', zone: 'Asia/Shanghai' },
  type: 'purchase',
  source: 'import',
  group_by: '小票号',
  window: 200,
  data: { currency: 'CNY', lines: [{ amount: { column: '金额', as: 'money', decimal: ',' } }] },
}
const AMOUNT: Target = { name: 'amount', kind: 'money', needed: true, of_line: true }
const TOTAL: Target = { name: 'total', kind: 'money', needed: false, of_line: false }
const NESTED: Target = { name: 'attributes.online', kind: 'boolean', needed: false, of_line: false }

test('a field says its column, and another column keeps how it is read', () => {
  expect(columnOf(fieldOf(GUESS, AMOUNT))).toBe('金额')
  const after = withField(GUESS, AMOUNT, specFor('money', '实付', 2, fieldOf(GUESS, AMOUNT)))
  expect(fieldOf(after, AMOUNT)).toEqual({ column: '实付', as: 'money', decimal: ',' })
})

test('a field that is taken out leaves nothing empty behind', () => {
  const after = withField(GUESS, AMOUNT, undefined)
  expect(after.data).toEqual({ currency: 'CNY' })
  expect(missing(after)).toEqual(['amount'])
  expect(missing(withField(after, TOTAL, specFor('money', 'x', 0, undefined)))).toEqual([])
})

test('a field inside of another one is found again', () => {
  const after = withField(GUESS, NESTED, specFor('boolean', '线上', 2, undefined))
  expect(columnOf(fieldOf(after, NESTED))).toBe('线上')
  expect(withField(after, NESTED, undefined).data).toEqual(GUESS.data)
})

test('a member is named by a system and a column', () => {
  expect(namingOf(GUESS)).toEqual({ system: 'card', column: '会员卡号' })
  const after = withNaming(GUESS, { system: 'phone', column: '手机' })
  expect(after.subject).toBe('phone:{手机}')
  expect(namingOf(after)).toEqual({ system: 'phone', column: '手机' })
  expect(namingOf(withNaming(GUESS, { system: '', column: '会员' })).system).toBe('')
})

test('rows are grouped by whatever column the receipt is in', () => {
  expect(withReceipt(GUESS, '单号').group_by).toBe('单号')
  expect(withGrouping(GUESS, false)).not.toHaveProperty('group_by')
  expect(withReceipt(GUESS, undefined)).not.toHaveProperty('id')
})

test('the time forgets what is emptied', () => {
  expect(withTime(GUESS, { clock: undefined }).time).toEqual({
    column: '日期',
    zone: 'Asia/Shanghai',
  })
  expect(missing(withTime(GUESS, { column: undefined }))).toEqual(['time'])
})

test('a constant is no column', () => {
  expect(constantOf('CNY')).toBe('CNY')
  expect(constantOf('{x}')).toBeUndefined()
  expect(columnOf('CNY')).toBeUndefined()
})
