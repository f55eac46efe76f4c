/** What an event would come to. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Card, Flex, Statistic, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { inWords, useForm } from '../forms/context'
import { Explanation, useTierName, type Given } from './Explanation'

interface Props {
  tried: Schemas['EventAnswer'] | undefined
}

export function Decision({ tried }: Props) {
  const { t, i18n } = useTranslation('program')
  const formats = useFormats()
  const { value } = useForm()
  const tier = useTierName()
  const currencies = (value.currencies ?? {}) as Record<string, { name?: unknown }>
  if (!tried)
    return (
      <Card size="small">
        <Nothing text={t('try.nothingYet')} />
      </Card>
    )
  if (tried.refused)
    return (
      <Alert
        type="warning"
        showIcon
        title={t('tests.refused', { code: tried.refused })}
        description={t(`shared:problems.${tried.refused}`, { defaultValue: '' })}
      />
    )
  const earned = Object.entries(tried.earned)
  return (
    <Card size="small" title={t('try.decision')}>
      <Flex vertical gap="middle" role="status">
        <Flex gap="large" wrap>
          {earned.map(([code, points]) => (
            <Statistic
              key={code}
              title={inWords(currencies[code]?.name, i18n.language) || code}
              value={formats.signed(points)}
            />
          ))}
          {!earned.length && <Statistic title={t('try.points')} value="0" />}
        </Flex>
        {tried.tier && tried.tier.before !== tried.tier.after && (
          <Alert
            type="info"
            showIcon
            title={t('try.tierMove', {
              before: tier(tried.tier.before),
              after: tier(tried.tier.after),
            })}
          />
        )}
        {tried.lots
          .filter((lot) => lot.expires_at)
          .slice(0, 3)
          .map((lot, number) => (
            <Typography.Text key={number} type="secondary">
              {t('try.lapse', {
                points: formats.count(lot.amount),
                day: formats.day(lot.expires_at ?? ''),
              })}
            </Typography.Text>
          ))}
        <Explanation rules={tried.explanation as Given[]} besides={tried.follows?.given} />
      </Flex>
    </Card>
  )
}
