/** What one can look after oneself. */
import { client } from '@regulars/shared/api/client'
import { speak } from '@regulars/shared/i18n'
import { language, type Language } from '@regulars/shared/languages'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { AREAS } from '../shell/areas'
import { forgetCard } from '../shell/keptCard'
import { PageHead, Panel, Refusal, Row } from '../shell/parts'
import { told } from '../shell/told'

export default function MePage() {
  const { t } = useTranslation('me')
  return (
    <>
      <PageHead title={t('title')} />
      <More />
      <Panel>
        <Row to="/me/profile">{t('profile.title')}</Row>
        <Row to="/me/consents">{t('consents.title')}</Row>
        <Row to="/me/data">{t('data.title')}</Row>
        <Row to="/me/devices">{t('devices.title')}</Row>
      </Panel>
      <Spoken />
      <SignOut />
    </>
  )
}

/** Ways that have no place below: what happened, the rules, and what other areas bring. */
function More() {
  const rows = AREAS.flatMap((area) => (area.rows ?? []).map((row) => ({ ...row, area: area.key })))
  const { t } = useTranslation(['shell', ...AREAS.map((area) => area.key)])
  return (
    <Panel>
      {[...rows]
        .sort((one, other) => one.order - other.order)
        .map((row) => (
          <Row key={row.to} to={row.to}>
            {t(`${row.area}:${row.word}`)}
          </Row>
        ))}
      <Row to="/history">{t('history')}</Row>
      <Row to="/rules">{t('rules')}</Row>
    </Panel>
  )
}

const LANGUAGES: Language[] = ['en', 'zh']

function Spoken() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const change = async (next: Language) => {
    await speak(next)
    await queries.invalidateQueries()
    // Letters follow; where that fails the pages still speak the language.
    await client.PATCH('/v1/me/profile', { body: { language: next === 'zh' ? 'zh-CN' : 'en' } })
  }
  return (
    <Panel title={t('shared:language')}>
      <div className="choices" role="radiogroup" aria-label={t('shared:language')}>
        {LANGUAGES.map((one) => (
          <label key={one} className="choice">
            <input
              type="radio"
              name="language"
              checked={language() === one}
              onChange={() => void change(one)}
            />
            <span>{one === 'zh' ? '中文' : 'English'}</span>
          </label>
        ))}
      </div>
    </Panel>
  )
}

function SignOut() {
  const { t } = useTranslation('shared')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: () => told(client.POST('/v1/me/sign-out')),
    onSuccess: () => {
      forgetCard()
      void navigate('/sign-in', { replace: true })
      queries.clear()
    },
  })
  return (
    <>
      <Refusal problem={leave.error} />
      <button
        type="button"
        className="button second wide"
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('signOut')}
      </button>
    </>
  )
}
