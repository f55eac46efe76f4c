import { describe, expect, it } from 'vitest'

import { dataOf, EMPTY_LINE, instantOf, localOf } from './receipts'

describe('an instant of the program', () => {
  it('is what its clocks show', () => {
    expect(instantOf('2026-03-01T15:00', 'America/New_York')).toBe('2026-03-01T20:00:00Z')
    expect(instantOf('2026-07-01T00:00', 'America/New_York')).toBe('2026-07-01T04:00:00Z')
    expect(instantOf('2026-03-01T00:00', 'Asia/Shanghai')).toBe('2026-02-28T16:00:00Z')
  })
  it('is right around the change of the clocks', () => {
    expect(instantOf('2026-03-08T01:30', 'America/New_York')).toBe('2026-03-08T06:30:00Z')
    expect(instantOf('2026-03-08T03:30', 'America/New_York')).toBe('2026-03-08T07:30:00Z')
  })
  it('comes back as it was', () => {
    const local = '2026-11-01T12:00'
    expect(localOf(new Date(instantOf(local, 'Asia/Shanghai')), 'Asia/Shanghai')).toBe(local)
  })
})

describe('a receipt', () => {
  it('is sent in minor units, without what was left empty', () => {
    const receipt = {
      type: 'purchase', time: '', total: 0, store: ' ', channel: 'app', payment: '',
      lines: [{ ...EMPTY_LINE, category: 'PRODUCE', amount: 12.35 }],
    } // prettier-ignore
    expect(dataOf(receipt, 'USD', 100)).toEqual({
      currency: 'USD',
      channel: 'app',
      lines: [{ amount: 1235, category: 'PRODUCE' }],
    })
  })
})
