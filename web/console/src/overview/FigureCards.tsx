/** The figures on top: each with what it was in the span before. */
import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  InfoCircleOutlined,
  MinusOutlined,
} from '@ant-design/icons'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Skeleton, Tooltip, Typography, theme } from 'antd'
import { useTranslation } from 'react-i18next'

import { changeOf, figuresOf, type Change, type Figure } from './figures'
import type { Overview } from './series'

const GRID = {
  display: 'grid',
  gap: 12,
  gridTemplateColumns: 'repeat(auto-fill, minmax(168px, 1fr))',
} as const

interface Props {
  overview: Overview | undefined
  currency: string
}

export function FigureCards({ overview, currency }: Props) {
  const { t } = useTranslation('overview')
  return (
    <section aria-label={t('figures')} style={GRID}>
      {overview
        ? figuresOf(overview, currency).map((figure) => (
            <FigureCard key={figure.key} figure={figure} overview={overview} currency={currency} />
          ))
        : Array.from({ length: 12 }, (_, place) => (
            <Card key={place} size="small">
              <Skeleton active title={false} paragraph={{ rows: 3 }} />
            </Card>
          ))}
    </section>
  )
}

interface CardProps {
  figure: Figure
  overview: Overview
  currency: string
}

function FigureCard({ figure, overview, currency }: CardProps) {
  const { t } = useTranslation('overview')
  const say = useSay(overview)
  const formats = useFormats()
  const worth = overview.currencies.find((one) => one.currency === currency)?.value_minor ?? null
  const extra =
    figure.key === 'liability' && worth !== null
      ? t('worth', { money: formats.money(worth, overview.money) })
      : ''
  return (
    <Card size="small" role="group" aria-label={t(`figure.${figure.key}`)}>
      <Flex justify="space-between" gap={4}>
        <Typography.Text type="secondary">{t(`figure.${figure.key}`)}</Typography.Text>
        <Tooltip title={t(`means.${figure.key}`)}>
          <InfoCircleOutlined
            tabIndex={0}
            aria-label={t(`means.${figure.key}`)}
            style={{ opacity: 0.45 }}
          />
        </Tooltip>
      </Flex>
      <div
        style={{ fontSize: 22, lineHeight: 1.4, fontWeight: 600, overflowWrap: 'anywhere' }}
        data-figure={figure.key}
      >
        {figure.now === null ? '—' : say(figure.now, figure.kind)}
      </div>
      {extra && <Typography.Text type="secondary">{extra}</Typography.Text>}
      <Compared figure={figure} overview={overview} />
    </Card>
  )
}

function Compared({ figure, overview }: { figure: Figure; overview: Overview }) {
  const { t } = useTranslation('overview')
  const { token } = theme.useToken()
  const formats = useFormats()
  const say = useSay(overview)
  const change = changeOf(figure)
  if (!change) return <Typography.Text type="secondary">{t('notKnown')}</Typography.Text>
  const colors = {
    good: token['green-8'],
    bad: token['red-7'],
    neutral: token.colorTextSecondary,
  }
  const absolute = `${change.absolute > 0 ? '+' : ''}${say(change.absolute, figure.kind)}`
  const relative = change.relative === null ? '' : formats.share(Math.abs(change.relative))
  // Of a share the difference alone is told: percent of percent confuse.
  const isShare = figure.kind === 'share'
  return (
    <div style={{ fontSize: token.fontSizeSM, color: colors[change.mood] }}>
      <Arrow change={change} /> {!isShare && relative && <strong>{relative} </strong>}
      <span style={{ color: token.colorTextSecondary }}>
        {t('against', { change: absolute, before: say(figure.before ?? 0, figure.kind) })}
      </span>
    </div>
  )
}

function Arrow({ change }: { change: Change }) {
  const { t } = useTranslation('overview')
  const Icon = { up: ArrowUpOutlined, down: ArrowDownOutlined, same: MinusOutlined }[change.way]
  return <Icon aria-label={t(`way.${change.way}`)} />
}

/** Says a value of the page in its unit. */
function useSay(overview: Overview): (value: number, kind: Figure['kind']) => string {
  const formats = useFormats()
  return (value, kind) =>
    kind === 'money'
      ? formats.money(value, overview.money)
      : kind === 'share'
        ? formats.share(value)
        : formats.count(value)
}
