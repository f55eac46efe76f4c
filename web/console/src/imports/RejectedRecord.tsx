/** One rejected record: where, why, and its cells to correct. */
import { Button, Flex, Input, Table, theme, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { useReason, type Rejected } from './reasons'

export type Cells = Rejected['rows']

interface Props {
  columns: string[]
  record: Rejected
  cells: Cells
  isBusy: boolean
  onChange: (cells: Cells) => void
  onRetry: () => void
}

export function RejectedRecord({ columns, record, cells, isBusy, onChange, onRetry }: Props) {
  const { t } = useTranslation('imports')
  const { token } = theme.useToken()
  const reason = useReason()
  const names = columns.length ? columns : ['JSON']
  const wrong = new Set(record.faults.map((one) => one.column))
  // What is wrong stands first: a wide table would hide it.
  const order = names
    .map((title, place) => ({ title, place }))
    .sort((one, other) => Number(wrong.has(other.title)) - Number(wrong.has(one.title)))
  const isEdited = cells !== record.rows

  const widthOf = (place: number) => {
    const longest = Math.max(4, ...cells.map((row) => textOf(row[place]).length))
    return columns.length ? Math.min(longest * 9 + 24, 320) : 640
  }
  const write = (row: number, place: number, text: string) =>
    onChange(
      cells.map((one, at) =>
        at === row ? one.map((cell, here): unknown => (here === place ? text : cell)) : one,
      ),
    )
  return (
    <section
      aria-label={t('rejected.row', { row: record.row })}
      style={{
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadius,
      }}
    >
      <Flex justify="space-between" gap="small" wrap style={{ padding: '8px 12px' }}>
        <div>
          <Typography.Text strong>{t('rejected.row', { row: record.row })}</Typography.Text>{' '}
          <Typography.Text type="danger">{reason(record)}</Typography.Text>
        </div>
        <Button size="small" disabled={isBusy} onClick={onRetry}>
          {isEdited ? t('rejected.retryEdited') : t('rejected.retryOne')}
        </Button>
      </Flex>
      {cells.length > 0 ? (
        <Table
          size="small"
          rowKey={(row) => String(cells.indexOf(row))}
          dataSource={cells}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={order.map(({ title, place }) => ({
            title,
            key: title,
            render: (_: unknown, row: Cells[number], at: number) => (
              <Input
                size="small"
                aria-label={title}
                style={{ width: widthOf(place) }}
                status={wrong.has(title) ? 'error' : ''}
                value={textOf(row[place])}
                onChange={({ target }) => write(at, place, target.value)}
              />
            ),
          }))}
        />
      ) : (
        <Typography.Paragraph type="secondary" style={{ padding: '0 12px' }}>
          {t('rejected.tooLong')}
        </Typography.Paragraph>
      )}
    </section>
  )
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}
