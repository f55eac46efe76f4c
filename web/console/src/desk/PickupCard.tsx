/** Something that a member took and comes for: what it is, and that it was handed out. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card, Flex, Result, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../shell/ProblemAlert'

const HANDED_OUT = 'picked_up'

export function PickupCard({ redemption }: { redemption: Schemas['RedemptionAnswer'] }) {
  const { t } = useTranslation('desk')
  const formats = useFormats()
  const handOut = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/redemptions/{redemption}/steps', {
          params: { path: { redemption: redemption.redemption } },
          body: { to: HANDED_OUT, carrier: '', tracking: '' },
        }),
      ),
  })
  const name = [redemption.name, redemption.variant_name].filter(Boolean).join(' · ')
  if (handOut.data) return <Result status="success" title={t('pickup.done', { name })} />
  const mayHandOut = redemption.next.includes(HANDED_OUT)
  return (
    <Card title={t('pickup.title')}>
      <Flex vertical gap="middle">
        <Typography.Text strong>
          {formats.count(redemption.quantity)} × {name}
        </Typography.Text>
        <Flex gap="small" wrap>
          <Typography.Text type="secondary">{redemption.place_name}</Typography.Text>
          <Link to={`/members/${redemption.member}`}>{t('member')}</Link>
          <Link to={`/mall/redemptions/${redemption.redemption}`}>{t('pickup.more')}</Link>
        </Flex>
        {mayHandOut ? (
          <Button
            type="primary"
            size="large"
            loading={handOut.isPending}
            onClick={() => handOut.mutate()}
          >
            {t('pickup.handOut')}
          </Button>
        ) : (
          <Alert type="warning" showIcon title={t('pickup.notNow')} />
        )}
        <ProblemAlert problem={handOut.error} />
      </Flex>
    </Card>
  )
}
