/** What came of a simulation: totals, months, rules, tiers, winners and losers. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Card, Flex, Table } from 'antd'
import { useState } from 'react'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { inWords } from '../forms/context'
import { ChangeCharts } from './ChangeCharts'
import type { Result } from './result'
import { MonthsChart, RulesChart } from './SumCharts'
import { TierMoves } from './TierMoves'

export type Sums = Schemas['CurrencySums']

interface Props {
  simulation: Schemas['SimulationAnswer']
  result: Result
}

export function SimulationReport({ simulation, result }: Props) {
  const { t, i18n } = useTranslation('program')
  const formats = useFormats()
  const [chosen, setChosen] = useState(result.currencies[0]?.currency ?? '')
  const currency = result.currencies.find((one) => one.currency === chosen)
  const change = result.changes.find((one) => one.currency === chosen)
  const name = inWords(currency?.name, i18n.language) || chosen
  const { baseline } = result
  return (
    <Flex vertical gap="middle" role="region" aria-label={t('simulate.result')}>
      <Alert
        type="success"
        showIcon
        title={t('simulate.told', {
          events: formats.count(result.events),
          members: formats.count(result.members),
          from: formats.day(result.from),
          until: formats.day(result.until),
        })}
        description={
          baseline.kind === 'decided'
            ? t('simulate.baselineDecided')
            : t('simulate.baseline', { versions: baseline.versions.join(', ') })
        }
      />
      {result.currencies.length > 1 && (
        <Select
          aria-label={t('simulate.currency')}
          style={{ width: 240 }}
          value={chosen}
          onChange={setChosen}
          options={result.currencies.map((one) => ({
            value: one.currency,
            label: inWords(one.name, i18n.language),
          }))}
        />
      )}
      {currency && <Totals now={currency.in_force} then={currency.draft} name={name} />}
      {change && (
        <Alert
          type="info"
          showIcon
          title={t('simulate.sum', {
            winners: formats.count(change.winners),
            losers: formats.count(change.losers),
            unchanged: formats.count(change.unchanged),
          })}
        />
      )}
      <MonthsChart result={result} currency={chosen} simulation={simulation.simulation} />
      {change && <ChangeCharts change={change} simulation={simulation.simulation} />}
      <RulesChart result={result} currency={chosen} simulation={simulation.simulation} />
      <TierMoves result={result} simulation={simulation.simulation} />
      {result.refusals.length > 0 && <Refusals result={result} />}
    </Flex>
  )
}

interface Row {
  key: string
  now: number | null
  then: number | null
  money?: string
}

function Totals({ now, then, name }: { now: Sums | null; then: Sums | null; name: string }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const points = ['issued', 'taken_back', 'redeemed', 'expired', 'outstanding'] as const
  const rows: Row[] = [
    ...points.map((key) => ({ key, now: now?.[key] ?? null, then: then?.[key] ?? null })),
    ...(['cost', 'liability'] as const).map((key) => ({
      key,
      now: now?.[key]?.amount ?? null,
      then: then?.[key]?.amount ?? null,
      money: then?.[key]?.currency ?? now?.[key]?.currency ?? '',
    })),
  ].filter((row) => row.now !== null || row.then !== null)
  const say = (row: Row, value: number | null) => {
    if (value === null) return '–'
    return row.money ? formats.money(value, row.money) : formats.count(value)
  }
  const difference = (row: Row) => {
    if (row.now === null || row.then === null) return '–'
    const delta = row.then - row.now
    const sign = delta > 0 ? '+' : ''
    const share = row.now ? ` (${sign}${formats.share(delta / Math.abs(row.now))})` : ''
    return `${sign}${say(row, delta)}${delta ? share : ''}`
  }
  return (
    <Card size="small" title={t('simulate.totals', { name })}>
      <Table<Row>
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={rows}
        columns={[
          { key: 'what', title: '', render: (_, row) => t(`simulate.sums.${row.key}`) },
          {
            key: 'now',
            title: t('simulate.now'),
            align: 'right',
            render: (_, row) => say(row, row.now),
          },
          {
            key: 'then',
            title: t('simulate.then'),
            align: 'right',
            render: (_, row) => say(row, row.then),
          },
          {
            key: 'difference',
            title: t('simulate.difference'),
            align: 'right',
            render: (_, row) => <strong>{difference(row)}</strong>,
          },
        ]}
      />
    </Card>
  )
}

function Refusals({ result }: { result: Result }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  return (
    <Card size="small" title={t('simulate.refusals')}>
      <p>{t('simulate.refusalsText')}</p>
      <Table
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        rowKey={(row) => `${row.type} ${row.code}`}
        dataSource={result.refusals}
        columns={[
          { key: 'type', title: t('try.type'), render: (_, row) => row.type },
          {
            key: 'code',
            title: t('try.why'),
            render: (_, row) => t(`shared:problems.${row.code}`, { defaultValue: row.code }),
          },
          {
            key: 'now',
            title: t('simulate.now'),
            align: 'right',
            render: (_, row) => formats.count(row.in_force.events),
          },
          {
            key: 'then',
            title: t('simulate.then'),
            align: 'right',
            render: (_, row) => formats.count(row.draft.events),
          },
        ]}
      />
    </Card>
  )
}
