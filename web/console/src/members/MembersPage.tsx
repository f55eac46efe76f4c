/** Members: one box that finds, filters that narrow, and the list. */
import { DownloadOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Flex, Table, Tag, Typography, type TableColumnsType } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { csvOf, download, type TableOf } from '../charts/csv'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { MemberFilters } from './MemberFilters'
import { useNames, useProgram } from './program'
import { SearchBox } from './SearchBox'
import { FILTERS, isNarrow, queryOf, useAsked } from './search'
import { StatusTag } from './StatusTag'

type Listed = Schemas['ListedMember']

const PAGE = 50

export function Component() {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const [asked] = useAsked()
  const cursor = useCursor()
  const program = useProgram()
  const currencies = program.data?.currencies ?? []
  const query = { ...queryOf(asked, currencies), limit: PAGE, cursor }
  const needsCurrency = asked.sort.endsWith('balance') || asked.least || asked.most
  const { data, error, isFetching, isPending, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/members',
    { params: { query } },
    { placeholderData: keepPreviousData, enabled: !needsCurrency || !program.isPending },
  )
  const columns = useColumns(currencies)
  const count = data?.about ?? null
  const about = data?.exact ? 'count.exact' : 'count.about'
  return (
    <>
      <PageHead
        title={t('area')}
        sub={count !== null && t(about, { count, shown: formats.count(count) })}
        extra={<Download items={data?.items ?? []} currencies={currencies} />}
      />
      <Flex vertical gap="middle">
        <SearchBox />
        <MemberFilters tiers={program.data?.tiers ?? []} currencies={currencies} />
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!error && (
          <Table<Listed>
            size="small"
            rowKey="member"
            loading={isFetching && { delay: 200 }}
            dataSource={data?.items ?? []}
            columns={columns}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: isPending ? ' ' : <Empty /> }}
          />
        )}
      </Flex>
      <Pager next={data?.next} isOld={isPlaceholderData} />
    </>
  )
}

function Empty() {
  const { t } = useTranslation('members')
  const [asked, write] = useAsked()
  if (isNarrow(asked))
    return (
      <Nothing
        text={t('empty.narrow')}
        action={<Button onClick={() => write(FILTERS)}>{t('filter.clear')}</Button>}
      />
    )
  return (
    <Nothing
      text={t('empty.all')}
      action={
        <Link to="/imports">
          <Button type="primary">{t('empty.import')}</Button>
        </Link>
      }
    />
  )
}

function useColumns(currencies: string[]): TableColumnsType<Listed> {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const may = useMay()
  const named = useNames()
  const balances: TableColumnsType<Listed> = may('ledger:read')
    ? currencies.map((code) => ({
        key: `balance:${code}`,
        title: named(code),
        align: 'right' as const,
        render: (_, one) => formats.count(one.balances[code] ?? 0),
      }))
    : []
  return [
    {
      key: 'member',
      title: t('column.member'),
      render: (_, one) => (
        <Flex gap={4} align="center">
          <Link to={`/members/${one.member}`}>{nameOf(one)}</Link>
          <StatusTag status={one.status} />
        </Flex>
      ),
    },
    {
      key: 'tier',
      title: t('column.tier'),
      render: (_, one) => (one.tier ? <Tag>{named(one.tier)}</Tag> : '–'),
    },
    ...balances,
    {
      key: 'active',
      title: t('column.active'),
      render: (_, one) => (one.last_active ? formats.day(`${one.last_active}T12:00:00Z`) : '–'),
    },
    {
      key: 'enrolled',
      title: t('column.enrolled'),
      render: (_, one) => formats.day(one.enrolled_at),
    },
    {
      key: 'attributes',
      title: t('column.attributes'),
      render: (_, one) => <Typography.Text type="secondary">{attributesOf(one)}</Typography.Text>,
    },
  ]
}

/** What the staff know a member by: the number on the card, else our own. */
function nameOf(one: Listed): string {
  const [first] = one.identities
  return first ? `${first.system}:${first.external_id}` : one.member
}

function attributesOf(one: Listed): string {
  return Object.entries(one.attributes)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
}

function Download({ items, currencies }: { items: Listed[]; currencies: string[] }) {
  const { t } = useTranslation(['members', 'shared'])
  const table: TableOf = {
    columns: [
      ...(['member', 'reference', 'status', 'tier', 'active', 'enrolled'] as const).map((key) => ({
        key,
        title: t(`column.${key}`),
      })),
      ...currencies.map((code) => ({ key: `balance:${code}`, title: code })),
      { key: 'attributes', title: t('column.attributes') },
    ],
    rows: items.map((one) => ({
      member: one.member,
      reference: nameOf(one),
      status: one.status,
      tier: one.tier,
      active: one.last_active,
      enrolled: one.enrolled_at,
      attributes: attributesOf(one),
      ...Object.fromEntries(currencies.map((code) => [`balance:${code}`, one.balances[code] ?? 0])),
    })),
  }
  return (
    <Button
      icon={<DownloadOutlined />}
      disabled={!items.length}
      onClick={() => download('members', csvOf(table))}
    >
      {t('download')}
    </Button>
  )
}
