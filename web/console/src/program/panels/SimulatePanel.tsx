/** What the draft would have done to what really happened. */
import { PlayCircleOutlined, StopOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Card, Flex, Progress, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useUrlState } from '../../shell/urlState'
import type { PanelProps } from '../panel'
import { Named } from './ReceiptForm'
import { SimulationList } from './SimulationList'
import { SimulationReport } from './SimulationReport'

type Simulation = Schemas['SimulationAnswer']

const MONTHS = [1, 3, 6, 12, 24]
const LOOK_MS = 700
const LIST = ['get', '/v1/simulations']

export function SimulatePanel({ desk, text, reading }: PanelProps) {
  const { t } = useTranslation('program')
  const may = useMay()
  const queries = useQueryClient()
  const [months, setMonths] = useState(12)
  const [against, setAgainst] = useState<'decided' | null>(null)
  const [shown, setShown] = useUrlState('simulation')
  const start = api.useMutation('post', '/v1/simulations')
  const isRight = reading.isReadable && !reading.findings.some((one) => one.severity === 'error')

  const begin = async () => {
    // What was simulated is found again in the draft's history.
    await desk.saver.flush()
    const { base, phase } = desk.saver.snapshot()
    const isKept = phase === 'saved' && base.document === text
    const what = isKept ? { draft: desk.draft, revision: base.revision } : { document: text }
    const made = await start.mutateAsync({
      body: { ...what, months, against, note: base.name } as never,
    })
    setShown(made.simulation)
    await queries.invalidateQueries({ queryKey: LIST })
  }
  return (
    <Flex vertical gap="middle">
      <Card size="small" title={t('simulate.title')}>
        <Flex vertical gap="middle">
          <span>{t('simulate.about')}</span>
          <Flex gap="middle" wrap align="end">
            <Named label={t('simulate.period')}>
              {(id) => (
                <Select
                  id={id}
                  style={{ width: 170 }}
                  value={months}
                  onChange={setMonths}
                  options={MONTHS.map((count) => ({
                    value: count,
                    label: t('simulate.months', { count }),
                  }))}
                />
              )}
            </Named>
            <Named label={t('simulate.against')}>
              {(id) => (
                <Select
                  id={id}
                  style={{ width: 260, maxWidth: '100%' }}
                  value={against ?? ''}
                  onChange={(next) => setAgainst(next === 'decided' ? 'decided' : null)}
                  options={[
                    { value: '', label: t('simulate.inForce') },
                    { value: 'decided', label: t('simulate.decided') },
                  ]}
                />
              )}
            </Named>
            <Button
              type="primary"
              icon={<PlayCircleOutlined />}
              disabled={!isRight || !may('program:draft')}
              loading={start.isPending}
              onClick={() => void begin().catch(() => undefined)}
            >
              {t('simulate.go')}
            </Button>
          </Flex>
          {!isRight && <Alert type="warning" showIcon title={t('diff.errorsFirst')} />}
          <ProblemAlert problem={start.error} />
        </Flex>
      </Card>
      {shown && <OneSimulation key={shown} simulation={shown} />}
      {may('ledger:read') && <SimulationList shown={shown} onShow={setShown} />}
    </Flex>
  )
}

function OneSimulation({ simulation }: { simulation: string }) {
  const queries = useQueryClient()
  const found = api.useQuery(
    'get',
    '/v1/simulations/{simulation}',
    { params: { path: { simulation } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_MS),
    },
  )
  const state = found.data?.state
  useEffect(() => void queries.invalidateQueries({ queryKey: LIST }), [queries, state])
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return null
  if (found.data.result)
    return <SimulationReport simulation={found.data} result={found.data.result} />
  return <Running simulation={found.data} onChange={() => void found.refetch()} />
}

function isOver({ state }: Simulation): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

function Running({ simulation, onChange }: { simulation: Simulation; onChange: () => void }) {
  const { t } = useTranslation(['program', 'shared'])
  const formats = useFormats()
  const may = useMay()
  const cancel = api.useMutation('post', '/v1/simulations/{simulation}/cancel', {
    onSuccess: onChange,
  })
  const { state, done, total, failure } = simulation
  if (state === 'failed')
    return (
      <Alert
        type="error"
        showIcon
        title={t('simulate.states.failed')}
        description={t(`simulate.failures.${failure ?? ''}`, { defaultValue: failure ?? '' })}
      />
    )
  if (state === 'cancelled')
    return <Alert type="info" showIcon title={t('simulate.states.cancelled')} />
  const percent = total ? Math.min(Math.floor((done / total) * 100), 100) : 0
  const left = secondsLeft(simulation)
  return (
    <Card size="small" title={t(`simulate.states.${state}`)}>
      <Flex vertical gap="small">
        <Progress percent={percent} status="active" aria-label={t('simulate.progress')} />
        <Flex justify="space-between" wrap gap="small" align="center">
          <span role="status">
            {total === null
              ? t('simulate.counting')
              : t('simulate.done', { done: formats.count(done), total: formats.count(total) })}
            {left !== null && ` · ${t('simulate.left', { count: left })}`}
          </span>
          {may('program:draft') && (
            <Button
              icon={<StopOutlined />}
              loading={cancel.isPending}
              onClick={() =>
                cancel.mutate({ params: { path: { simulation: simulation.simulation } } })
              }
            >
              {t('shared:cancel')}
            </Button>
          )}
        </Flex>
        <ProblemAlert problem={cancel.error} />
      </Flex>
    </Card>
  )
}

/** As quickly as until now; null before that can be told. */
function secondsLeft({ started_at, done, total }: Simulation): number | null {
  if (!started_at || !total || done < total / 50) return null
  const spent = (Date.now() - new Date(started_at).getTime()) / 1000
  return Math.max(Math.ceil((spent / done) * (total - done)), 0)
}
