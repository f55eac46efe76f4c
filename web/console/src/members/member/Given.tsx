/** What rules gave beside points with one event; and why a coupon was not given out at that time. */
import type { Schemas } from '@regulars/shared/api/client'
import { CheckCircleOutlined, MinusCircleOutlined } from '@ant-design/icons'
import { List, Typography, theme } from 'antd'
import { useTranslation } from 'react-i18next'

type Given = Schemas['GivenAnswer']

export function Given({ items }: { items: Given[] }) {
  const { t } = useTranslation('members')
  const { token } = theme.useToken()
  if (!items.length) return null
  return (
    <List<Given>
      size="small"
      header={<Typography.Text strong>{t('why.given')}</Typography.Text>}
      dataSource={items}
      renderItem={(one) => (
        <List.Item>
          <List.Item.Meta
            avatar={
              one.why_not ? (
                <MinusCircleOutlined style={{ color: token.colorTextTertiary }} />
              ) : (
                <CheckCircleOutlined style={{ color: token.colorSuccess }} />
              )
            }
            title={t(`why.gives.${one.kind as 'coupon'}`, { what: one.what })}
            description={
              one.why_not
                ? t('why.missed', { why: one.detail })
                : t('why.byRule', { rule: one.rule })
            }
          />
        </List.Item>
      )}
    />
  )
}
