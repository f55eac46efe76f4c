import { describe, expect, it } from 'vitest'

import { kept, termsOf, valuesOf, type Template } from './terms'

const VALUES = { code: 'ten', en: 'Ten', give: 'amount', amount: 10.5, days: 30 } as const

function template(terms: Template['terms']): Template {
  return {
    code: 'ten',
    name: { en: 'Ten' },
    terms,
    prefix: 'A',
    public_code: null,
  } as unknown as Template
}

describe('the terms of a coupon', () => {
  it('are money in minor units and days as a duration', () => {
    const terms = termsOf(VALUES, 'CNY')
    expect([terms.amount, terms.valid_for, terms.claim]).toEqual([1050, 'P30D', null])
    expect(termsOf({ ...VALUES, amount: 10 }, 'JPY').amount).toBe(10)
  })

  it('say only what their kind gives', () => {
    const terms = termsOf({ ...VALUES, give: 'percentage', percent: 12.5, gift: 'x' }, 'CNY')
    expect([terms.amount, terms.percent, terms.gift]).toEqual([null, '12.5', ''])
  })

  it('come back from the form as they were', () => {
    const terms = termsOf({ ...VALUES, isClaimable: true, claimTotal: 5, tiers: ['gold'] }, 'CNY')
    expect(termsOf(valuesOf(template(terms)), 'CNY')).toEqual(terms)
  })

  it('keep what the form does not show', () => {
    const fresh = termsOf(VALUES, 'CNY')
    const goods = { ...fresh.goods, except_skus: ['A'] }
    const before = { ...fresh, valid_for: 'P2M', goods }
    const after = kept(before, termsOf(valuesOf(template(before)), 'CNY'))
    expect([after.valid_for, after.goods.except_skus]).toEqual(['P2M', ['A']])
  })
})
