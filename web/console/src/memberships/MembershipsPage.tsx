/** All paid memberships, with filters in the address, and what the cards amount to. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Card, Flex, Input, Select, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useUrlStates } from '../shell/urlState'
import { Figures } from './Figures'
import { isStanding, StandingTag, STANDINGS, type Membership } from './standings'

const PAGE = 50

export function Component() {
  const { t } = useTranslation('memberships')
  const [read] = useUrlStates()
  const cursor = useCursor()
  const standing = read('standing')
  const renews = read('renews')
  const { data, error, isFetching, isPlaceholderData, refetch } = api.useQuery(
    'get',
    '/v1/memberships',
    {
      params: {
        query: {
          card: read('card'),
          member: read('member'),
          standing: isStanding(standing) ? standing : undefined,
          renews: renews === undefined ? undefined : renews === 'yes',
          limit: PAGE,
          cursor,
        },
      },
    },
    { placeholderData: keepPreviousData },
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} />
      <Flex vertical gap="middle">
        <Figures />
        <Filters />
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {!error && (
          <Card styles={{ body: { padding: 0 } }}>
            <Held items={data?.items} isBusy={isFetching} />
          </Card>
        )}
        <Pager next={data?.next} isOld={isPlaceholderData} />
      </Flex>
    </>
  )
}

function Filters() {
  const { t } = useTranslation('memberships')
  const [read, write] = useUrlStates()
  const cards = api.useQuery('get', '/v1/paid-cards')
  const choices = (name: string, options: { value: string; label: string }[]) => (
    <Select
      aria-label={t(`filter.${name}`)}
      placeholder={t(`filter.${name}`)}
      style={{ minWidth: 150 }}
      allowClear
      value={read(name)}
      onChange={(value?: string) => write({ [name]: value ?? '' })}
      options={options}
    />
  )
  return (
    <Flex gap="small" wrap role="search" aria-label={t('filter.label')}>
      <Input.Search
        aria-label={t('filter.member')}
        placeholder={t('filter.memberHint')}
        style={{ width: 230 }}
        defaultValue={read('member')}
        allowClear
        onSearch={(member) => write({ member: member.trim() })}
      />
      {choices(
        'card',
        (cards.data?.items ?? []).map((one) => ({ value: one.card, label: one.name })),
      )}
      {choices(
        'standing',
        STANDINGS.map((one) => ({ value: one, label: t(`standing.${one}`) })),
      )}
      {choices(
        'renews',
        ['yes', 'no'].map((one) => ({ value: one, label: t(`renews.${one}`) })),
      )}
    </Flex>
  )
}

function Held({ items, isBusy }: { items: Membership[] | undefined; isBusy: boolean }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  return (
    <Table
      size="middle"
      rowKey="membership"
      dataSource={items ?? []}
      loading={isBusy}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Nothing text={t('none')} /> }}
      columns={[
        {
          title: t('field.card'),
          render: (_, one) => <Link to={`/cards/${one.membership}`}>{one.name}</Link>,
        },
        {
          title: t('field.member'),
          render: (_, one) => <Link to={`/members/${one.member}?tab=cards`}>{one.member}</Link>,
        },
        { title: t('field.standing'), render: (_, one) => <StandingTag standing={one.standing} /> },
        { title: t('field.begun'), render: (_, one) => formats.day(one.begun_at) },
        { title: t('field.until'), render: (_, one) => formats.day(one.until) },
        {
          title: t('field.renews'),
          render: (_, one) => t(one.renews ? 'renews.yes' : 'renews.no'),
        },
      ]}
    />
  )
}
