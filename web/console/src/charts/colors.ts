/** The colours of charts, from the theme, in light and dark alike. */
import { theme } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { useMemo } from 'react'

export interface ChartColors {
  /** For series one after the other; told apart also where red and green look alike. */
  series: string[]
  /** For what is only there to compare with, such as the period before. */
  before: string
  good: string
  bad: string
  text: string
  faint: string
  lines: string
  ground: string
}

export function useChartColors(): ChartColors {
  const { token } = theme.useToken()
  return useMemo(
    () => ({
      series: [
        token.colorPrimary,
        token.orange,
        token.geekblue,
        token.magenta,
        token.gold,
        token.purple,
        token.cyan,
        token.volcano,
      ],
      before: token.colorTextQuaternary,
      good: token.colorSuccess,
      bad: token.colorError,
      text: token.colorText,
      faint: token.colorTextSecondary,
      lines: token.colorBorderSecondary,
      ground: token.colorBgElevated,
    }),
    [token],
  )
}

/** What every chart begins with. */
export function themeOf(colors: ChartColors): EChartsCoreOption {
  const axis = {
    axisLine: { lineStyle: { color: colors.lines } },
    axisTick: { show: false },
    axisLabel: { color: colors.faint },
    splitLine: { lineStyle: { color: colors.lines } },
  }
  return {
    color: colors.series,
    backgroundColor: 'transparent',
    textStyle: { color: colors.text, fontFamily: 'inherit' },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    logAxis: axis,
    legend: {
      textStyle: { color: colors.faint },
      inactiveColor: colors.before,
      pageIconColor: colors.faint,
      pageTextStyle: { color: colors.faint },
    },
    tooltip: {
      backgroundColor: colors.ground,
      borderColor: colors.lines,
      textStyle: { color: colors.text },
    },
    line: { symbol: 'circle', showSymbol: false, lineStyle: { width: 2 } },
    pie: { label: { color: colors.text }, itemStyle: { borderColor: colors.ground } },
  }
}
