/** What a membership is, as a tag. */
import type { Schemas } from '@regulars/shared/api/client'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'

export type Membership = Schemas['MembershipAnswer']
export type Detail = Schemas['MembershipDetailAnswer']

export const STANDINGS = ['active', 'trial', 'grace', 'expired', 'refunded', 'ended'] as const
export type Standing = (typeof STANDINGS)[number]

const COLORS: Record<string, string> = {
  active: 'success',
  trial: 'processing',
  grace: 'warning',
  refunded: 'error',
}

export function StandingTag({ standing }: { standing: string }) {
  const { t } = useTranslation('memberships')
  return <Tag color={COLORS[standing] ?? 'default'}>{t(`standing.${standing}`)}</Tag>
}

export function isLive(one: Membership): boolean {
  return one.standing === 'active' || one.standing === 'trial' || one.standing === 'grace'
}

export function isStanding(text: string | undefined): text is Standing {
  return STANDINGS.some((one) => one === text)
}
