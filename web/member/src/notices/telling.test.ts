/** Every kind of notice has its sentences, and each sentence has what fills it. */
import { expect, test } from 'vitest'

import type { Notice } from './asking'
import { pathOf, saying } from './telling'
import en from './words.en.json'
import zh from './words.zh.json'

const NAME = { en: 'Gold', 'zh-CN': '金卡' }
const ALL = {
  ...Object.fromEntries(
    ['tier', 'before', 'by', 'benefit', 'coupon', 'text', 'badge', 'prize', 'draw', 'card'].map(
      (key) => [key, NAME],
    ),
  ),
  benefits: [NAME, { en: 'Only English' }],
  until: '2027-01-01T05:00:00Z',
  at: '2027-01-01T05:00:00Z',
  place: 'Counter 2',
  why: 'Ill',
}
const FEW = { ...ALL, by: null, benefits: [], until: null, place: '', why: '' }

function notice(kind: string, params: Record<string, unknown>): Notice {
  const filled = params as Notice['params']
  return { notice: 'ntc_1', kind, params: filled, at: '2026-12-01T00:00:00Z', read: false }
}

const speech = (language: string) => ({
  language,
  day: (instant: string) => instant.slice(0, 10),
  moment: (instant: string) => instant,
})

for (const [language, words] of Object.entries({ en, zh })) {
  const kinds: Record<string, Record<string, string>> = words.kinds
  for (const kind of Object.keys(kinds))
    for (const [much, params] of Object.entries({ ALL, FEW }))
      test(`${kind} is said in ${language} with ${much}`, () => {
        const said = saying(notice(kind, params), speech(language))
        const keys = [said.title.split('.')[2] ?? '', ...said.details]
        for (const key of keys) {
          const text = kinds[kind]?.[key]
          expect(text, key).toBeTruthy()
          const gaps = [...(text ?? '').matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? '')
          // A card always has its term, and a loss always its benefits.
          const isOptional = much === 'FEW' && (gaps.includes('until') || gaps.includes('benefits'))
          if (!isOptional) for (const gap of gaps) expect(said.fills[gap], gap).toBeTruthy()
        }
      })
}

test('a coupon says how it came, and how many there are', () => {
  const told = (params: Record<string, unknown>) =>
    saying(notice('coupon_received', { coupon: NAME, ...params }), speech('en'))
  for (const source of ['gift', 'prize', 'reward']) {
    expect(told({ source }).details).toEqual([source])
    expect(en.kinds.coupon_received).toHaveProperty(source)
    expect(zh.kinds.coupon_received).toHaveProperty(source)
  }
  expect(told({ source: 'staff' }).details).toEqual([])
  const many = told({ source: 'run', why: 'Ten years', count: 2 })
  expect([many.title, many.details]).toEqual(['kinds.coupon_received.many', ['why']])
  expect(many.fills).toMatchObject({ count: '2', why: 'Ten years' })
})

test('names are said in the language of the reader, else in English', () => {
  const told = notice('benefits_gained', ALL)
  expect(saying(told, speech('zh')).fills.benefits).toBe('金卡、Only English')
  expect(saying(told, speech('en')).fills.by).toBe('Gold')
})

test('a notice leads to what it tells of', () => {
  expect(pathOf(notice('redemption_ready', { redemption: 'rdm_1' }))).toBe(
    '/mall/redemptions/rdm_1',
  )
  expect(pathOf(notice('reward_back', { reward: 'rwd_1' }))).toBe('/mall/rewards/rwd_1')
  expect(pathOf(notice('card_ended', {}))).toBe('/card')
  expect(pathOf(notice('message', { text: NAME }))).toBeUndefined()
})
