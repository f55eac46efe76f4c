/** What somebody should look at now. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Flex } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useMay } from '../shell/session'

type Found = Schemas['AlertAnswer']

const LOOK_EVERY_MS = 60_000
const SHOWN = 3

/** Where one does something about it, and what one needs for that. */
const PLACES: Partial<Record<Found['code'], { to: string; scope: string }>> = {
  approvals_waiting: { to: '/ledger/approvals', scope: 'approvals:read' },
  enrolments_held: { to: '/settings/enrolments', scope: 'enrolments:decide' },
  records_rejected: { to: '/imports', scope: 'imports:write' },
  rule_surge: { to: '/program', scope: 'program:read' },
  liability_jump: { to: '/ledger/liability', scope: 'ledger:read' },
  budget_spent: { to: '/budgets', scope: 'offers:read' },
  budget_low: { to: '/budgets', scope: 'offers:read' },
  budget_half: { to: '/budgets', scope: 'offers:read' },
}

export function Alerts() {
  const { t } = useTranslation('overview')
  const [isAll, setAll] = useState(false)
  const { data } = api.useQuery(
    'get',
    '/v1/overview/alerts',
    {},
    { refetchInterval: LOOK_EVERY_MS },
  )
  const found = data?.items ?? []
  if (found.length === 0) return null
  const shown = isAll ? found : found.slice(0, SHOWN)
  return (
    <Flex vertical gap="small" role="region" aria-label={t('alerts.label')}>
      {shown.map((one) => (
        <Told key={`${one.code} ${one.subject ?? ''}`} found={one} />
      ))}
      {found.length > SHOWN && (
        <Button type="link" style={{ alignSelf: 'flex-start' }} onClick={() => setAll(!isAll)}>
          {isAll ? t('alerts.fewer') : t('alerts.more', { count: found.length - SHOWN })}
        </Button>
      )}
    </Flex>
  )
}

function Told({ found }: { found: Found }) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const may = useMay()
  const place = PLACES[found.code]
  return (
    <Alert
      showIcon
      type={found.level}
      title={t(`alerts.${found.code}`, {
        count: found.count,
        number: formats.count(found.count),
        usual: formats.count(found.usual ?? 0),
        name: found.name ?? '',
        day: found.day ? formats.day(found.day, 'UTC') : '',
        since: found.since ? formats.ago(found.since) : t('alerts.never'),
      })}
      action={
        place &&
        may(place.scope) && (
          <Link
            to={place.to}
            aria-label={t('alerts.lookAt', { what: t(`alerts.to.${found.code}`) })}
          >
            {t('alerts.look')}
          </Link>
        )
      }
    />
  )
}
