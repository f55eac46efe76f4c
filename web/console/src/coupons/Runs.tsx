/** Coupons of a template given to many at once: begun here, and how far each run is. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { Button, Card, Flex, Typography } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { RunLine } from '../shell/RunLine'
import { useMay } from '../shell/session'
import { Skipped } from './Outlook'
import { RunModal } from './RunModal'
import type { Template } from './terms'

const LOOK_EVERY_MS = 2000
const SHOWN = 5

/** `onDone`: something of a run has changed; there may be more coupons. */
export function Runs({ template, onDone }: { template: Template; onDone: () => void }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const [isGiving, give] = useState(false)
  const found = api.useQuery(
    'get',
    '/v1/coupon-runs',
    { params: { query: { template: template.template, limit: SHOWN } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) =>
        state.data?.items.some((one) => one.state === 'waiting') ? LOOK_EVERY_MS : false,
    },
  )
  const again = () => {
    void found.refetch()
    onDone()
  }
  const items = found.data?.items ?? []
  const given = items.reduce((sum, one) => sum + one.given, 0)
  const known = useRef(given)
  useEffect(() => {
    if (known.current === given) return
    known.current = given
    onDone()
  }, [given, onDone])
  return (
    <>
      {may('offers:write') && template.state === 'active' && (
        <Button style={{ alignSelf: 'flex-start' }} onClick={() => give(true)}>
          {t('run.give')}
        </Button>
      )}
      <ProblemAlert problem={found.error} onRetry={again} />
      {items.length > 0 && (
        <Card size="small" title={t('run.title')}>
          {items.map((one) => (
            <OneRun key={one.run} run={one} onStopped={again} />
          ))}
        </Card>
      )}
      {isGiving && <RunModal template={template} onClose={() => give(false)} onBegun={again} />}
    </>
  )
}

function OneRun({ run, onStopped }: { run: Schemas['CouponRunAnswer']; onStopped: () => void }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const stop = useMutation({
    mutationFn: () =>
      told(client.POST('/v1/coupon-runs/{run}/stop', { params: { path: { run: run.run } } })),
    onSuccess: onStopped,
  })
  return (
    <RunLine
      run={run}
      mayStop={may('offers:write')}
      isStopping={stop.isPending}
      onStop={() => stop.mutate()}
    >
      <Flex vertical>
        <span>{t('run.got', { count: run.given })}</span>
        <Skipped items={run.skipped} />
        {run.refusal === 'limit_reached' && <span>{t('run.usedUp')}</span>}
        {run.state === 'failed' && (
          <Typography.Text type="danger">{t('run.failed')}</Typography.Text>
        )}
        <ProblemAlert problem={stop.error} />
      </Flex>
    </RunLine>
  )
}
