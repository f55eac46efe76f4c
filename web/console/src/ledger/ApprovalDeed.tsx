/** What a request would do, in words. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Collapse, Skeleton, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../shell/ProblemAlert'

export type Approval = Schemas['ApprovalAnswer']

export function ApprovalDeed({ of }: { of: Approval }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const member = of.member && <Link to={`/members/${of.member}`}>{of.member}</Link>
  if (of.deed === 'adjustment') {
    const amount = typeof of.payload.amount === 'number' ? of.payload.amount : 0
    const currency = typeof of.payload.currency === 'string' ? of.payload.currency : ''
    return (
      <span>
        <Typography.Text strong style={{ fontSize: 16 }}>
          {formats.signed(amount)} {currency}
        </Typography.Text>{' '}
        {t('approvals.forMember')} {member}
      </span>
    )
  }
  if (of.deed === 'publication') return <Publication of={of} />
  return (
    <span>
      {t('approvals.exportOf')} {member}
    </span>
  )
}

function Publication({ of }: { of: Approval }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const since = of.payload.in_force_from
  return (
    <>
      <span>
        {typeof since === 'string'
          ? t('approvals.inForceFrom', { when: formats.moment(since) })
          : t('approvals.inForceAtOnce')}
      </span>
      <Collapse
        size="small"
        items={[
          {
            key: 'document',
            label: t('approvals.document'),
            children: <Document approval={of.approval} />,
          },
        ]}
      />
    </>
  )
}

/** The text itself is told only of one request at a time. */
function Document({ approval }: { approval: string }) {
  const { data, error, refetch } = api.useQuery('get', '/v1/approvals/{approval}', {
    params: { path: { approval } },
  })
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton active />
  const text = data.payload.document
  return (
    <pre style={{ margin: 0, maxHeight: 420, overflow: 'auto', fontSize: 12 }} tabIndex={0}>
      {typeof text === 'string' ? text : JSON.stringify(data.payload, null, 2)}
    </pre>
  )
}
