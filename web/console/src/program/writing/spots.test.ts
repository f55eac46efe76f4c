import { describe, expect, it } from 'vitest'

import { spotAt } from './spots'

const TEXT = `rules:
  # the first
  - id: base
    on: purchase
    earn: {currency: points, rate: 1}
    caps:
    - per: week
    sch
tiers:
  valid: {until_end_of: y}
  ladder:
    - id: gold
      entry: {any: [{spend: 1}]}
`

function spot(before: string) {
  const { path, isValue, word } = spotAt(TEXT, TEXT.indexOf(before) + before.length)
  return [path.join('/'), isValue, word]
}

describe('the place of the cursor', () => {
  it('is found in half-written lines', () => {
    expect(spot('    sch')).toEqual(['rules/0', false, 'sch'])
  })
  it('is found in values', () => {
    expect(spot('on: purch')).toEqual(['rules/0/on', true, 'purch'])
    expect(spot('- id: ba')).toEqual(['rules/0/id', true, 'ba'])
  })
  it('is found between braces', () => {
    expect(spot('{currency: po')).toEqual(['rules/0/earn/currency', true, 'po'])
    expect(spot('points, ra')).toEqual(['rules/0/earn', false, 'ra'])
    expect(spot('until_end_of: y')).toEqual(['tiers/valid/until_end_of', true, 'y'])
    expect(spot('any: [{sp')).toEqual(['tiers/ladder/0/entry/any/0', false, 'sp'])
  })
  it('is found in lists that stand as far left as their name', () => {
    expect(spot('- per: we')).toEqual(['rules/0/caps/0/per', true, 'we'])
  })
  it('is found at the outermost level', () => {
    expect(spotAt('ru', 2)).toEqual({ path: [], isValue: false, word: 'ru' })
  })
})
