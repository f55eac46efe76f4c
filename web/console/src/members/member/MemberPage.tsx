/** One member: who they are, what they have and why, and what can be done for them. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Flex, Skeleton, Tabs, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { MemberBenefits } from '../../benefits/MemberBenefits'
import { CardsTab } from '../../memberships/CardsTab'
import { PageHead } from '../../shell/PageHead'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useUrlState } from '../../shell/urlState'
import { Deeds } from '../deeds/Deeds'
import { useNames } from '../program'
import { StatusTag } from '../StatusTag'
import { AuditTab } from './AuditTab'
import { ConsentsTab } from './ConsentsTab'
import { DevicesTab } from './DevicesTab'
import { EventsTab } from './EventsTab'
import { OverviewTab } from './OverviewTab'
import { TagsLine } from './TagsLine'

type Member = Schemas['MemberAnswer']

export function Component() {
  const { ref = '' } = useParams()
  const { data, error, isPending, refetch } = api.useQuery('get', '/v1/members/{ref}', {
    params: { path: { ref } },
  })
  if (isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  if (!data) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  return <Known member={data} key={data.member} />
}

function Known({ member }: { member: Member }) {
  const { t } = useTranslation(['members', 'benefits'])
  const named = useNames()
  const formats = useFormats()
  const may = useMay()
  const [tab, setTab] = useUrlState('tab', 'overview')
  const tabs = [
    { key: 'overview', label: t('tab.overview'), children: <OverviewTab member={member} /> },
    { key: 'events', label: t('tab.events'), children: <EventsTab member={member.member} /> },
    ...(may('offers:read')
      ? [
          {
            key: 'benefits',
            label: t('benefits:area'),
            children: <MemberBenefits member={member.member} />,
          },
        ]
      : []),
    ...(may('orders:read')
      ? [{ key: 'cards', label: t('tab.cards'), children: <CardsTab member={member.member} /> }]
      : []),
    ...(may('profiles:read')
      ? [
          {
            key: 'consents',
            label: t('tab.consents'),
            children: <ConsentsTab member={member.member} />,
          },
        ]
      : []),
    ...(may('members:manage')
      ? [
          {
            key: 'devices',
            label: t('tab.devices'),
            children: <DevicesTab member={member.member} />,
          },
        ]
      : []),
    ...(may('audit:read')
      ? [{ key: 'audit', label: t('tab.audit'), children: <AuditTab member={member.member} /> }]
      : []),
  ]
  const [first] = member.identities
  return (
    <>
      <PageHead
        title={first ? `${first.system}:${first.external_id}` : member.member}
        sub={
          <Flex gap="small" wrap align="center">
            <Typography.Text code copyable>
              {member.member}
            </Typography.Text>
            {member.tier && <Tag>{named(member.tier)}</Tag>}
            <StatusTag status={member.status} />
            <Typography.Text type="secondary">
              {t('search.since', { day: formats.day(member.enrolled_at) })}
            </Typography.Text>
          </Flex>
        }
        extra={<Deeds member={member} />}
      />
      <Flex vertical gap="small">
        <Banners member={member} />
        <TagsLine member={member.member} />
        <Tabs
          activeKey={tabs.some((one) => one.key === tab) ? tab : 'overview'}
          onChange={setTab}
          destroyOnHidden
          items={tabs}
        />
      </Flex>
    </>
  )
}

function Banners({ member }: { member: Member }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  return (
    <>
      {member.frozen_at && (
        <Alert
          type="warning"
          showIcon
          title={t('banner.frozen', { at: formats.moment(member.frozen_at) })}
          description={member.frozen_reason || undefined}
        />
      )}
      {member.restricted_at && (
        <Alert
          type="warning"
          showIcon
          title={t('banner.restricted', { at: formats.moment(member.restricted_at) })}
        />
      )}
      {member.erased_at && (
        <Alert
          type="info"
          showIcon
          title={t('banner.erased', { at: formats.moment(member.erased_at) })}
        />
      )}
      {member.merged.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('banner.merged', { count: member.merged.length })}
          description={
            <Link to="?tab=events">
              <Typography.Text code>{member.merged.join(', ')}</Typography.Text>
            </Link>
          }
        />
      )}
    </>
  )
}
