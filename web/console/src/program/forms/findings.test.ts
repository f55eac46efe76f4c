import { renderHook } from '@testing-library/react'
import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import { beforeAll, expect, test } from 'vitest'

import words from '../../document/words.zh.json'
import { useFindingText, type Finding } from './context'

beforeAll(() =>
  i18n.use(initReactI18next).init({
    ...{ lng: 'zh', interpolation: { escapeValue: false } },
    resources: { zh: { document: words } },
  }),
)

function said(code: string, severity: 'warning' | 'error', message: string): string {
  const { result } = renderHook(() => useFindingText())
  const finding: Finding = { code, severity, message, pointer: '', line: 1, column: 1 }
  return result.current(finding)
}

test('what is doubtful is told in Chinese, with what was measured', () => {
  const much = 'Up to 12.5 % of the price is given back, by base together. Lower a rate.'
  expect(said('gives_back_much', 'warning', much)).toContain('最多返还价格的12.5%')
  const gain = 'What is received is worth 1.25 times what is given up. Lower give.'
  expect(said('conversion_gains', 'warning', gain)).toContain('付出的1.25倍')
  expect(said('no_ceiling', 'warning', 'A percentage without a ceiling.')).not.toMatch(/[a-z]/)
})

test('an error keeps what the server says of the value', () => {
  expect(said('unknown_rule', 'error', 'There is no rule bse. base?')).toBe(
    '没有这条规则（There is no rule bse. base?）',
  )
})
