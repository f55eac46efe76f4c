/** Sizes and colours, each with its price; the pieces of new ones. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, InputNumber, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { unitsOf } from './money'
import type { VariantValues } from './rewards'

export function VariantFields({ money }: { money: string }) {
  const { t } = useTranslation('mall')
  const units = unitsOf(money)
  return (
    <Form.List name="variants">
      {(fields, { add, remove }) => (
        <div style={{ marginBottom: 16 }}>
          <Typography.Title level={5}>{t('variants')}</Typography.Title>
          {fields.map(({ key, name }) => (
            <Flex key={key} gap="small" wrap align="baseline">
              <Form.Item name={[name, 'variant']} hidden>
                <Input />
              </Form.Item>
              <Form.Item name={[name, 'sku']} label={t('sku')}>
                <Input maxLength={60} style={{ width: 120 }} />
              </Form.Item>
              {fields.length > 1 && (
                <>
                  <Form.Item name={[name, 'en']} label={t('variantEn')}>
                    <Input maxLength={100} style={{ width: 130 }} />
                  </Form.Item>
                  <Form.Item name={[name, 'zh']} label={t('variantZh')}>
                    <Input maxLength={100} style={{ width: 130 }} />
                  </Form.Item>
                </>
              )}
              <Form.Item
                name={[name, 'points']}
                label={t('points')}
                rules={[{ required: true, message: t('needed') }]}
              >
                <InputNumber min={0} precision={0} style={{ width: 120 }} />
              </Form.Item>
              <Form.Item
                name={[name, 'cash']}
                label={t('cash', { money })}
                normalize={(value: number | null) => (value ? Math.round(value * units) : null)}
                getValueProps={(value?: number | null) => ({ value: value ? value / units : null })}
              >
                <InputNumber min={0} precision={2} style={{ width: 120 }} />
              </Form.Item>
              <Pieces place={name} />
              {fields.length > 1 && (
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('variantRemove')}
                  onClick={() => remove(name)}
                />
              )}
            </Flex>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ points: 100 })}>
            {t('variantAdd')}
          </Button>
        </div>
      )}
    </Form.List>
  )
}

function Pieces({ place }: { place: number }) {
  const { t } = useTranslation('mall')
  const known = Form.useWatch<VariantValues['variant']>(['variants', place, 'variant'])
  if (known) return null
  return (
    <Form.Item name={[place, 'stock']} label={t('stock')} extra={t('stockHint')}>
      <InputNumber min={0} precision={0} style={{ width: 120 }} />
    </Form.Item>
  )
}
