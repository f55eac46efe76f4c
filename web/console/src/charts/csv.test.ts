import { expect, test } from 'vitest'

import { csvOf } from './csv'

const columns = [
  { key: 'rule', title: 'Rule' },
  { key: 'points', title: 'Points' },
]

test('a table becomes a file that spreadsheets read', () => {
  const rows = [
    { rule: 'Fresh, weekend', points: 12 },
    { rule: 'The "big" one', points: null },
  ]
  expect(csvOf({ columns, rows })).toBe(
    '\uFEFFRule,Points\r\n"Fresh, weekend",12\r\n"The ""big"" one",\r\n',
  )
})

test('a name that looks like a formula is text, and a negative number stays a number', () => {
  const rows = [{ rule: '=HYPERLINK("x")', points: -3 }]
  expect(csvOf({ columns, rows })).toContain('"\'=HYPERLINK(""x"")",-3')
})
