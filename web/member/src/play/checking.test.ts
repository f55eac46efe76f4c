import { expect, test } from 'vitest'

import type { Audit } from './asking'
import { check, keyOf, prizeAt, rollOf } from './checking'

/** The same numbers as tests/domain/play/test_odds.py: both must come to the same. */
const SEED = 'a'.repeat(64)

test('a roll is the same as the server works out', async () => {
  const key = await keyOf(SEED)
  const rolls = await Promise.all(
    [1, 2, 3].map((number) => rollOf(key, `drw_x:ply_y:${number}:00ff00ff`, 1000)),
  )
  expect(rolls).toEqual([473, 165, 692])
})

test('each prize has as many rolls as it has weight', () => {
  const prizes = [
    { code: 'a', weight: 2 },
    { code: 'b', weight: 3 },
  ]
  expect([0, 1, 2, 3, 4].map((roll) => prizeAt(prizes, roll))).toEqual(['a', 'a', 'b', 'b', 'b'])
})

test('a seed that was not promised is found out', async () => {
  const audit: Audit = {
    draw: 'drw_x',
    commitment: '0',
    seed: SEED,
    out_of: 1,
    instead: '',
    prizes: [{ code: 'a', weight: 1, stock: null }],
    turns: [],
    next: null,
  }
  expect((await check(audit)).faults).toBe(1)
})
