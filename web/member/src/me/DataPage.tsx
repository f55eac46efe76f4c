/** One's own data: who used it, a copy of it, a restriction, and being forgotten. */
import { client } from '@regulars/shared/api/client'
import { language, localeOf } from '@regulars/shared/languages'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { ErasePanel } from './ErasePanel'
import { UsesPanel } from './UsesPanel'

export default function DataPage() {
  const { t } = useTranslation('me')
  return (
    <>
      <PageHead title={t('data.title')} back="/me" />
      <CopyPanel />
      <UsesPanel />
      <RestrictPanel />
      <ErasePanel />
    </>
  )
}

type Form = 'html' | 'json'

function CopyPanel() {
  const { t } = useTranslation('me')
  const copy = useMutation({ mutationFn: fetchCopy })
  return (
    <Panel title={t('data.copy')}>
      <p>{t('data.copyText')}</p>
      <Refusal problem={copy.error} />
      <div className="choices">
        <button
          type="button"
          className="button second"
          disabled={copy.isPending}
          onClick={() => copy.mutate('html')}
        >
          {t('data.toRead')}
        </button>
        <button
          type="button"
          className="button second"
          disabled={copy.isPending}
          onClick={() => copy.mutate('json')}
        >
          {t('data.toTake')}
        </button>
      </div>
      {copy.isSuccess ? (
        <Notice tone="good">
          <p>{t('data.copied')}</p>
        </Notice>
      ) : null}
    </Panel>
  )
}

/** The copy as a file, saved by the browser. */
async function fetchCopy(form: Form): Promise<void> {
  const answer = await fetch('/v1/me/export', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': localeOf(language()) },
    body: JSON.stringify({ form }),
  })
  if (!answer.ok) throw (await answer.json()) as Error
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = `my-data.${form}`
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function RestrictPanel() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const profile = useQuery({
    queryKey: ['profile'],
    queryFn: () => told(client.GET('/v1/me/profile')),
  })
  const restrict = useMutation({
    mutationFn: (restricted: boolean) =>
      told(client.POST('/v1/me/restriction', { body: { restricted } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['profile'] }),
  })
  if (profile.isPending) return <Skeleton lines={2} />
  const isOn = Boolean(profile.data?.restricted_at)
  return (
    <Panel title={t('data.restrict')}>
      <p>{t('data.restrictText')}</p>
      <label className="switch">
        <span>{isOn ? t('data.restricted') : t('data.notRestricted')}</span>
        <input
          type="checkbox"
          role="switch"
          aria-label={t('data.restrict')}
          checked={isOn}
          disabled={restrict.isPending}
          onChange={(event) => restrict.mutate(event.target.checked)}
        />
      </label>
      <Refusal problem={restrict.error ?? profile.error} />
    </Panel>
  )
}
