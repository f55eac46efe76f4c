/** One budget: a bar for each of its limits, what is left, and what it comes to. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Progress, Tag, theme, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

type Budget = Schemas['BudgetAnswer']

const SPENT = 100
const LOW = 80

export function BudgetCard({ limits }: { limits: Budget[] }) {
  const { t } = useTranslation('budgets')
  const first = limits[0]
  if (!first) return null
  return (
    <Card size="small">
      <Flex justify="space-between" wrap gap="small">
        <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
          {first.name}
        </Typography.Title>
        <Flex gap={4} wrap>
          <Tag>{t(`per.${first.per ?? 'ever'}`)}</Tag>
          <Tag>{first.is_own ? t('own') : first.budget}</Tag>
        </Flex>
      </Flex>
      <Covers limits={first} />
      {limits.map((one) => (
        <Limit key={one.measure} limit={one} />
      ))}
    </Card>
  )
}

function Covers({ limits }: { limits: Budget }) {
  const { t } = useTranslation('budgets')
  const names = limits.covers.map((one) => t(`covers.${one.kind}`, { name: one.name }))
  const words = names.length ? names.join(t('comma')) : t('covers.everything')
  return <Typography.Text type="secondary">{words}</Typography.Text>
}

function Limit({ limit }: { limit: Budget }) {
  const { t } = useTranslation('budgets')
  const { token } = theme.useToken()
  const amount = useAmount(limit)
  const taken = Math.min(limit.percent, SPENT)
  const used = limit.most ? Math.min((limit.used * SPENT) / limit.most, SPENT) : SPENT
  const colour =
    taken >= SPENT ? token.colorError : taken >= LOW ? token.colorWarning : token.colorPrimary
  const name = limit.measure === 'money' ? t('measure.money') : limit.currency_name
  return (
    <section aria-label={name} style={{ marginTop: 12 }}>
      <Flex justify="space-between" wrap gap="small">
        <Typography.Text strong>{name}</Typography.Text>
        <Typography.Text>
          {t('taken', { used: amount(limit.used + limit.reserved), most: amount(limit.most) })}
        </Typography.Text>
      </Flex>
      <Progress
        aria-label={t('bar', { name, percent: limit.percent })}
        percent={taken}
        success={{ percent: Math.floor(used), strokeColor: colour }}
        strokeColor={token.colorTextQuaternary}
        format={() => t('percent', { percent: limit.percent })}
      />
      <Flex gap="large" wrap>
        <Fact label={t('left')} value={amount(limit.left)} />
        {limit.reserved > 0 && <Fact label={t('reserved')} value={amount(limit.reserved)} />}
        {limit.expected !== null && <Fact label={t('expected')} value={amount(limit.expected)} />}
        <Outlook limit={limit} />
      </Flex>
    </section>
  )
}

/** When it is there anew, and whether it lasts until then. */
function Outlook({ limit }: { limit: Budget }) {
  const { t } = useTranslation('budgets')
  const formats = useFormats()
  const lasts = limit.until ? t('lastsUntil') : t('lasts')
  return (
    <>
      <Fact
        label={t('outlook')}
        value={
          limit.left === 0
            ? t('spent')
            : limit.runs_out_at
              ? t('runsOut', { day: formats.day(limit.runs_out_at) })
              : lasts
        }
      />
      {limit.until && <Fact label={t('anew')} value={formats.day(limit.until)} />}
    </>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <span>
      <Typography.Text type="secondary">{label} </Typography.Text>
      <Typography.Text>{value}</Typography.Text>
    </span>
  )
}

function useAmount(limit: Budget): (value: number) => string {
  const formats = useFormats()
  return (value) =>
    limit.measure === 'money' ? formats.money(value, limit.currency) : formats.count(value)
}
