/** One lucky draw: what it promises, how it goes, who won, and the proof after its end. */
import { api, client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Card, Flex, Popconfirm, Skeleton, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { DrawForm } from './DrawForm'
import { nameOf, STATE_COLORS, type Draw } from './draws'
import { FiguresCard } from './FiguresCard'
import { ProofCard } from './ProofCard'
import { WinnersCard } from './WinnersCard'

const LOOK_EVERY_MS = 10_000

export function Component() {
  const { t, i18n } = useTranslation('play')
  const { draw: id = 'new' } = useParams()
  const found = api.useQuery(
    'get',
    '/v1/draws/{draw}',
    { params: { path: { draw: id } } },
    { enabled: id !== 'new', refetchInterval: LOOK_EVERY_MS },
  )
  const draw = found.data
  if (id === 'new')
    return (
      <>
        <PageHead title={t('draw.add')} sub={t('draw.formSub')} />
        <Card>
          <DrawForm />
        </Card>
      </>
    )
  return (
    <>
      <PageHead
        title={draw ? nameOf(draw.terms.name, i18n.language) : t('draw.one')}
        sub={draw && <Tag color={STATE_COLORS[draw.state]}>{t(`states.${draw.state}`)}</Tag>}
        extra={draw && <Moves draw={draw} onMoved={() => void found.refetch()} />}
      />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && <Skeleton active />}
      {draw && (
        <Flex vertical gap="middle">
          {draw.state !== 'draft' && <FiguresCard draw={draw} />}
          {draw.state !== 'draft' && <WinnersCard draw={draw} />}
          <Card title={t('draw.terms')}>
            {draw.state !== 'draft' && (
              <Typography.Paragraph type="secondary">{t('draw.fixed')}</Typography.Paragraph>
            )}
            <DrawForm key={draw.revision} draw={draw} onSaved={() => void found.refetch()} />
          </Card>
          <ProofCard draw={draw} />
        </Flex>
      )}
    </>
  )
}

const MOVES: Record<string, ('active' | 'paused' | 'ended')[]> = {
  draft: ['active'],
  active: ['paused', 'ended'],
  paused: ['active', 'ended'],
  ended: [],
}

function Moves({ draw, onMoved }: { draw: Draw; onMoved: () => void }) {
  const { t } = useTranslation('play')
  const { message } = App.useApp()
  const may = useMay()
  const move = useMutation({
    mutationFn: (state: 'active' | 'paused' | 'ended') =>
      told(
        client.POST('/v1/draws/{draw}/state', {
          params: { path: { draw: draw.draw }, header: { 'if-match': `"${draw.revision}"` } },
          body: { state },
        }),
      ),
    onSuccess: (moved) => void message.success(t(`moved.${moved.state}`)),
    onSettled: onMoved,
  })
  if (!may('offers:write')) return null
  return (
    <Flex gap="small" align="center" wrap>
      <ProblemAlert problem={move.error} />
      {(MOVES[draw.state] ?? []).map((state) => (
        <Popconfirm
          key={state}
          title={t(`sure.${state}`)}
          okText={t(`move.${state}`)}
          cancelText={t('shared:cancel')}
          onConfirm={() => move.mutate(state)}
        >
          <Button type={state === 'active' ? 'primary' : 'default'} loading={move.isPending}>
            {t(`move.${state}`)}
          </Button>
        </Popconfirm>
      ))}
    </Flex>
  )
}
