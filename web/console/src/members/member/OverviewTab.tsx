/** What matters first: the person behind the masks, the tier, and the points. */
import type { Schemas } from '@regulars/shared/api/client'
import { Card, Col, Descriptions, Row } from 'antd'
import { useTranslation } from 'react-i18next'

import { useMay } from '../../shell/session'
import { Points } from './Points'
import { ProfileCard } from './ProfileCard'
import { TierCard } from './TierCard'

type Member = Schemas['MemberAnswer']

export function OverviewTab({ member }: { member: Member }) {
  const may = useMay()
  const isThere = member.status !== 'erased'
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} lg={10}>
        <Row gutter={[16, 16]}>
          {isThere && may('profiles:read') && (
            <Col span={24}>
              <ProfileCard member={member.member} isRestricted={member.restricted_at !== null} />
            </Col>
          )}
          <Col span={24}>
            <Facts member={member} />
          </Col>
          <Col span={24}>
            <TierCard member={member.member} />
          </Col>
        </Row>
      </Col>
      {may('ledger:read') && (
        <Col xs={24} lg={14}>
          <Points member={member.member} />
        </Col>
      )}
    </Row>
  )
}

function Facts({ member }: { member: Member }) {
  const { t } = useTranslation('members')
  const attributes = Object.entries(member.attributes)
  if (!attributes.length && !member.identities.length) return null
  return (
    <Card size="small" title={t('facts.title')}>
      <Descriptions
        size="small"
        column={1}
        items={[
          ...member.identities.map((one) => ({
            key: `id:${one.system}:${one.external_id}`,
            label: one.system,
            children: one.external_id,
          })),
          ...attributes.map(([name, value]) => ({
            key: name,
            label: name,
            children: String(value),
          })),
        ]}
      />
    </Card>
  )
}
