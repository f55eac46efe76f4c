/** Where one is signed in, by which passkeys and third parties, and what applications may do. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { AppsPanel } from './AppsPanel'
import { PasskeysPanel } from './PasskeysPanel'

export default function DevicesPage() {
  const { t } = useTranslation('me')
  return (
    <>
      <PageHead title={t('devices.title')} back="/me" />
      <SessionsPanel />
      <PasskeysPanel />
      <AppsPanel />
    </>
  )
}

const SESSIONS = ['sessions']

function SessionsPanel() {
  const { t } = useTranslation('me')
  const { moment } = useFormats()
  const queries = useQueryClient()
  const sessions = useQuery({
    queryKey: SESSIONS,
    queryFn: () => told(client.GET('/v1/me/sessions')),
  })
  const end = useMutation({
    mutationFn: (session: string) =>
      told(client.DELETE('/v1/me/sessions/{session}', { params: { path: { session } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  })
  return (
    <Panel title={t('devices.sessions')}>
      {sessions.isPending ? <Skeleton lines={3} /> : null}
      <Refusal problem={sessions.error ?? end.error} retry={() => void sessions.refetch()} />
      <ul className="plain">
        {sessions.data?.items.map((one) => (
          <li key={one.session} className="withdeed">
            <span>
              <strong>{one.device}</strong>
              {one.current ? <small> {t('devices.here')}</small> : null}
              <time dateTime={one.seen_at}>{t('devices.seen', { at: moment(one.seen_at) })}</time>
            </span>
            {one.current ? null : (
              <button
                type="button"
                className="quiet"
                disabled={end.isPending}
                onClick={() => end.mutate(one.session)}
              >
                {t('devices.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
