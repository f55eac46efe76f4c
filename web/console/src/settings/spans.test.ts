import { expect, test } from 'vitest'

import { partsOf } from './spans'

test('a span is told in its units, whole years as years', () => {
  expect(partsOf('P30D')).toEqual([['days', 30]])
  expect(partsOf('P36M')).toEqual([['years', 3]])
  expect(partsOf('P1Y6M')).toEqual([
    ['years', 1],
    ['months', 6],
  ])
  expect(partsOf('PT1H')).toEqual([['hours', 1]])
})

test('what is no span is left alone', () => {
  expect(partsOf('soon')).toBeUndefined()
})
