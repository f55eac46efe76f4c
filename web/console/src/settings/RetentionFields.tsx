/** How long each kind of record is kept; empty is as by default. */
import { api } from '@regulars/shared/api/client'
import { Col, Form, Input, Row, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { useSpan } from './spans'

export function RetentionFields() {
  const { t } = useTranslation('settings')
  const span = useSpan()
  const found = api.useQuery('get', '/v1/privacy/retention')
  return (
    <>
      <Typography.Paragraph type="secondary">{t('retention.hint')}</Typography.Paragraph>
      <Row gutter={16}>
        {found.data?.items
          .filter((one) => one.by_schedule)
          .map((one) => (
            <Col key={one.what} xs={24} md={12}>
              <Form.Item
                name={['privacy', 'retention', one.what]}
                label={one.name}
                extra={t('retention.now', { span: span(one.kept_for), from: one.counted_from })}
                rules={[{ pattern: /^P(\d+[YMD]|T\d+H)+$/, message: t('retention.format') }]}
              >
                <Input placeholder={one.kept_for} style={{ width: 160 }} />
              </Form.Item>
            </Col>
          ))}
      </Row>
    </>
  )
}
