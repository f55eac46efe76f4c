/** How it went from day to day, or from week to week, beside the span before. */
import { useFormats } from '@regulars/shared/formats'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from '../charts/Chart'
import { useChartColors } from '../charts/colors'
import type { Cell } from '../charts/csv'
import { linesOption, type Line } from './lines'
import { compared, outstandingOf, pointsOf, stepOf, type Overview } from './series'

interface Props {
  overview: Overview | undefined
  currency: string
}

export function Trends({ overview, currency }: Props) {
  const { t } = useTranslation('overview')
  const made = useMemo(() => {
    if (!overview) return null
    const of = (
      ...asked: Parameters<typeof compared> extends [unknown, ...infer Rest] ? Rest : never
    ) => compared(overview, ...asked)
    const points = (name: 'issued' | 'redeemed' | 'expired' | 'returned') =>
      of(pointsOf(currency, name))
    return {
      sales: [
        {
          name: t('figure.sales'),
          points: of((day) => day.sales - day.came_back),
          withBefore: true,
        },
      ],
      points: (['issued', 'redeemed', 'expired', 'returned'] as const).map((name) => ({
        name: t(`figure.${name}`),
        points: points(name),
      })),
      members: [
        {
          name: t('figure.newMembers'),
          points: of((day) => day.new_members),
          isBar: true,
          withBefore: true,
        },
      ],
      active: [
        { name: t('figure.active'), points: of((day) => day.active, 'stock'), withBefore: true },
        { name: t('figure.atRisk'), points: of((day) => day.at_risk, 'stock') },
      ],
      outstanding: [
        {
          name: t('figure.liability'),
          points: of(outstandingOf(currency), 'stock'),
          withBefore: true,
        },
      ],
    } satisfies Record<string, Line[]>
  }, [overview, currency, t])
  const isKnown = (lines: Line[] | undefined) =>
    lines?.some((line) => line.points.some((point) => point.now !== null)) ?? true
  return (
    <>
      <Trend name="sales" lines={made?.sales} overview={overview} isMoney />
      <Trend name="points" lines={made?.points} overview={overview} />
      {isKnown(made?.active) && <Trend name="active" lines={made?.active} overview={overview} />}
      <Trend name="members" lines={made?.members} overview={overview} />
      {isKnown(made?.outstanding) && (
        <Trend name="outstanding" lines={made?.outstanding} overview={overview} />
      )}
    </>
  )
}

interface TrendProps {
  name: 'sales' | 'points' | 'members' | 'active' | 'outstanding'
  lines: Line[] | undefined
  overview: Overview | undefined
  isMoney?: boolean
}

function Trend({ name, lines = [], overview, isMoney = false }: TrendProps) {
  const { t, i18n } = useTranslation('overview')
  const formats = useFormats()
  const colors = useChartColors()
  const money = overview?.money ?? ''
  const locale = i18n.language === 'zh' ? 'zh-CN' : 'en'
  const option = useMemo(() => {
    const compact = new Intl.NumberFormat(locale, { notation: 'compact' })
    const short = new Intl.DateTimeFormat(locale, {
      month: 'short',
      day: 'numeric',
      timeZone: 'UTC',
    })
    return linesOption(lines, colors, {
      before: (line) => t('beforeOf', { name: line }),
      day: (day) => formats.day(day, 'UTC'),
      short: (day) => short.format(new Date(day)),
      value: (value) => (isMoney ? formats.money(value, money) : formats.count(value)),
      axis: (value) => compact.format(isMoney ? value / 10 ** digitsOf(money) : value),
    })
  }, [lines, colors, t, formats, isMoney, money, locale])
  const show = (value: Cell) => (typeof value === 'number' ? formats.count(value) : (value ?? '—'))
  const scale = isMoney ? 10 ** digitsOf(money) : 1
  return (
    <Chart
      title={t(`trend.${name}`)}
      label={t('trendLabel', {
        title: t(`trend.${name}`),
        from: overview?.span.from ?? '',
        to: overview?.span.to ?? '',
      })}
      csvName={`regulars-${name}-${overview?.span.from ?? ''}-${overview?.span.to ?? ''}`}
      loading={!overview}
      option={option}
      table={{
        columns: [
          { key: 'day', title: stepOf(overview?.days.length ?? 0) > 1 ? t('weekFrom') : t('day') },
          ...lines.flatMap((line) => [
            { key: line.name, title: isMoney ? `${line.name} (${money})` : line.name, show },
            ...(line.withBefore
              ? [{ key: `${line.name} 0`, title: t('beforeOf', { name: line.name }), show }]
              : []),
          ]),
        ],
        rows: (lines[0]?.points ?? []).map((point, place) => ({
          day: point.day,
          ...Object.fromEntries(
            lines.flatMap((line) => [
              [line.name, scaled(line.points[place]?.now, scale)],
              [`${line.name} 0`, scaled(line.points[place]?.before, scale)],
            ]),
          ),
        })),
      }}
    />
  )
}

function scaled(value: number | null | undefined, scale: number): number | null {
  return value === null || value === undefined ? null : value / scale
}

function digitsOf(currency: string): number {
  if (!currency) return 2
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  )
}
