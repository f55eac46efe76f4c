/** One coupon by its code: how it stands and all that happened to it; frozen or revoked here. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Descriptions, Drawer, Flex, Skeleton, Tag, Timeline, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useActor } from '../shell/actors'
import { ProblemAlert } from '../shell/ProblemAlert'
import { ReasonModal } from '../shell/ReasonModal'
import { useMay } from '../shell/session'
import { STANDING_COLORS, type Coupon } from './terms'

interface Props {
  /** Its code or id; empty: nothing is shown. */
  code: string
  onClose: () => void
  onChanged?: () => void
}

export function CouponDrawer({ code, onClose, onChanged }: Props) {
  const { t } = useTranslation('coupons')
  const found = api.useQuery(
    'get',
    '/v1/coupons/{code}',
    { params: { path: { code } } },
    { enabled: code !== '', staleTime: 0, retry: false },
  )
  const again = () => {
    void found.refetch()
    onChanged?.()
  }
  return (
    <Drawer open={code !== ''} onClose={onClose} title={t('one')} size="large" destroyOnHidden>
      <ProblemAlert problem={found.error} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && <Story story={found.data} onChanged={again} />}
    </Drawer>
  )
}

function Story({
  story,
  onChanged,
}: {
  story: Schemas['CouponStoryAnswer']
  onChanged: () => void
}) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  const actor = useActor()
  const { coupon } = story
  const said = (step: Schemas['CouponStep']) =>
    [formats.moment(step.at), actor(step.by), step.reason].filter(Boolean).join(' · ')
  return (
    <Flex vertical gap="middle">
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'code',
            label: t('code'),
            children: <Typography.Text copyable>{coupon.printed}</Typography.Text>,
          },
          { key: 'name', label: t('name'), children: coupon.name },
          {
            key: 'standing',
            label: t('state'),
            children: (
              <Tag color={STANDING_COLORS[coupon.standing]}>{t(`standing.${coupon.standing}`)}</Tag>
            ),
          },
          { key: 'member', label: t('member'), children: coupon.member ?? t('bearer') },
          { key: 'used', label: t('usedOf'), children: `${coupon.used} / ${coupon.uses}` },
          { key: 'worth', label: t('give'), children: coupon.words.worth },
        ]}
      />
      <Holds coupon={coupon} onChanged={onChanged} />
      <Timeline
        items={story.history.map((step) => ({
          title: t(`step.${step.what as 'issued'}`),
          content: said(step),
        }))}
      />
    </Flex>
  )
}

type Next = Schemas['CouponMoveIn']['state']

function Holds({ coupon, onChanged }: { coupon: Coupon; onChanged: () => void }) {
  const { t } = useTranslation('coupons')
  const { message } = App.useApp()
  const may = useMay()
  const [asking, setAsking] = useState<Next>()
  const move = useMutation({
    mutationFn: ({ state, reason }: { state: Next; reason: string }) =>
      told(
        client.POST('/v1/coupons:state', {
          body: { coupons: [coupon.coupon ?? ''], state, reason },
        }),
      ),
    onSuccess: () => {
      setAsking(undefined)
      void message.success(t('saved'))
      onChanged()
    },
  })
  if (!may('offers:write') || !coupon.coupon || coupon.standing === 'revoked') return null
  const next: Next[] = coupon.standing === 'frozen' ? ['active', 'revoked'] : ['frozen', 'revoked']
  return (
    <Flex gap="small">
      {next.map((state) => (
        <Button key={state} danger={state === 'revoked'} onClick={() => setAsking(state)}>
          {t(`hold.${state}`)}
        </Button>
      ))}
      <ReasonModal
        isOpen={asking !== undefined}
        title={t('one')}
        deed={t(asking ? `hold.${asking}` : 'state')}
        isDanger={asking === 'revoked'}
        isBusy={move.isPending}
        problem={move.error}
        onCancel={() => setAsking(undefined)}
        onConfirm={(reason) => asking && move.mutate({ state: asking, reason })}
      />
    </Flex>
  )
}
