/** Whom a run of coupons would reach, how many of them would get one, and some of them. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNames } from '../members/program'

type Told = Schemas['CouponOutlookAnswer']

export function Outlook({ outlook }: { outlook: Told }) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  const isShort = outlook.left !== null && outlook.left < outlook.fit
  const isPart = outlook.looked_at < outlook.members
  const count = formats.count(outlook.members)
  return (
    <Alert
      style={{ marginBlockStart: 8 }}
      type={outlook.fit && !isShort ? 'info' : 'warning'}
      title={t(outlook.exact ? 'run.holds' : 'run.holdsMany', {
        count: outlook.members,
        shown: count,
      })}
      description={
        <Flex vertical gap={4}>
          <span>
            {isPart
              ? t('run.fitOf', { count: outlook.fit, of: formats.count(outlook.looked_at) })
              : t('run.fit', { count: outlook.fit })}
          </span>
          {isShort && <span>{t('run.left', { count: outlook.left ?? 0 })}</span>}
          <Skipped items={outlook.skipped} />
          <Sample items={outlook.sample} />
        </Flex>
      }
    />
  )
}

export function Skipped({ items }: { items: Schemas['CouponSkipped'][] }) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  return items.map((one) => (
    <Typography.Text key={one.why} type="secondary">
      {t('run.skipped', {
        count: one.members,
        shown: formats.count(one.members),
        detail: one.detail,
      })}
    </Typography.Text>
  ))
}

function Sample({ items }: { items: Schemas['CouponReached'][] }) {
  const { t } = useTranslation('coupons')
  const named = useNames()
  if (!items.length) return null
  return (
    <>
      <Typography.Text strong>{t('run.sample')}</Typography.Text>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {items.map((one) => (
          <li key={one.member}>
            <Typography.Text code>{one.member}</Typography.Text> {named(one.tier)}
            {one.why && <Typography.Text type="secondary"> {one.detail}</Typography.Text>}
          </li>
        ))}
      </ul>
    </>
  )
}
