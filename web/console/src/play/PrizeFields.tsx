/** The prizes of a draw, one row each: what it is, its weight, and how many there are. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useFormats } from '@regulars/shared/formats'
import { Button, Flex, Form, Input, InputNumber, Select, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { BenefitSelect } from '../benefits/BenefitSelect'
import { TemplateSelect } from '../coupons/TemplateSelect'
import { KINDS, type PrizeValues } from './draws'

interface Asked {
  outOf: number
  currencies: string[]
}

export function PrizeFields({ outOf, currencies }: Asked) {
  const { t } = useTranslation('play')
  return (
    <Form.List name="prizes">
      {(fields, { add, remove }) => (
        <>
          <Typography.Title level={5}>{t('draw.prizes')}</Typography.Title>
          {fields.map(({ key, name }) => (
            <Flex key={key} gap="small" wrap align="start">
              <PrizeRow place={name} outOf={outOf} currencies={currencies} />
              <Form.Item label=" " colon={false}>
                <Button
                  icon={<DeleteOutlined />}
                  aria-label={t('draw.removePrize')}
                  disabled={fields.length === 1}
                  onClick={() => remove(name)}
                />
              </Form.Item>
            </Flex>
          ))}
          <Button
            icon={<PlusOutlined />}
            style={{ marginBottom: 16 }}
            onClick={() => add({ code: `prize${fields.length + 1}`, kind: 'goods', weight: 1 })}
          >
            {t('draw.addPrize')}
          </Button>
        </>
      )}
    </Form.List>
  )
}

function PrizeRow({ place, outOf, currencies }: Asked & { place: number }) {
  const { t } = useTranslation('play')
  const formats = useFormats()
  const form = Form.useFormInstance()
  const prize = Form.useWatch<PrizeValues | undefined>(['prizes', place], form)
  const needed = [{ required: true, message: t('needed') }]
  const share = prize?.weight && outOf ? formats.share(prize.weight / outOf) : ''
  return (
    <>
      <Form.Item
        name={[place, 'code']}
        label={t('draw.code')}
        rules={[...needed, { pattern: /^[a-z][a-z0-9_]*$/, message: t('draw.codeShape') }]}
        style={{ width: 110 }}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name={[place, 'en']} label={t('nameEn')} rules={needed} style={{ width: 150 }}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name={[place, 'zh']} label={t('nameZh')} style={{ width: 150 }}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name={[place, 'kind']} label={t('draw.kind')} style={{ width: 120 }}>
        <Select options={KINDS.map((one) => ({ value: one, label: t(`kinds.${one}`) }))} />
      </Form.Item>
      {prize?.kind === 'points' && (
        <>
          <Form.Item name={[place, 'amount']} label={t('draw.amount')} rules={needed}>
            <InputNumber min={1} precision={0} style={{ width: 100 }} />
          </Form.Item>
          <Form.Item name={[place, 'currency']} label={t('draw.currency')} style={{ width: 110 }}>
            <Select allowClear options={currencies.map((one) => ({ value: one, label: one }))} />
          </Form.Item>
        </>
      )}
      {prize?.kind === 'coupon' && (
        <Form.Item name={[place, 'template']} label={t('draw.template')} rules={needed}>
          <TemplateSelect by="template" />
        </Form.Item>
      )}
      {prize?.kind === 'benefit' && (
        <Form.Item name={[place, 'benefit']} label={t('draw.benefit')} rules={needed}>
          <BenefitSelect />
        </Form.Item>
      )}
      <Form.Item
        name={[place, 'weight']}
        label={t('draw.weight', { outOf: formats.count(outOf) })}
        rules={needed}
        extra={share}
      >
        <InputNumber min={1} max={1_000_000_000} precision={0} style={{ width: 120 }} />
      </Form.Item>
      {prize?.kind !== 'nothing' && (
        <Form.Item name={[place, 'stock']} label={t('draw.stock')}>
          <InputNumber min={1} precision={0} placeholder="∞" style={{ width: 100 }} />
        </Form.Item>
      )}
    </>
  )
}
