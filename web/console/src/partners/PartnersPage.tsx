/** Every partner: what it may use, what was used there, and who works for it. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import { Button, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { stretchOf } from '../shell/days'
import { DaysBox } from '../shell/DaysBox'
import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { SeatModal } from './SeatModal'
import { Seats } from './Seats'
import { TillModal } from './TillModal'

type Partner = Schemas['PartnerAnswer']

export function Component() {
  const { t } = useTranslation('partners')
  const may = useMay()
  const [read, write] = useUrlStates()
  const [from, to] = [read('from'), read('to')]
  const [isLetting, letIn] = useState(false)
  const [isSeating, seat] = useState(false)
  const query = stretchOf({ from, to })
  const { data, error, isFetching, isPending, refetch } = api.useQuery(
    'get',
    '/v1/partners',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  const names = (data?.items ?? []).map((one) => one.partner)
  const mayManage = may('staff:manage')
  const deeds = mayManage && (
    <Flex gap="small" wrap>
      <Button onClick={() => seat(true)}>{t('seat.give')}</Button>
      {may('clients:manage') && (
        <Button type="primary" onClick={() => letIn(true)}>
          {t('till.make')}
        </Button>
      )}
    </Flex>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('sub')} extra={deeds} />
      <Flex vertical gap="large">
        <Flex gap="small" wrap role="search" aria-label={t('days')}>
          <DaysBox label={t('days')} days={{ from, to }} onDays={write} />
        </Flex>
        <ProblemAlert problem={error} onRetry={() => void refetch()} />
        {isPending && <Skeleton active />}
        {data && <Figures items={data.items} isBusy={isFetching} days={{ from, to }} />}
        {mayManage && <Seats />}
      </Flex>
      {isLetting && <TillModal partners={names} onClose={() => letIn(false)} />}
      {isSeating && <SeatModal partners={names} onClose={() => seat(false)} />}
    </>
  )
}

interface FiguresProps {
  items: Partner[]
  isBusy: boolean
  days: { from: string | undefined; to: string | undefined }
}

function Figures({ items, isBusy, days }: FiguresProps) {
  const { t } = useTranslation('partners')
  const formats = useFormats()
  const uses = (partner: string) => {
    const wanted = Object.entries({ partner, ...days }).filter(([, value]) => value)
    return `/benefits/uses?${new URLSearchParams(wanted as [string, string][]).toString()}`
  }
  return (
    <Table<Partner>
      size="small"
      rowKey="partner"
      loading={isBusy && { delay: 200 }}
      dataSource={items}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <Nothing text={t('none')} action={<Design />} /> }}
      columns={[
        {
          title: t('field.partner'),
          render: (_, one) => <Typography.Text strong>{one.partner}</Typography.Text>,
        },
        {
          title: t('field.benefits'),
          render: (_, one) => (
            <Flex gap={4} wrap>
              {one.benefits.map((each) => (
                <Tag key={each.benefit}>{each.name}</Tag>
              ))}
              {one.benefits.length === 0 && t('noBenefits')}
            </Flex>
          ),
        },
        { title: t('field.seats'), align: 'right', render: (_, one) => formats.count(one.seats) },
        { title: t('field.uses'), align: 'right', render: (_, one) => formats.count(one.uses) },
        {
          title: t('field.members'),
          align: 'right',
          render: (_, one) => formats.count(one.members),
        },
        {
          title: t('field.restored'),
          align: 'right',
          render: (_, one) => formats.count(one.restored),
        },
        {
          title: t('field.last'),
          render: (_, one) => (one.last_used_at ? formats.moment(one.last_used_at) : '–'),
        },
        {
          title: '',
          render: (_, one) => (
            <Link to={uses(one.partner)} aria-label={t('usesOf', { partner: one.partner })}>
              {t('toUses')}
            </Link>
          ),
        },
      ]}
    />
  )
}

function Design() {
  const { t } = useTranslation('partners')
  return (
    <Link to="/program">
      <Button>{t('design')}</Button>
    </Link>
  )
}
