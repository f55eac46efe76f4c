/** What the coupon gives: each kind asks for what it needs. */
import { Col, Form, Input, InputNumber, Row, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { GIVES, unitsOf, type TermsValues } from './terms'

export function GiveFields({ money }: { money: string }) {
  const { t } = useTranslation('coupons')
  const give = Form.useWatch<TermsValues['give'] | undefined>('give') ?? 'amount'
  const step = 1 / unitsOf(money)
  const rules = [{ required: true, message: t('needed') }]
  const sum = <InputNumber min={step} step={1} suffix={money} style={{ width: '100%' }} />
  return (
    <Row gutter={12}>
      <Col xs={24} sm={8}>
        <Form.Item name="give" label={t('give')}>
          <Select options={GIVES.map((one) => ({ value: one, label: t(`gives.${one}`) }))} />
        </Form.Item>
      </Col>
      <Col xs={24} sm={8}>
        {give === 'amount' && (
          <Form.Item name="amount" label={t('amount')} rules={rules}>
            {sum}
          </Form.Item>
        )}
        {give === 'percentage' && (
          <Form.Item name="percent" label={t('percent')} rules={rules}>
            <InputNumber min={0.01} max={100} precision={2} suffix="%" style={{ width: '100%' }} />
          </Form.Item>
        )}
        {give === 'free_item' && (
          <Form.Item name="quantity" label={t('quantity')}>
            <InputNumber min={1} max={100} precision={0} style={{ width: '100%' }} />
          </Form.Item>
        )}
        {give === 'gift' && (
          <Form.Item name="gift" label={t('gift')} rules={rules}>
            <Input maxLength={200} />
          </Form.Item>
        )}
      </Col>
      <Col xs={24} sm={8}>
        <Form.Item name="threshold" label={t('threshold')} extra={t('thresholdHint')}>
          {sum}
        </Form.Item>
      </Col>
      {(give === 'percentage' || give === 'free_delivery') && (
        <Col xs={24} sm={8}>
          <Form.Item name="ceiling" label={t('ceiling')}>
            {sum}
          </Form.Item>
        </Col>
      )}
    </Row>
  )
}
