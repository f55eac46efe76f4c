/** All that the member may use now, each with what is left of it and until when. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { Empty, Panel, Refusal, Row, Skeleton } from '../shell/parts'
import { useBenefits, type Held } from './benefits'

export function BenefitsPanel() {
  const { t } = useTranslation('benefits')
  const found = useBenefits()
  return (
    <Panel title={t('title')}>
      {found.isPending ? <Skeleton lines={4} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.data && !found.data.items.length ? <Empty text={t('none')} /> : null}
      {found.data?.items.map((one) => (
        <Row key={`${one.benefit} ${one.grant ?? ''}`} to={addressOf(one)}>
          <strong>{one.name}</strong>
          <br />
          <Says held={one} />
        </Row>
      ))}
    </Panel>
  )
}

/** What is left, until when, and why one has it: in one line. */
export function Says({ held }: { held: Held }) {
  const { t } = useTranslation('benefits')
  const { day } = useFormats()
  const parts = [useWhy(held)]
  if (held.why_not === 'used_up' && held.quota?.renewed_at)
    parts.push(t('again', { day: day(held.quota.renewed_at) }))
  else if (held.why_not) parts.push(t(`whyNot.${held.why_not}`))
  else if (held.quota) parts.push(t('left', { count: held.quota.left }))
  if (held.until) parts.push(t('until', { day: day(held.until) }))
  return <small>{parts.join(' · ')}</small>
}

/** Why one has it, in words. */
function useWhy(held: Held): string {
  const { t } = useTranslation('benefits')
  return t(`why.${held.carrier}`, {
    by: held.by_name,
    defaultValue: t('why.person'),
  })
}

function addressOf(held: Held): string {
  const way = held.grant ? `?grant=${encodeURIComponent(held.grant)}` : ''
  return `/benefits/${encodeURIComponent(held.benefit)}${way}`
}
