/** What lapses when, and what can be spent from when on. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Home } from '../shell/home'
import { Panel } from '../shell/parts'

const FIRST = 3
const SOON_DAYS = 30
const DAY_MS = 86_400_000

export function DuePanel({ home }: { home: Home }) {
  const { t } = useTranslation('home')
  const { count } = useFormats()
  const [isWhole, setWhole] = useState(false)
  const nameOf = (code: string) => home.balances.find((one) => one.currency === code)?.name ?? code
  if (!home.lapsing.length && !home.coming.length) return null
  const lapsing = isWhole ? home.lapsing : home.lapsing.slice(0, FIRST)
  return (
    <Panel title={t('due')}>
      <ul className="dues">
        {home.coming.map((one) => (
          <li key={`${one.currency} ${one.at}`}>
            <span>{t('from', { day: one.on })}</span>
            <span>{t('points', { amount: count(one.amount), name: nameOf(one.currency) })}</span>
          </li>
        ))}
        {lapsing.map((one) => (
          <li key={`${one.currency} ${one.at}`} className={isSoon(one.at) ? 'soon' : ''}>
            <span>
              {t('until', { day: one.on })}
              {isSoon(one.at) ? <em>{t('soon')}</em> : null}
            </span>
            <span>{t('points', { amount: count(one.amount), name: nameOf(one.currency) })}</span>
          </li>
        ))}
      </ul>
      {home.lapsing.length > FIRST && !isWhole ? (
        <button type="button" className="more" onClick={() => setWhole(true)}>
          {t('allDue', { count: home.lapsing.length })}
        </button>
      ) : null}
    </Panel>
  )
}

function isSoon(at: string): boolean {
  return new Date(at).getTime() - Date.now() < SOON_DAYS * DAY_MS
}
