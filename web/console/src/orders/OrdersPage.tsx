/** Every order, searched as one likes. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Flex, Table, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { useProgram } from '../ledger/zones'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { isNarrow, queryOf, useSearch, type Listed } from './asking'
import { OrderFilters } from './OrderFilters'
import { StateTag } from './StateTag'

const PAGE = 50

export function Component() {
  const { t } = useTranslation('orders')
  const [search] = useSearch()
  const navigate = useNavigate()
  const cursor = useCursor()
  const zone = useProgram()?.time_zone ?? 'UTC'
  const query = { ...queryOf(search, zone), limit: PAGE, cursor }
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/orders',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  const columns = useColumns(zone)
  return (
    <>
      <PageHead title={t('title')} sub={t('sub')} />
      <Flex vertical gap={12}>
        <OrderFilters />
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!error && (
          <Table<Listed>
            size="small"
            rowKey="order"
            loading={isFetching && { delay: 200 }}
            dataSource={data?.items ?? []}
            columns={columns}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{
              emptyText: isPending ? (
                ' '
              ) : (
                <Nothing text={t(isNarrow(search) ? 'none' : 'empty')} />
              ),
            }}
            onRow={(one) => ({
              onClick: () => void navigate(`/orders/${one.order}`),
              style: { cursor: 'pointer' },
            })}
          />
        )}
        <Pager next={data?.next} isOld={isPlaceholderData} />
      </Flex>
    </>
  )
}

function useColumns(zone: string): TableColumnsType<Listed> {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  return [
    {
      key: 'id',
      title: t('number'),
      render: (_, one) => (
        <Link to={`/orders/${one.order}`} onClick={(event) => event.stopPropagation()}>
          {one.id}
        </Link>
      ),
    },
    { key: 'source', title: t('source'), dataIndex: 'source' },
    { key: 'state', title: t('filter.state'), render: (_, one) => <StateTag state={one.state} /> },
    {
      key: 'at',
      title: t('openedAt'),
      render: (_, one) => formats.moment(one.opened_at, zone),
    },
    { key: 'store', title: t('filter.store'), render: (_, one) => one.store ?? '–' },
    {
      key: 'total',
      title: t('total'),
      align: 'right',
      render: (_, one) => formats.money(one.total, one.currency),
    },
    {
      key: 'discount',
      title: t('discount'),
      align: 'right',
      render: (_, one) => (one.discount ? `−${formats.money(one.discount, one.currency)}` : '–'),
    },
    {
      key: 'points',
      title: t('points'),
      align: 'right',
      render: (_, one) => (one.points ? formats.count(one.points) : '–'),
    },
    {
      key: 'to_pay',
      title: t('toPay'),
      align: 'right',
      render: (_, one) => formats.money(one.to_pay, one.currency),
    },
  ]
}
