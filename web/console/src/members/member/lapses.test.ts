import { expect, test } from 'vitest'

import { lapsesByMonth } from './lapses'

const lot = (lapses_at: string | null, remaining: number, available = true) => ({
  lapses_at,
  remaining,
  available,
})

test('lots stand in the month in which they lapse, with the empty months between', () => {
  const lots = [
    lot('2027-01-31T00:00:00Z', 5),
    lot('2026-11-15T00:00:00Z', 10),
    lot('2026-11-30T00:00:00Z', 7, false),
    lot(null, 3),
  ]
  expect(lapsesByMonth(lots, 'never')).toEqual([
    { label: '2026-11', points: 17, available: 10 },
    { label: '2026-12', points: 0, available: 0 },
    { label: '2027-01', points: 5, available: 5 },
    { label: 'never', points: 3, available: 3 },
  ])
})

test('nothing gives nothing, and far days do not make endless months', () => {
  expect(lapsesByMonth([], 'never')).toEqual([])
  const far = lapsesByMonth([lot('2026-01-01T00:00:00Z', 1), lot('2999-01-01T00:00:00Z', 2)], '')
  expect(far.length).toBe(61)
  expect(far[60]).toEqual({ label: '2999-01', points: 2, available: 2 })
})
