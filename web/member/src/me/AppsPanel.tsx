/** What the member has allowed applications, and by which third parties they sign in. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Empty, Panel, Refusal } from '../shell/parts'
import { told } from '../shell/told'

const GRANTS = ['grants']
const LINKED = ['linked']

export function AppsPanel() {
  return (
    <>
      <Grants />
      <Linked />
    </>
  )
}

function Grants() {
  const { t } = useTranslation('me')
  const { day } = useFormats()
  const queries = useQueryClient()
  const grants = useQuery({ queryKey: GRANTS, queryFn: () => told(client.GET('/v1/me/grants')) })
  const withdraw = useMutation({
    mutationFn: (grant: string) =>
      told(client.DELETE('/v1/me/grants/{grant}', { params: { path: { grant } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: GRANTS }),
  })
  return (
    <Panel title={t('apps.title')}>
      <Refusal problem={grants.error ?? withdraw.error} retry={() => void grants.refetch()} />
      {grants.data?.items.length === 0 ? <Empty text={t('apps.none')} /> : null}
      <ul className="plain">
        {grants.data?.items.map((one) => (
          <li key={one.grant} className="withdeed">
            <span>
              <strong>{one.client_name}</strong>
              <small>{one.allows.join(' · ')}</small>
              <time dateTime={one.granted_at}>{day(one.granted_at)}</time>
            </span>
            <button
              type="button"
              className="quiet"
              disabled={withdraw.isPending}
              onClick={() => withdraw.mutate(one.grant)}
            >
              {t('apps.withdraw')}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Linked() {
  const { t } = useTranslation('me')
  const queries = useQueryClient()
  const linked = useQuery({
    queryKey: LINKED,
    queryFn: () => told(client.GET('/v1/me/providers')),
  })
  const named = useQuery({
    queryKey: ['providers'],
    queryFn: () => told(client.GET('/v1/sign-in/providers')),
  })
  const unlink = useMutation({
    mutationFn: (code: string) =>
      told(client.DELETE('/v1/me/providers/{code}', { params: { path: { code } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: LINKED }),
  })
  if (!linked.data?.items.length) return null
  return (
    <Panel title={t('apps.linked')}>
      <ul className="plain">
        {linked.data.items.map((code) => (
          <li key={code} className="withdeed">
            <strong>{named.data?.items.find((one) => one.code === code)?.name ?? code}</strong>
            <button
              type="button"
              className="quiet"
              disabled={unlink.isPending}
              onClick={() => unlink.mutate(code)}
            >
              {t('apps.unlink')}
            </button>
          </li>
        ))}
      </ul>
      <Refusal problem={unlink.error} />
    </Panel>
  )
}
