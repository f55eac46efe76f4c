/** Where the member stands, what is missing to the next tier and to keep this one, and how it was. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Progress, Skeleton, Timeline, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNames } from '../program'
import { ProblemAlert } from '../../shell/ProblemAlert'

type Standing = Schemas['StandingAnswer']
type Way = Schemas['WayAnswer']

const SHOWN = 8

export function TierCard({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const { data, error, isPending, refetch } = api.useQuery('get', '/v1/members/{ref}/tier', {
    params: { path: { ref: member } },
  })
  if (data && !data.tier) return null
  return (
    <Card size="small" title={t('tier.title')}>
      {isPending && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {data && <Standing standing={data} />}
    </Card>
  )
}

function Standing({ standing }: { standing: Standing }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  const until = standing.grace_until ?? standing.until
  return (
    <Flex vertical gap="middle">
      <div>
        <Typography.Text strong>{standing.name}</Typography.Text>{' '}
        {standing.since && (
          <Typography.Text type="secondary">
            {t('tier.since', { day: formats.day(standing.since) })}
          </Typography.Text>
        )}
        {until && (
          <div>
            <Typography.Text type="secondary">
              {t(standing.grace_until ? 'tier.grace' : 'tier.until', { day: formats.day(until) })}
            </Typography.Text>
          </div>
        )}
      </div>
      <Ways title={t('tier.next')} ways={standing.to_next} />
      <Ways title={t('tier.keep')} ways={standing.to_keep} />
      {standing.history.length > 0 && <History standing={standing} />}
    </Flex>
  )
}

function Ways({ title, ways }: { title: string; ways: Way[] }) {
  const { t } = useTranslation('members')
  const formats = useFormats()
  if (!ways.length) return null
  return (
    <Flex vertical gap={4}>
      <Typography.Text type="secondary">{title}</Typography.Text>
      {ways.map((way, place) => (
        <Flex vertical gap={4} key={JSON.stringify(way)}>
          {place > 0 && <Typography.Text type="secondary">{t('tier.or')}</Typography.Text>}
          {way.needs.map((need) => {
            const amount = (value: number) =>
              need.money ? formats.money(value, need.money) : formats.count(value)
            return (
              <div key={need.metric}>
                <Flex justify="space-between" gap="small" wrap>
                  <span>
                    {way.name} · {need.says}
                  </span>
                  <span>
                    {amount(need.there)} / {amount(need.needed)}
                  </span>
                </Flex>
                <Progress
                  aria-label={`${way.name}: ${need.says}`}
                  percent={Math.min(100, Math.floor((need.there / Math.max(need.needed, 1)) * 100))}
                  size="small"
                  showInfo={false}
                />
              </div>
            )
          })}
        </Flex>
      ))}
    </Flex>
  )
}

function History({ standing }: { standing: Standing }) {
  const { t } = useTranslation('members')
  const named = useNames()
  const formats = useFormats()
  const moves = [...standing.history].reverse().slice(0, SHOWN)
  return (
    <div>
      <Typography.Text type="secondary">{t('tier.history')}</Typography.Text>
      <Timeline
        style={{ marginTop: 12 }}
        items={moves.map((move) => ({
          key: `${move.at}${move.why}`,
          content: (
            <>
              {move.old === move.new
                ? named(move.new)
                : `${move.old ? named(move.old) : '–'} → ${named(move.new)}`}{' '}
              <Typography.Text type="secondary">
                {formats.day(move.at)} · {t(`why.${move.why}`, { defaultValue: move.why })}
              </Typography.Text>
            </>
          ),
        }))}
      />
    </div>
  )
}
