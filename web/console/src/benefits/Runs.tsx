/** Benefits that are or were given to many at once: how far each is. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Progress, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

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
  const formats = useFormats()
  const may = useMay()
  const stop = useBenefitDeed(
    () => told(client.POST('/v1/grant-runs/{run}/stop', { params: { path: { run: run.run } } })),
    () => undefined,
  )
  return (
    <Flex gap="small" wrap align="center" style={{ paddingBlock: 4 }}>
      <Typography.Text strong>{run.benefit}</Typography.Text>
      <Typography.Text code>{run.condition || t('run.everybody')}</Typography.Text>
      <span>{t(`run.state.${run.state}`)}</span>
      <span>{t('run.granted', { count: run.granted })}</span>
      <Typography.Text type="secondary">{formats.ago(run.asked_at)}</Typography.Text>
      {run.state === 'waiting' && (
        <>
          <Progress
            percent={Math.floor(run.share * 100)}
            size="small"
            style={{ width: 120 }}
            aria-label={run.benefit}
          />
          {may('offers:write') && (
            <Button size="small" loading={stop.isPending} onClick={() => stop.mutate(undefined)}>
              {t('run.stop')}
            </Button>
          )}
        </>
      )}
    </Flex>
  )
}
