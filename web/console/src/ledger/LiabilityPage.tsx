/** What members may still redeem, by the month in which it lapses, and what became of points. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { problemOf } from '@regulars/shared/problems'
import { Button, DatePicker, Flex, Select, Skeleton, Space, Statistic, Card } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlState } from '../shell/urlState'
import { Breakage } from './Breakage'
import { useMonths } from './months'
import { MonthsChart, type CurrencyMonths } from './MonthsChart'
import { startOf, useProgram } from './zones'

const DAY = 'YYYY-MM-DD'
const CARDS = {
  display: 'grid',
  gap: 12,
  gridTemplateColumns: 'repeat(auto-fit, minmax(170px, 1fr))',
} as const

export function Component() {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const months = useMonths()
  const [day, setDay] = useUrlState('at')
  const [asked, setCurrency] = useUrlState('currency')
  const zone = useProgram()?.time_zone
  const asOf = day && zone ? startOf(day, zone) : undefined
  const { data, error, isPending, refetch } = api.useQuery(
    'get',
    '/v1/liability/by-month',
    { params: { query: { as_of: asOf } } },
    { enabled: !day || zone !== undefined, retry: false },
  )
  const shown = data?.currencies.find((one) => one.currency === asked) ?? data?.currencies[0]
  if (problemOf(error).code === 'no_program_in_force' && !day) return <WithoutProgram />
  return (
    <Flex vertical gap={12}>
      <Flex gap="small" wrap align="center">
        <DatePicker
          aria-label={t('liability.asOf')}
          placeholder={t('liability.now')}
          value={day ? dayjs(day) : null}
          disabledDate={(one) => one.isAfter(dayjs(), 'day')}
          onChange={(one) => setDay(one?.format(DAY) ?? '')}
          presets={[0, 1, 2].map((back) => ({
            label: t('liability.endOf', {
              month: months(
                dayjs()
                  .subtract(back + 1, 'month')
                  .format(DAY),
              ),
            }),
            value: dayjs().subtract(back, 'month').startOf('month'),
          }))}
        />
        {(data?.currencies.length ?? 0) > 1 && (
          <Select
            aria-label={t('filter.currency')}
            style={{ minWidth: 140 }}
            value={shown?.currency}
            onChange={setCurrency}
            options={data?.currencies.map((one) => ({ value: one.currency, label: one.name }))}
          />
        )}
        {data && (
          <span>
            {t('liability.stated', {
              at: formats.moment(data.as_of, data.time_zone),
              zone: data.time_zone,
              version: data.program_version,
            })}
          </span>
        )}
      </Flex>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {isPending && <Skeleton active />}
      {data && shown && (
        <>
          <Totals of={shown} />
          <MonthsChart of={shown} asOf={data.as_of} />
          <Breakage currency={shown.currency} asOf={asOf} />
        </>
      )}
    </Flex>
  )
}

function Totals({ of }: { of: CurrencyMonths }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const worth = of.worth
  return (
    <div style={CARDS}>
      {(['outstanding', 'breakage', 'expected'] as const).map((name) => (
        <Card size="small" key={name}>
          <Statistic title={t(`liability.${name}`)} value={formats.count(of[name])} />
        </Card>
      ))}
      <Card size="small">
        <Statistic
          title={t('liability.worth')}
          value={worth ? formats.money(worth.amount, worth.currency) : t('liability.noWorth')}
        />
      </Card>
    </div>
  )
}

function WithoutProgram() {
  const { t } = useTranslation('ledger')
  return (
    <Nothing
      text={t('liability.noProgram')}
      action={
        <Space>
          <Link to="/program">
            <Button type="primary">{t('liability.write')}</Button>
          </Link>
        </Space>
      }
    />
  )
}
