import { expect, test } from 'vitest'

import { stretchOf } from './days'

test('the last day is asked for whole', () => {
  const { since, until } = stretchOf({ from: '2026-03-01', to: '2026-03-02' })
  expect(since).toBe(new Date('2026-03-01T00:00:00').toISOString())
  expect(until).toBe(new Date('2026-03-03T00:00:00').toISOString())
})

test('an end that is open, or no day at all, is not asked for', () => {
  expect(stretchOf({ from: 'soon', to: '' })).toEqual({ since: undefined, until: undefined })
})
