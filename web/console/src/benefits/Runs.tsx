/** Benefits that are or were given to many at once: how far each is. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { Card } from 'antd'
import { useTranslation } from 'react-i18next'

import { RunLine } from '../shell/RunLine'
import { useMay } from '../shell/session'
import { useBenefitDeed } from './offered'

const LOOK_EVERY_MS = 2000
const SHOWN = 3

export function Runs() {
  const { t } = useTranslation('benefits')
  const { data } = api.useQuery(
    'get',
    '/v1/grant-runs',
    { params: { query: { limit: SHOWN } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.items.some((one) => one.state === 'waiting') ? LOOK_EVERY_MS : false,
    },
  )
  if (!data?.items.length) return null
  return (
    <Card size="small" title={t('run.title')}>
      {data.items.map((one) => (
        <OneRun key={one.run} run={one} />
      ))}
    </Card>
  )
}

function OneRun({ run }: { run: Schemas['GrantRunAnswer'] }) {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const stop = useBenefitDeed(
    () => told(client.POST('/v1/grant-runs/{run}/stop', { params: { path: { run: run.run } } })),
    () => undefined,
  )
  return (
    <RunLine
      run={run}
      name={run.benefit}
      mayStop={may('offers:write')}
      isStopping={stop.isPending}
      onStop={() => stop.mutate(undefined)}
    >
      <span>{t('run.granted', { count: run.granted })}</span>
    </RunLine>
  )
}
