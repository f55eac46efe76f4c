/** Being forgotten, for good: said twice, and shown by a fresh code that it is oneself. */
import { client } from '@regulars/shared/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { forgetCard } from '../shell/keptCard'
import { Panel, Refusal } from '../shell/parts'
import { told } from '../shell/told'
import { useConfirm } from './useConfirm'

export function ErasePanel() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { guarded, prompt } = useConfirm()
  const [isSure, setSure] = useState(false)
  const erase = useMutation({
    mutationFn: () =>
      guarded(() => told(client.POST('/v1/me/erasure', { body: { forget_me: true } }))),
    onSuccess: () => {
      forgetCard()
      void navigate('/sign-in', { replace: true })
      queries.clear()
    },
  })
  return (
    <Panel title={t('data.erase')}>
      <p>{t('data.eraseText')}</p>
      <label className="tick">
        <input
          type="checkbox"
          checked={isSure}
          onChange={(event) => setSure(event.target.checked)}
        />
        <span>{t('data.eraseSure')}</span>
      </label>
      {prompt}
      <Refusal problem={erase.error} />
      <button
        type="button"
        className="button bad"
        disabled={!isSure || erase.isPending}
        onClick={() => erase.mutate()}
      >
        {t('data.eraseNow')}
      </button>
    </Panel>
  )
}
