/** What members were given or have used, line by line; of one member without saying whose. */
import { Table, Typography, type TableColumnsType, type TableProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'

interface Recorded {
  member: string
  name: string
}

export interface RecordsProps<Row> {
  items: Row[] | undefined
  isBusy: boolean
  /** Whether all are one member's, who stands above. */
  isOfOne?: boolean
}

interface Props<Row> extends RecordsProps<Row> {
  rowKey: TableProps<Row>['rowKey']
  /** What is said where there are none. */
  none: string
  /** Columns before and after the member and the benefit. */
  before?: TableColumnsType<Row>
  after: TableColumnsType<Row>
}

export function RecordTable<Row extends Recorded>({
  items,
  isBusy,
  isOfOne = false,
  rowKey,
  none,
  before = [],
  after,
}: Props<Row>) {
  const { t } = useTranslation('benefits')
  const whose: TableColumnsType<Row> = [
    {
      key: 'member',
      title: t('field.member'),
      render: (_, one) => (
        <Link to={`/members/${one.member}?tab=benefits`}>
          <Typography.Text code>{one.member}</Typography.Text>
        </Link>
      ),
    },
  ]
  const which: TableColumnsType<Row> = [
    { key: 'benefit', title: t('field.benefit'), render: (_, one) => one.name },
  ]
  return (
    <Table<Row>
      size="small"
      rowKey={rowKey ?? 'key'}
      loading={isBusy && { delay: 200 }}
      dataSource={items ?? []}
      columns={[...before, ...(isOfOne ? [] : whose), ...which, ...after]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: items ? <Nothing text={none} /> : ' ' }}
    />
  )
}
