/** Every transfer of points, searched as one likes; one of them in full beside. */
import { DownloadOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Alert, Button, Dropdown, Flex, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { fileAddress, isNarrow, queryOf, useSearch } from './search'
import { TransferDrawer } from './TransferDrawer'
import { TransferFilters } from './TransferFilters'
import { useProgram } from './zones'

export type Transfer = Schemas['LedgerTransferAnswer']

const PAGE = 50

export function Component() {
  const { t } = useTranslation('ledger')
  const [search] = useSearch()
  const [shown, show] = useUrlState('transfer')
  const cursor = useCursor()
  const zone = useProgram()?.time_zone ?? 'UTC'
  const query = { ...queryOf(search, zone), limit: PAGE, cursor }
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/transfers',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  const columns = useColumns(zone)
  const isShort = data !== undefined && data.items.length < PAGE && data.next !== null
  return (
    <Flex vertical gap={12}>
      <Flex gap="small" wrap justify="space-between" align="start">
        <TransferFilters />
        <Download zone={zone} />
      </Flex>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!error && (
        <Table<Transfer>
          size="small"
          rowKey="transfer"
          loading={isFetching && { delay: 200 }}
          dataSource={data?.items ?? []}
          columns={columns}
          pagination={false}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: isPending ? ' ' : <Empty isShort={isShort} /> }}
          onRow={(one) => ({ onClick: () => show(one.transfer), style: { cursor: 'pointer' } })}
        />
      )}
      {isShort && data.items.length > 0 && (
        <Alert type="info" showIcon title={t('transfers.short')} />
      )}
      <Pager next={data?.next} isOld={isPlaceholderData} />
      <TransferDrawer transfer={shown} zone={zone} onClose={() => show('')} onShow={show} />
    </Flex>
  )
}

function Empty({ isShort }: { isShort: boolean }) {
  const { t } = useTranslation('ledger')
  const [search] = useSearch()
  if (isShort) return <Nothing text={t('transfers.noneYet')} />
  if (isNarrow(search)) return <Nothing text={t('transfers.none')} />
  return (
    <Nothing
      text={t('transfers.empty')}
      action={
        <Link to="/imports">
          <Button type="primary">{t('transfers.import')}</Button>
        </Link>
      }
    />
  )
}

function Download({ zone }: { zone: string }) {
  const { t } = useTranslation('ledger')
  const may = useMay()
  const [search] = useSearch()
  if (!may('exports:read')) return null
  return (
    <Dropdown
      menu={{
        items: (['csv', 'ndjson', 'parquet'] as const).map((form) => ({
          key: form,
          label: (
            <a href={fileAddress(search, zone, form)} download>
              {t(`form.${form}`)}
            </a>
          ),
        })),
      }}
    >
      <Button icon={<DownloadOutlined />} title={t('transfers.downloadHint')}>
        {t('shared:download')}
      </Button>
    </Dropdown>
  )
}

function useColumns(zone: string): TableColumnsType<Transfer> {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const [, show] = useUrlState('transfer')
  return [
    {
      key: 'at',
      title: t('transfers.countsFrom'),
      render: (_, one) => (
        <Button
          type="link"
          size="small"
          style={{ padding: 0 }}
          onClick={(event) => {
            event.stopPropagation()
            show(one.transfer)
          }}
        >
          {formats.moment(one.effective_at, zone)}
        </Button>
      ),
    },
    {
      key: 'code',
      title: t('filter.kind'),
      render: (_, one) => <Tag>{t(`code.${one.code}`, { defaultValue: one.code })}</Tag>,
    },
    {
      key: 'amount',
      title: t('transfers.amount'),
      align: 'right',
      render: (_, one) => <Typography.Text strong>{formats.count(one.amount)}</Typography.Text>,
    },
    { key: 'currency', title: t('filter.currency'), dataIndex: 'currency' },
    {
      key: 'way',
      title: t('transfers.way'),
      render: (_, one) => `${t(`account.${one.debit}`)} → ${t(`account.${one.credit}`)}`,
    },
    {
      key: 'member',
      title: t('transfers.member'),
      render: (_, one) => (
        <Link to={`/members/${one.member}`} onClick={(event) => event.stopPropagation()}>
          <Typography.Text code>{one.member}</Typography.Text>
        </Link>
      ),
    },
    {
      key: 'recorded',
      title: t('transfers.recorded'),
      render: (_, one) => (
        <Typography.Text type="secondary">{formats.moment(one.recorded_at, zone)}</Typography.Text>
      ),
    },
  ]
}
