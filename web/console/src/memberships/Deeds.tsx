/** What can be done with a membership: renew it by a payment, pay it back, end it. */
import { api, client, deedKey, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Descriptions, Flex, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useSecondFactor } from '../shell/SecondFactor'
import { useMay } from '../shell/session'
import { SellModal } from './SellModal'
import { isLive, type Membership } from './standings'

type Deed = 'refund' | 'end' | 'renew'

export function Deeds({ of, onChange }: { of: Membership; onChange: () => void }) {
  const { t } = useTranslation('memberships')
  const may = useMay()
  const [asked, ask] = useState<Deed>()
  if (!isLive(of)) return null
  const done = () => {
    ask(undefined)
    onChange()
  }
  return (
    <>
      <Flex gap="small" wrap>
        {may('orders:write') && (
          <Button onClick={() => ask('renew')}>
            {t(`deed.${of.kind === 'trial' ? 'buy' : 'renew'}`)}
          </Button>
        )}
        {may('offers:write') && (
          <>
            <Button onClick={() => ask('refund')}>{t('deed.refund')}</Button>
            <Button danger onClick={() => ask('end')}>
              {t('deed.end')}
            </Button>
          </>
        )}
      </Flex>
      {asked === 'renew' && (
        <SellModal member={of.member} renewed={of} onDone={done} onCancel={() => ask(undefined)} />
      )}
      {(asked === 'refund' || asked === 'end') && (
        <EndModal of={of} deed={asked} onDone={done} onCancel={() => ask(undefined)} />
      )}
    </>
  )
}

interface EndProps {
  of: Membership
  deed: 'refund' | 'end'
  onDone: () => void
  onCancel: () => void
}

function EndModal({ of, deed, onDone, onCancel }: EndProps) {
  const { t } = useTranslation('memberships')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [key] = useState(deedKey)
  const path = { membership: of.membership }
  const act = useMutation({
    mutationFn: (reason: string) =>
      guarded(async () => {
        const call = { params: { path, header: { 'idempotency-key': key } }, body: { reason } }
        if (deed === 'refund') await told(client.POST('/v1/memberships/{membership}/refund', call))
        else await told(client.POST('/v1/memberships/{membership}/end', call))
      }),
    onSuccess: () => {
      void message.success(t(`deed.${deed}Done`))
      onDone()
    },
  })
  return (
    <ReasonModal
      isOpen
      title={t(`deed.${deed}Title`)}
      deed={t(`deed.${deed}`)}
      isDanger
      isBusy={act.isPending}
      problem={act.error}
      onConfirm={(reason) => act.mutate(reason)}
      onCancel={onCancel}
    >
      {deed === 'refund' ? <Due membership={of.membership} /> : t('deed.endSays')}
    </ReasonModal>
  )
}

/** What would be paid back, term by term. */
function Due({ membership }: { membership: string }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const { data, error } = api.useQuery(
    'get',
    '/v1/memberships/{membership}/refund',
    { params: { path: { membership } } },
    { staleTime: 0 },
  )
  if (error) return <ProblemAlert problem={error} />
  if (!data) return <Skeleton active />
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      items={[
        ...data.parts.map((part) => ({
          key: part.starts_at,
          label: `${formats.day(part.starts_at)} – ${formats.day(part.ends_at)}`,
          children: t(`refund.${part.why}`, {
            left: formats.count(part.days_left),
            days: formats.count(part.days),
            money: formats.money(part.money.amount, part.money.currency),
          }),
        })),
        {
          key: 'saved',
          label: t('refund.saved'),
          children: formats.money(data.saved.amount, data.saved.currency),
        },
        {
          key: 'money',
          label: t('refund.money'),
          children: <strong>{formats.money(data.money.amount, data.money.currency)}</strong>,
        },
        ...(data.points
          ? [{ key: 'points', label: t('refund.points'), children: formats.count(data.points) }]
          : []),
      ]}
    />
  )
}
