/** Where a chart is drawn: follows the size of its box, the theme, and what there is to draw. */
import { theme } from 'antd'
import type { ECElementEvent, EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'

import { themeOf, useChartColors } from './colors'

export interface CanvasProps {
  /** What the chart tells, for those who do not see it. */
  label: string
  height: number
  option: EChartsCoreOption
  onPick?: (picked: Picked) => void
}

export interface Picked {
  series: string
  name: string
  index: number
}

const isStill = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

export function Canvas({ label, height, option, onPick }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType>()
  const { token } = theme.useToken()
  const colors = useChartColors()

  useEffect(() => {
    const element = box.current
    let made: EChartsType | undefined
    let gone = false
    const watch = new ResizeObserver(() => made?.resize())
    void import('./engine').then(({ init }) => {
      if (gone || !element) return
      made = init(element, themeOf(colors), { renderer: 'canvas' })
      watch.observe(element)
      setChart(made)
    })
    return () => {
      gone = true
      watch.disconnect()
      made?.dispose()
      setChart(undefined)
    }
  }, [colors])

  useEffect(() => {
    chart?.setOption(
      {
        animation: !isStill(),
        animationDuration: 300,
        // Series are told apart by patterns too; the words of it are ours.
        aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
        ...option,
        tooltip: option.tooltip ? quiet(option.tooltip) : undefined,
        textStyle: { fontFamily: token.fontFamily },
      },
      { notMerge: true },
    )
  }, [chart, option, token.fontFamily])

  useEffect(() => {
    if (!chart || !onPick) return
    const pick = (event: ECElementEvent) =>
      onPick({ series: event.seriesName ?? '', name: event.name, index: event.dataIndex })
    chart.on('click', pick)
    return () => {
      chart.off('click', pick)
    }
  }, [chart, onPick])

  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />
}

/** Drawn and not written as HTML: the page's policy allows no styles in it. */
function quiet(tooltip: object): object {
  return { confine: true, ...tooltip, renderMode: 'richText' }
}
