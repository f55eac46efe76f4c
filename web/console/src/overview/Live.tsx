/** Decisions as they are made, each with its main reason. */
import { PauseOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useFormats } from '@regulars/shared/formats'
import { Badge, Button, Card, Flex, Tag, Typography, theme } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { useDecisions, type Decision, type Line } from './useDecisions'

const STATUS = {
  open: 'processing',
  waiting: 'warning',
  away: 'default',
  paused: 'default',
} as const satisfies Record<Line, string>

export function Live() {
  const { t, i18n } = useTranslation('overview')
  const [isPaused, setPaused] = useState(false)
  const { decisions, line } = useDecisions(i18n.language === 'zh' ? 'zh-CN' : 'en', isPaused)
  return (
    <Card
      size="small"
      title={t('live.title')}
      styles={{ body: { padding: 0 } }}
      extra={
        <Flex gap="small" align="center">
          <Badge status={STATUS[line]} text={t(`live.${line}`)} />
          <Button
            size="small"
            type="text"
            icon={isPaused ? <CaretRightOutlined /> : <PauseOutlined />}
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? t('live.goOn') : t('live.pause')}
          </Button>
        </Flex>
      }
    >
      {decisions.length === 0 ? (
        <div style={{ padding: 16 }}>
          <Nothing text={t('live.nothing')} />
        </div>
      ) : (
        <ol
          aria-label={t('live.title')}
          tabIndex={0}
          style={{ listStyle: 'none', margin: 0, padding: 0, maxHeight: 420, overflow: 'auto' }}
        >
          {decisions.map((one) => (
            <Told key={one.event} decision={one} />
          ))}
        </ol>
      )}
    </Card>
  )
}

function Told({ decision }: { decision: Decision }) {
  const { t } = useTranslation('overview')
  const formats = useFormats()
  const { token } = theme.useToken()
  const given = Object.entries(decision.earned).filter(([, points]) => points)
  const taken = Object.entries(decision.taken_back).filter(([, points]) => points)
  return (
    <li
      style={{ padding: '8px 12px', borderBlockStart: `1px solid ${token.colorBorderSecondary}` }}
    >
      <Flex justify="space-between" gap="small" wrap>
        <span>
          <Link to={`/members/${decision.member}?tab=events&event=${decision.event}`}>
            {t(`type.${decision.type}`, { defaultValue: decision.type })}
          </Link>{' '}
          <Typography.Text type="secondary">
            <time dateTime={decision.received_at}>{formats.moment(decision.received_at)}</time>
          </Typography.Text>
        </span>
        <span>
          {given.map(([currency, points]) => (
            <strong key={currency} style={{ color: token['green-8'], marginInlineStart: 8 }}>
              {formats.signed(points)}
            </strong>
          ))}
          {taken.map(([currency, points]) => (
            <strong key={currency} style={{ color: token['red-7'], marginInlineStart: 8 }}>
              {formats.signed(-points)}
            </strong>
          ))}
          {decision.tier_name && (
            <Tag style={{ marginInlineStart: 8 }}>
              {t('live.tier', { tier: decision.tier_name })}
            </Tag>
          )}
          {decision.status === 'refused' && (
            <Tag style={{ marginInlineStart: 8 }}>{t('live.refused')}</Tag>
          )}
        </span>
      </Flex>
      {decision.why && (
        <Typography.Text type="secondary" style={{ fontSize: token.fontSizeSM }}>
          {decision.why}
        </Typography.Text>
      )}
    </li>
  )
}
