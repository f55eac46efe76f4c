import { expect, test } from 'vitest'

import { bodyOf, emptyDraw, missing, valuesOf, type Draw } from './draws'

test('a draw is the same after it went through the form', () => {
  const body = bodyOf({ ...emptyDraw(), en: 'Spring', zh: '春季', price: 20, ever: 3 }, 'points')
  const draw = { ...body, draw: 'drw_x' } as unknown as Draw
  expect(bodyOf(valuesOf(draw), 'points', draw)).toEqual(body)
})

test('the odds are whole only when nothing is left over', () => {
  expect(missing(100, [{ weight: 20 }, { weight: 80 }])).toBe(0)
  expect(missing(100, [{ weight: 20 }, {}])).toBe(80)
  expect(missing(100, [{ weight: 101 }])).toBe(-1)
})
