/** The promise of the seed, and the check of every turn once it is told. */
import { client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Card, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import type { Draw } from './draws'

export function ProofCard({ draw }: { draw: Draw }) {
  const { t } = useTranslation('play')
  const check = useMutation({
    mutationFn: () =>
      told(client.GET('/v1/draws/{draw}/check', { params: { path: { draw: draw.draw } } })),
  })
  const found = check.data
  return (
    <Card title={t('proof.title')}>
      <Typography.Paragraph>{t(draw.seed ? 'proof.told' : 'proof.promised')}</Typography.Paragraph>
      <Typography.Paragraph>
        {t('proof.commitment')}{' '}
        <Typography.Text code copyable>
          {draw.commitment}
        </Typography.Text>
      </Typography.Paragraph>
      {draw.seed && (
        <>
          <Typography.Paragraph>
            {t('proof.seed')}{' '}
            <Typography.Text code copyable>
              {draw.seed}
            </Typography.Text>
          </Typography.Paragraph>
          <Button loading={check.isPending} onClick={() => check.mutate()}>
            {t('proof.check')}
          </Button>
        </>
      )}
      <ProblemAlert problem={check.error} />
      {found && (
        <Alert
          style={{ marginTop: 12 }}
          showIcon
          type={found.count ? 'error' : 'success'}
          title={
            found.count
              ? t('proof.bad', { count: found.count })
              : t('proof.good', { count: found.turns })
          }
          description={found.faults.join(' ')}
        />
      )}
    </Card>
  )
}
