import { expect, it } from 'vitest'

import type { Reward } from './money'
import { rewardOf, valuesOf } from './rewards'

const reward: Reward = {
  reward: 'rwd_1',
  kind: 'goods',
  state: 'active',
  revision: 3,
  terms: {
    name: { en: 'Mug', 'zh-CN': '杯子' },
    description: {},
    category: 'kitchen',
    currency: 'stars',
    ways: ['pick_up'],
    places: [{ code: 's1', name: { en: 'Main' } }],
    per_member: { most: 2, per: 'month' },
    audience: { tiers: ['gold'], stages: ['new'], tags: ['vip'], where: '' },
    pay_minutes: 30,
    template: '',
    benefit: '',
    benefit_days: 30,
    partner: '',
    partner_points: 0,
  },
  rank: 5,
  starts_at: '2026-11-01T00:00:00.000Z',
  ends_at: null,
  variants: [
    {
      variant: 'var_1',
      sku: 'M',
      name: {},
      points: 800,
      cash: { amount: 990, currency: 'CNY' },
      left: 3,
      reserved: 0,
      used: 0,
      waiting: 0,
    },
  ],
  pictures: [],
  changed_at: '2026-11-01T00:00:00Z',
}

it('goes through the form and comes out as it was', () => {
  const back = rewardOf(valuesOf(reward), 'CNY', reward)
  expect(back.terms).toEqual(reward.terms)
  expect(back.starts_at).toBe(reward.starts_at)
  expect(back.variants).toEqual([
    {
      variant: 'var_1',
      sku: 'M',
      name: {},
      points: 800,
      cash: { amount: 990, currency: 'CNY' },
      stock: null,
    },
  ])
})
