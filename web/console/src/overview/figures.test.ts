import { expect, test } from 'vitest'

import { changeOf, type Figure } from './figures'

const figure = (now: number | null, before: number | null, more: Figure['more']): Figure => ({
  key: 'sales',
  kind: 'count',
  now,
  before,
  more,
})

test('more sales are good, more members at risk are bad, more points are neither', () => {
  expect(changeOf(figure(120, 100, 'good'))).toEqual({
    absolute: 20,
    relative: 0.2,
    way: 'up',
    mood: 'good',
  })
  expect(changeOf(figure(120, 100, 'bad'))?.mood).toBe('bad')
  expect(changeOf(figure(80, 100, 'bad'))?.mood).toBe('good')
  expect(changeOf(figure(120, 100, 'neither'))?.mood).toBe('neutral')
})

test('nothing before has no percentage, and nothing known no change', () => {
  expect(changeOf(figure(5, 0, 'good'))?.relative).toBeNull()
  expect(changeOf(figure(null, 3, 'good'))).toBeNull()
  expect(changeOf(figure(3, 3, 'good'))?.mood).toBe('neutral')
})
