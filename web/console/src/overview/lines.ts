/** Charts over days: lines for this span, dashed ones for the span before. */
import type { EChartsCoreOption } from 'echarts/core'

import type { ChartColors } from '../charts/colors'
import type { Point } from './series'

export interface Line {
  name: string
  points: Point[]
  /** Whether the span before is drawn too. */
  withBefore?: boolean
  isBar?: boolean
}

export interface Words {
  before: (name: string) => string
  day: (day: string) => string
  short: (day: string) => string
  value: (value: number) => string
  axis: (value: number) => string
}

export function linesOption(lines: Line[], colors: ChartColors, words: Words): EChartsCoreOption {
  const days = lines[0]?.points.map((point) => point.day) ?? []
  const series = lines.flatMap((line, place) => {
    const color = colors.series[place % colors.series.length]
    const shown = {
      name: line.name,
      type: line.isBar ? 'bar' : 'line',
      data: line.points.map((point) => point.now),
      color,
      ...(line.isBar ? { barMaxWidth: 18 } : {}),
    }
    if (!line.withBefore) return [shown]
    const before = {
      name: words.before(line.name),
      type: 'line',
      data: line.points.map((point) => point.before),
      color: colors.faint,
      lineStyle: { type: 'dashed', width: 1.5, color: colors.faint },
    }
    return [shown, before]
  })
  return {
    grid: { left: 8, right: 12, top: series.length > 1 ? 32 : 12, bottom: 4, containLabel: true },
    legend: series.length > 1 ? { top: 0, left: 0, itemHeight: 8, type: 'scroll' } : undefined,
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value: unknown) => (typeof value === 'number' ? words.value(value) : '—'),
    },
    xAxis: {
      type: 'category',
      data: days,
      boundaryGap: lines.some((line) => line.isBar),
      axisLabel: { formatter: words.short, hideOverlap: true },
      axisPointer: { label: { formatter: ({ value }: { value: string }) => words.day(value) } },
    },
    yAxis: { type: 'value', axisLabel: { formatter: words.axis }, minInterval: 1 },
    series,
  }
}
