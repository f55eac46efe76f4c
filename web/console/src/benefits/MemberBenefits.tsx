/** A member's benefits, as a tab of their page: what they can use, were given, and used. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Flex, Table, Tag, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { GrantModal } from './GrantModal'
import { GrantTable } from './GrantTable'
import { UseTable } from './UseTable'

export type Held = Schemas['HeldBenefitAnswer']

export function MemberBenefits({ member }: { member: string }) {
  const { t } = useTranslation('benefits')
  const may = useMay()
  const [isGiving, give] = useState(false)
  const held = api.useQuery('get', '/v1/members/{ref}/benefits', {
    params: { path: { ref: member } },
  })
  const grants = api.useQuery('get', '/v1/benefit-grants', {
    params: { query: { member, limit: 20 } },
  })
  const uses = api.useQuery('get', '/v1/benefit-uses', { params: { query: { member, limit: 20 } } })
  return (
    <Flex vertical gap="middle">
      <ProblemAlert
        problem={held.error ?? grants.error ?? uses.error}
        onRetry={() => void Promise.all([held.refetch(), grants.refetch(), uses.refetch()])}
      />
      <Card
        size="small"
        title={t('member.held')}
        extra={
          may('offers:write') && (
            <Button size="small" type="primary" onClick={() => give(true)}>
              {t('grant.give')}
            </Button>
          )
        }
      >
        <HeldTable items={held.data?.items} isBusy={held.isFetching} />
      </Card>
      <Card size="small" title={t('tabs.grants')}>
        <GrantTable items={grants.data?.items} isBusy={grants.isFetching} isOfOne />
      </Card>
      <Card size="small" title={t('tabs.uses')}>
        <UseTable items={uses.data?.items} isBusy={uses.isFetching} isOfOne />
      </Card>
      {isGiving && <GrantModal member={member} onClose={() => give(false)} />}
    </Flex>
  )
}

interface TableProps {
  items: readonly Held[] | undefined
  isBusy: boolean
}

function HeldTable({ items, isBusy }: TableProps) {
  const { t } = useTranslation('benefits')
  return (
    <Table<Held>
      size="small"
      rowKey={(one) => `${one.benefit} ${one.grant ?? ''}`}
      loading={isBusy && { delay: 200 }}
      dataSource={items ?? []}
      columns={useHeldColumns()}
      pagination={false}
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: items ? <Nothing text={t('member.none')} /> : ' ' }}
    />
  )
}

/** Why somebody has it: "Tier Gold", "By hand". */
export function useWhyText(): (held: Held) => string {
  const { t } = useTranslation('benefits')
  return (held) =>
    [t(`carrier.${held.carrier}`, { defaultValue: held.carrier }), held.by_name]
      .filter(Boolean)
      .join(' ')
}

/** What is left of it, and what stands in the way. */
export function LeftTag({ held }: { held: Held }) {
  const { t } = useTranslation('benefits')
  if (held.why_not) return <Tag>{t(`whyNot.${held.why_not}`)}</Tag>
  if (!held.quota) return <Tag>{t('quota.unlimited')}</Tag>
  return <Tag>{t('member.left', { count: held.quota.left, uses: held.quota.uses })}</Tag>
}

function useHeldColumns(): TableColumnsType<Held> {
  const { t } = useTranslation('benefits')
  const formats = useFormats()
  const why = useWhyText()
  return [
    { key: 'benefit', title: t('field.benefit'), dataIndex: 'name' },
    { key: 'kind', title: t('field.kind'), render: (_, one) => t(`kind.${one.kind}`) },
    { key: 'why', title: t('field.why'), render: (_, one) => why(one) },
    { key: 'left', title: t('field.left'), render: (_, one) => <LeftTag held={one} /> },
    {
      key: 'until',
      title: t('field.valid'),
      render: (_, one) =>
        one.until ? t('grant.until', { day: formats.day(one.until) }) : t('grant.forGood'),
    },
  ]
}
