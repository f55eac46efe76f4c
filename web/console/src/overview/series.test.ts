import { expect, test } from 'vitest'

import { compared, type Day } from './series'

const day = (number: number, sales: number): Day => ({
  day: new Date(Date.UTC(2026, 0, number)).toISOString().slice(0, 10),
  sales,
  came_back: 0,
  purchases: 0,
  buyers: 0,
  without_members: null,
  new_members: 0,
  members: number,
  active: null,
  at_risk: null,
  points: [],
})
const span = (length: number) => ({
  days: Array.from({ length }, (_, place) => day(length + 1 + place, 10)),
  days_before: Array.from({ length }, (_, place) => day(1 + place, 1)),
})

test('few days stand by themselves, each beside the one of the span before', () => {
  const points = compared(span(28), (one) => one.sales)
  expect(points).toHaveLength(28)
  expect(points[0]).toEqual({ day: '2026-01-29', now: 10, before: 1 })
})

test('many days are taken together by weeks: flows add up, stocks are those of the end', () => {
  expect(compared(span(365), (one) => one.sales)[0]).toMatchObject({ now: 70, before: 7 })
  expect(compared(span(365), (one) => one.sales).at(-1)).toMatchObject({ now: 10, before: 1 })
  expect(compared(span(365), (one) => one.members, 'stock')[0]).toMatchObject({
    now: 372,
    before: 7,
  })
})

test('what is not known of any day is not known of the week', () => {
  expect(compared(span(365), (one) => one.active, 'stock')[0]?.now).toBeNull()
})
