/** One paid membership: its terms, what it saved, who shares it, and what can be done. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Descriptions, Flex, Skeleton, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { Deeds } from './Deeds'
import { FamilyCard } from './FamilyCard'
import { SavingsCard } from './SavingsCard'
import { StandingTag, type Detail } from './standings'

export function Component() {
  const { membership = '' } = useParams()
  const { data, error, refetch } = api.useQuery('get', '/v1/memberships/{membership}', {
    params: { path: { membership } },
  })
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active paragraph={{ rows: 8 }} />
  return <Known of={data} onChange={() => void refetch()} />
}

function Known({ of, onChange }: { of: Detail; onChange: () => void }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const held = of.membership
  return (
    <>
      <PageHead
        title={held.name}
        sub={<StandingTag standing={held.standing} />}
        extra={<Deeds of={held} onChange={onChange} />}
      />
      <Flex vertical gap="middle">
        <Card size="small">
          <Descriptions
            size="small"
            column={{ xs: 1, sm: 2, lg: 3 }}
            items={[
              {
                key: 'member',
                label: t('field.member'),
                children: <Link to={`/members/${held.member}?tab=cards`}>{held.member}</Link>,
              },
              { key: 'begun', label: t('field.begun'), children: formats.moment(held.begun_at) },
              { key: 'until', label: t('field.until'), children: formats.moment(held.until) },
              { key: 'ends', label: t('field.ends'), children: formats.moment(held.ends_at) },
              {
                key: 'renews',
                label: t('field.renews'),
                children: t(held.renews ? 'renews.yes' : 'renews.no'),
              },
              ...(held.ended_at
                ? [
                    {
                      key: 'ended',
                      label: t('field.ended'),
                      children: `${formats.moment(held.ended_at)}${held.ended_why ? ` · “${held.ended_why}”` : ''}`,
                    },
                  ]
                : []),
            ]}
          />
        </Card>
        <Terms of={of} />
        <SavingsCard membership={held.membership} />
        <FamilyCard of={of} onChange={onChange} />
      </Flex>
    </>
  )
}

function Terms({ of }: { of: Detail }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  return (
    <Card title={t('terms.title')} styles={{ body: { padding: 0 } }}>
      <Table
        size="small"
        rowKey="starts_at"
        dataSource={of.terms}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('terms.kind'), render: (_, one) => t(`terms.${one.kind}`) },
          {
            title: t('terms.span'),
            render: (_, one) => `${formats.day(one.starts_at)} – ${formats.day(one.ends_at)}`,
          },
          {
            title: t('terms.paid'),
            align: 'right',
            render: (_, one) =>
              one.points
                ? t('points', { n: formats.count(one.points.amount), what: one.points.currency })
                : formats.money(one.price.amount, one.price.currency),
          },
          { title: t('terms.payment'), render: (_, one) => one.payment ?? '–' },
          { title: t('terms.sold'), render: (_, one) => formats.moment(one.sold_at) },
          {
            title: t('terms.refunded'),
            align: 'right',
            render: (_, one) => {
              if (!one.refunded_at) return '–'
              return one.refunded_points
                ? formats.count(one.refunded_points)
                : formats.money(one.refunded.amount, one.refunded.currency)
            },
          },
        ]}
      />
    </Card>
  )
}
