/** What only rewards of one kind have. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Flex, Form, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import { BenefitSelect } from '../benefits/BenefitSelect'
import { TemplateSelect } from '../coupons/TemplateSelect'
import type { RewardValues } from './rewards'

export function KindFields() {
  const { t } = useTranslation('mall')
  const kind = Form.useWatch<RewardValues['kind'] | undefined>('kind')
  const ways = Form.useWatch<RewardValues['ways']>('ways')
  const needed = [{ required: true, message: t('needed') }]
  if (kind === 'coupon')
    return (
      <Form.Item name="template" label={t('template')} extra={t('templateHint')} rules={needed}>
        <TemplateSelect by="code" />
      </Form.Item>
    )
  if (kind === 'service')
    return (
      <Flex gap="middle" wrap>
        <Form.Item name="benefit" label={t('benefit')} extra={t('benefitHint')} rules={needed}>
          <BenefitSelect />
        </Form.Item>
        <Form.Item name="benefitDays" label={t('benefitDays')}>
          <InputNumber min={1} max={3660} precision={0} />
        </Form.Item>
      </Flex>
    )
  if (kind === 'partner_points')
    return (
      <Flex gap="middle" wrap>
        <Form.Item name="partner" label={t('partner')} extra={t('partnerHint')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="partnerPoints" label={t('partnerPoints')}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
      </Flex>
    )
  if (kind !== 'goods') return null
  return (
    <>
      <Form.Item name="ways" label={t('ways')}>
        <Checkbox.Group
          options={(['address', 'pick_up'] as const).map((one) => ({
            value: one,
            label: t(`way.${one}`),
          }))}
        />
      </Form.Item>
      {ways?.includes('pick_up') && <Places />}
    </>
  )
}

function Places() {
  const { t } = useTranslation('mall')
  return (
    <Form.List name="places">
      {(fields, { add, remove }) => (
        <div style={{ marginBottom: 16 }}>
          {fields.map(({ key, name }) => (
            <Flex key={key} gap="small" wrap align="baseline">
              <Form.Item
                name={[name, 'code']}
                label={t('placeCode')}
                rules={[{ required: true, pattern: /^[A-Za-z0-9_.:-]+$/, message: t('code') }]}
              >
                <Input maxLength={60} style={{ width: 120 }} />
              </Form.Item>
              <Form.Item name={[name, 'en']} label={t('placeEn')}>
                <Input maxLength={100} />
              </Form.Item>
              <Form.Item name={[name, 'zh']} label={t('placeZh')}>
                <Input maxLength={100} />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('placeRemove')}
                onClick={() => remove(name)}
              />
            </Flex>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add()}>
            {t('placeAdd')}
          </Button>
        </div>
      )}
    </Form.List>
  )
}
