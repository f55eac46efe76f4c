/** A chart with its title; its numbers are there as a table and as a file too. */
import { DownloadOutlined, LineChartOutlined, TableOutlined } from '@ant-design/icons'
import { Button, Card, Empty, Skeleton, Space, Table, Tooltip } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Canvas, type Picked } from './Canvas'
import { csvOf, download, type Cell, type TableOf } from './csv'

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

const ROWS = 10

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
      <Table
        size="small"
        rowKey={(row) => String(table.rows.indexOf(row))}
        dataSource={table.rows}
        scroll={{ x: 'max-content' }}
        pagination={table.rows.length > ROWS ? { pageSize: ROWS, size: 'small' } : false}
        columns={table.columns.map((column) => ({
          key: column.key,
          dataIndex: column.key,
          title: column.title,
          align: isNumeric(table, column.key) ? ('right' as const) : undefined,
          render: (value: Cell) => column.show?.(value) ?? value,
        }))}
      />
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

function isNumeric(table: TableOf, key: string): boolean {
  return table.rows.some((row) => typeof row[key] === 'number')
}
