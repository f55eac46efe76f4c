/** The numbers of a chart as a table; fetched when somebody asks for one. */
import { Table } from 'antd'

import type { Cell, TableOf } from './csv'

const ROWS = 10

export default function ChartTable({ table }: { table: TableOf }) {
  const rows = table.rows.map((row, place) => ({ ...row, place }))
  return (
    <Table<Record<string, Cell>>
      size="small"
      rowKey="place"
      dataSource={rows}
      scroll={{ x: 'max-content' }}
      pagination={rows.length > ROWS ? { pageSize: ROWS, size: 'small' } : false}
      columns={table.columns.map((column) => ({
        key: column.key,
        dataIndex: column.key,
        title: column.title,
        align: isNumeric(table, column.key) ? ('right' as const) : undefined,
        render: (value: Cell) => column.show?.(value) ?? value,
      }))}
    />
  )
}

function isNumeric(table: TableOf, key: string): boolean {
  return table.rows.some((row) => typeof row[key] === 'number')
}
