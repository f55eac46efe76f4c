/** One sale: its terms, and how it runs while it does. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Card, Flex, Progress, Skeleton, Statistic, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useWords, type Sale } from './money'
import { SaleForm } from './SaleForm'
import { PHASE_COLORS } from './SalesPage'

const LIVE_MS = 2000

export function Component() {
  const { t } = useTranslation('mall')
  const { sale = 'new' } = useParams()
  if (sale === 'new')
    return (
      <>
        <PageHead title={t('sale.add')} />
        <Card>
          <SaleForm />
        </Card>
      </>
    )
  return <Existing key={sale} sale={sale} />
}

function Existing({ sale }: { sale: string }) {
  const { t } = useTranslation('mall')
  const words = useWords()
  const live = api.useQuery(
    'get',
    '/v1/sales/{sale}/live',
    { params: { path: { sale } } },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.sale.phase === 'over' ? false : LIVE_MS),
    },
  )
  const found = live.data?.sale
  return (
    <>
      <PageHead
        title={found ? words(found.name) : '…'}
        sub={found && <Link to={`/mall/rewards/${found.reward}`}>{found.reward_name}</Link>}
        extra={
          found && <Tag color={PHASE_COLORS[found.phase]}>{t(`sale.phase.${found.phase}`)}</Tag>
        }
      />
      <ProblemAlert problem={live.error} onRetry={() => void live.refetch()} />
      {!found && !live.error && <Skeleton active />}
      {found && (
        <Flex vertical gap="middle">
          <Live sale={found} seconds={live.data?.seconds ?? []} />
          <Card>
            <SaleForm key={found.revision} sale={found} onSaved={() => void live.refetch()} />
          </Card>
        </Flex>
      )}
    </>
  )
}

function Live({ sale, seconds }: { sale: Sale; seconds: { at: string; pieces: number }[] }) {
  const { t } = useTranslation('mall')
  const formats = useFormats()
  const fastest = seconds.reduce((most, one) => Math.max(most, one.pieces), 0)
  const last = seconds.at(-1)
  return (
    <Card title={t('sale.live')}>
      <Flex gap="large" wrap align="center">
        <Statistic title={t('left')} value={sale.left} suffix={`/ ${sale.pieces}`} />
        <Statistic title={t('sale.fastest')} value={fastest} />
        <div style={{ flex: '1 1 200px' }}>
          <Progress
            percent={Math.round((100 * (sale.pieces - sale.left)) / sale.pieces)}
            aria-label={t('sale.gone')}
          />
          <Typography.Text type="secondary">
            {last
              ? t('sale.last', { at: formats.moment(last.at), pieces: last.pieces })
              : t('sale.nobody')}
          </Typography.Text>
        </div>
        <Link to={`/mall/redemptions?column=all&sale=${sale.sale}`}>{t('sale.buyers')}</Link>
      </Flex>
    </Card>
  )
}
