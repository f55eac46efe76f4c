import { expect, it } from 'vitest'

import { remaining } from './countdown'

it('tells hours only where there are some, and never less than nothing', () => {
  const begins = Date.parse('2026-11-27T02:00:00Z')
  expect(remaining(begins, begins - 3_723_000)).toBe('1:02:03')
  expect(remaining(begins, begins - 59_001)).toBe('1:00')
  expect(remaining(begins, begins - 1)).toBe('0:01')
  expect(remaining(begins, begins)).toBe('0:00')
  expect(remaining(begins, begins + 5_000)).toBe('0:00')
})
