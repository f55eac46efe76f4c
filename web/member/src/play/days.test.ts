import { expect, test } from 'vitest'

import { missed, monthBefore, weeksOf } from './days'

test('a month begins on its weekday', () => {
  const weeks = weeksOf('2026-11')
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  expect(weeks.flat().filter(Boolean)).toHaveLength(30)
  expect(monthBefore('2026-01')).toBe('2025-12')
})

test('only days that lie near enough may be made up for', () => {
  expect(missed('2026-11', '2026-11-04', ['2026-11-02'])).toEqual(['2026-11-01', '2026-11-03'])
  expect(missed('2026-09', '2026-11-04', [])).toEqual([])
})
