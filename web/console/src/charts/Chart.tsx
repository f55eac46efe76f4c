/** A chart with its title; its numbers are there as a table and as a file too. */
import { DownloadOutlined, LineChartOutlined, TableOutlined } from '@ant-design/icons'
import { Button, Card, Empty, Skeleton, Space, Tooltip } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Canvas, type Picked } from './Canvas'
import { csvOf, download, type TableOf } from './csv'

const ChartTable = lazy(() => import('./ChartTable'))

export interface ChartProps {
  title: string
  /** One sentence under the title: what is shown, in which unit. */
  sub?: ReactNode
  /** What the chart tells, for those who do not see it; the title when left out. */
  label?: string
  height?: number
  option: EChartsCoreOption
  table: TableOf
  /** The name of the file, without ".csv". */
  csvName: string
  loading?: boolean
  /** Shown in place of a chart with nothing in it. */
  empty?: ReactNode
  extra?: ReactNode
  onPick?: (picked: Picked) => void
}

export function Chart(props: ChartProps) {
  const { t } = useTranslation('charts')
  const [isTable, setTable] = useState(false)
  const { title, table, csvName, loading, empty } = props
  const isEmpty = !loading && empty !== undefined && empty !== false && empty !== null
  const other = isTable ? t('showChart') : t('showTable')
  return (
    <Card
      size="small"
      title={title}
      role="group"
      aria-label={title}
      extra={
        <Space size={2} wrap>
          {props.extra}
          <Tooltip title={other}>
            <Button
              type="text"
              size="small"
              aria-label={`${title}: ${other}`}
              aria-pressed={isTable}
              disabled={loading === true || isEmpty}
              icon={isTable ? <LineChartOutlined /> : <TableOutlined />}
              onClick={() => setTable(!isTable)}
            />
          </Tooltip>
          <Tooltip title={t('download')}>
            <Button
              type="text"
              size="small"
              aria-label={`${title}: ${t('download')}`}
              disabled={loading === true || isEmpty}
              icon={<DownloadOutlined />}
              onClick={() => download(csvName, csvOf(table))}
            />
          </Tooltip>
        </Space>
      }
    >
      <Body {...props} isEmpty={isEmpty} isTable={isTable} />
    </Card>
  )
}

function Body(props: ChartProps & { isEmpty: boolean; isTable: boolean }) {
  const { height = 260, table } = props
  if (props.loading) return <Skeleton active paragraph={{ rows: Math.floor(height / 36) }} />
  if (props.isEmpty) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.empty} />
  if (props.isTable)
    return (
      <Suspense fallback={<Skeleton active />}>
        <ChartTable table={table} />
      </Suspense>
    )
  return (
    <>
      {props.sub}
      <Canvas
        label={props.label ?? props.title}
        height={height}
        option={props.option}
        onPick={props.onPick}
      />
    </>
  )
}
