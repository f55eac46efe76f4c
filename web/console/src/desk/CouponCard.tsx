/** A coupon that was shown: what it is and whether it holds. It is used with an order. */
import type { Schemas } from '@regulars/shared/api/client'
import { Alert, Card, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

export function CouponCard({ coupon }: { coupon: Schemas['CouponAnswer'] }) {
  const { t } = useTranslation('desk')
  return (
    <Card title={t('coupon.title')}>
      <Flex vertical gap="middle">
        <Alert
          type={coupon.why ? 'error' : 'success'}
          showIcon
          title={coupon.name}
          description={coupon.detail || t('coupon.text')}
        />
        <Flex gap="small" wrap>
          <Typography.Text code>{coupon.printed}</Typography.Text>
          <Link to={`/coupons/codes/${encodeURIComponent(coupon.code)}`}>{t('coupon.more')}</Link>
        </Flex>
      </Flex>
    </Card>
  )
}
