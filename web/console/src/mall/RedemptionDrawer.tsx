/** One redemption in full: where it goes, what became of it, what comes next. */
import { api, client, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Descriptions, Drawer, Flex, Input, Skeleton, Steps, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useActor } from '../shell/actors'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { usePrice, type Redemption } from './money'

const ENDED = new Set(['delivered', 'picked_up', 'fulfilled', 'cancelled', 'timed_out'])

interface Props {
  /** "" shows nothing. */
  redemption: string
  onClose: () => void
  onChanged: () => void
}

export function RedemptionDrawer({ redemption, onClose, onChanged }: Props) {
  const { t } = useTranslation('mall')
  const found = api.useQuery(
    'get',
    '/v1/redemptions/{redemption}',
    { params: { path: { redemption } } },
    { enabled: redemption !== '', staleTime: 0 },
  )
  const queries = useQueryClient()
  const changed = () => {
    void found.refetch()
    void queries.invalidateQueries({ queryKey: ['get', '/v1/redemptions/counts'] })
    onChanged()
  }
  return (
    <Drawer open={redemption !== ''} onClose={onClose} title={t('redemptionOne')} size="large">
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {redemption && !found.data && !found.error && <Skeleton active />}
      {redemption && found.data && <Whole one={found.data} onChanged={changed} />}
    </Drawer>
  )
}

function Whole({ one, onChanged }: { one: Redemption; onChanged: () => void }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const actor = useActor()
  const price = usePrice()
  return (
    <Flex vertical gap="large">
      <Descriptions
        column={1}
        size="small"
        items={[
          {
            key: 'what',
            label: t('name'),
            children: `${[one.name, one.variant_name].filter(Boolean).join(' · ')} × ${one.quantity}`,
          },
          { key: 'price', label: t('price'), children: price(one.points, one.currency, one.cash) },
          {
            key: 'member',
            label: t('member'),
            children: <Link to={`/members/${one.member}`}>{one.member}</Link>,
          },
          {
            key: 'way',
            label: t('ways'),
            children: [t(`way.${one.way}`), one.place_name].filter(Boolean).join(' · '),
          },
          ...(one.tracking
            ? [
                {
                  key: 'tracking',
                  label: t('tracking'),
                  children: `${one.carrier} ${one.tracking}`,
                },
              ]
            : []),
          ...(one.settlement
            ? [{ key: 'open', label: t('settlement'), children: <Tag>{t('toSettle')}</Tag> }]
            : []),
        ]}
      />
      {one.has_address && <Address redemption={one.redemption} />}
      <Steps
        orientation="vertical"
        size="small"
        current={one.steps.length - 1}
        items={one.steps.map((step) => ({
          title: t(`redemption.${step.state}`),
          content: [formats.moment(step.at), actor(step.by), step.reason]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
      <Deeds key={one.state} one={one} onChanged={onChanged} />
    </Flex>
  )
}

function Address({ redemption }: { redemption: string }) {
  const { t } = useTranslation('mall')
  const may = useMay()
  const open = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/redemptions/{redemption}/address:open', {
          params: { path: { redemption } },
        }),
      ),
  })
  if (open.data)
    return (
      <Typography.Paragraph copyable style={{ margin: 0 }}>
        {[open.data.name, open.data.phone, open.data.address].join(', ')}
      </Typography.Paragraph>
    )
  return (
    <div>
      <Button
        disabled={!may('profiles:unmask')}
        title={may('profiles:unmask') ? undefined : t('addressMay')}
        loading={open.isPending}
        onClick={() => open.mutate()}
      >
        {t('addressOpen')}
      </Button>{' '}
      <Typography.Text type="secondary">{t('addressNote')}</Typography.Text>
      <ProblemAlert problem={open.error} />
    </div>
  )
}

function Deeds({ one, onChanged }: { one: Redemption; onChanged: () => void }) {
  const { t } = useTranslation('mall')
  const may = useMay()
  const [carrier, setCarrier] = useState('')
  const [tracking, setTracking] = useState('')
  const [isCancelling, setCancelling] = useState(false)
  const params = { path: { redemption: one.redemption } }
  const move = useMutation({
    mutationFn: (to: Redemption['state']) =>
      told(
        client.POST('/v1/redemptions/{redemption}/steps', {
          params,
          body: { to, carrier, tracking },
        }),
      ),
    onSuccess: onChanged,
  })
  const cancel = useMutation({
    mutationFn: (reason: string) =>
      told(client.POST('/v1/redemptions/{redemption}/cancellation', { params, body: { reason } })),
    onSuccess: () => {
      setCancelling(false)
      onChanged()
    },
  })
  if (!may('desk:use')) return null
  return (
    <Flex vertical gap="small">
      {one.next.includes('shipped') && (
        <Flex gap="small" wrap>
          <Input
            aria-label={t('carrier')}
            placeholder={t('carrier')}
            maxLength={60}
            style={{ width: 150 }}
            value={carrier}
            onChange={(event) => setCarrier(event.target.value)}
          />
          <Input
            aria-label={t('tracking')}
            placeholder={t('tracking')}
            maxLength={80}
            style={{ width: 220 }}
            value={tracking}
            onChange={(event) => setTracking(event.target.value)}
          />
        </Flex>
      )}
      <Flex gap="small" wrap>
        {one.next.map((to, place) => (
          <Button
            key={to}
            type={place === 0 ? 'primary' : 'default'}
            loading={move.isPending && move.variables === to}
            onClick={() => move.mutate(to)}
          >
            {t(`deed.${to}`)}
          </Button>
        ))}
        {!ENDED.has(one.state) && (
          <Button danger onClick={() => setCancelling(true)}>
            {t('deed.cancelled')}
          </Button>
        )}
      </Flex>
      <ProblemAlert problem={move.error} />
      <ReasonModal
        isOpen={isCancelling}
        isDanger
        title={t('deed.cancelled')}
        deed={t('deed.cancelled')}
        isBusy={cancel.isPending}
        problem={cancel.error}
        onCancel={() => setCancelling(false)}
        onConfirm={(reason) => cancel.mutate(reason)}
      >
        {t('cancelNote')}
      </ReasonModal>
    </Flex>
  )
}
